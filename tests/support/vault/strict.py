"""A Glacier vault as strict as the real one, before moto's lenient one.

It knows which archives there are and answers ResourceNotFoundException for others, verifies
SHA-256 and tree hashes, takes uploads in parts, lists jobs a few at a time, keeps them in progress
for as long as moto takes (2 s Expedited, 5 s Standard), gives no output before that, gives ranges
of it with their tree hashes, refuses Expedited for want of capacity when told so, and publishes
the notification of each retrieval.

Source: Amazon S3 Glacier Developer Guide, API reference (version 2012-06-01).
"""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.support.vault.contents import (
    MEBIBYTE,
    Archive,
    GlacierError,
    Job,
    Upload,
    invalid,
    is_aligned,
    not_found,
    now,
    tree_hash_of,
)
from tests.support.vault.moto import MotoVault

VERSION = "2012-06-01"
PART_SIZES = {MEBIBYTE << n for n in range(13)}
_LOOK_EVERY_S = 0.2
_JOBS_A_PAGE = 2
"""Fifty on AWS; so few that no test is content with the first page."""

Publish = Callable[[str, str], Awaitable[None]]
"""Publishes to the topic of an ARN; given the ARN and the message."""


class StrictVault:
    """The vault, with knobs and a look inside."""

    def __init__(self, moto: MotoVault, name: str, publish: Publish) -> None:
        self.moto = moto
        self.name = name
        self.arn = f"arn:aws:glacier:us-east-1:000000000000:vaults/{name}"
        self.archives: dict[str, Archive] = {}
        self.uploads: dict[str, Upload] = {}
        self.jobs: dict[str, Job] = {}
        self.has_expedited_capacity = True
        self.refusal: GlacierError | None = None
        """The answer to everything, where there is one."""
        self.requests: list[str] = []
        """What was asked for, refused or not: the operation, for retrievals with the tier."""
        self._publish = publish
        self._deleted: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def archives_of(self, prefix: str) -> list[Archive]:
        """Those whose description begins so."""
        return [a for a in self.archives.values() if a.description.startswith(prefix)]

    def forget_jobs(self) -> None:
        """As Glacier does a day after their end."""
        self.jobs.clear()

    def fail_jobs(self) -> None:
        """Those that are in progress come to nothing."""
        for job in self.jobs.values():
            if job.status == "InProgress":
                self._end(job, "Failed")

    def create_app(self) -> web.Application:
        app = web.Application(middlewares=[self._checked], client_max_size=8 * 1024**3)
        vault = "/{account}/vaults/{vault}"
        app.add_routes(
            [
                web.post(f"{vault}/archives", self._upload_archive),
                web.delete(f"{vault}/archives/{{id}}", self._delete_archive),
                web.post(f"{vault}/multipart-uploads", self._begin_upload),
                web.put(f"{vault}/multipart-uploads/{{id}}", self._put_part),
                web.post(f"{vault}/multipart-uploads/{{id}}", self._complete_upload),
                web.delete(f"{vault}/multipart-uploads/{{id}}", self._abort_upload),
                web.post(f"{vault}/jobs", self._initiate_job),
                web.get(f"{vault}/jobs", self._list_jobs),
                web.get(f"{vault}/jobs/{{id}}", self._describe_job),
                web.get(f"{vault}/jobs/{{id}}/output", self._get_job_output),
            ]
        )
        app.on_cleanup.append(self._stop)
        return app

    @web.middleware
    async def _checked(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        try:
            self._admit(request)
            self.requests.append(handler.__name__.removeprefix("_"))
            return await handler(request)
        except GlacierError as error:
            return error.answer()

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("x-amz-glacier-version") != VERSION:
            raise GlacierError(
                "MissingParameterValueException", "x-amz-glacier-version is missing."
            )
        if request.match_info.get("vault") != self.name:
            raise not_found(f"Vault not found for ARN: {self.arn}")
        if self.refusal:
            raise self.refusal

    async def _upload_archive(self, request: web.Request) -> web.Response:
        content = await _verified(request)
        return await self._make(request.headers.get("x-amz-archive-description", ""), content)

    async def _delete_archive(self, request: web.Request) -> web.Response:
        """Idempotent: an error only for what never was."""
        archive_id = request.match_info["id"]
        archive = self.archives.pop(archive_id, None)
        if archive is None and archive_id not in self._deleted:
            raise not_found(f"The archive ID was not found: {archive_id}")
        self._deleted.add(archive_id)
        if archive and not any(a.content_id == archive.content_id for a in self.archives.values()):
            await self.moto.remove(archive.content_id)
        return web.Response(status=204)

    async def _begin_upload(self, request: web.Request) -> web.Response:
        part_bytes = int(request.headers["x-amz-part-size"])
        if part_bytes not in PART_SIZES:
            raise invalid(f"Not a part size: {part_bytes}")
        upload_id = secrets.token_urlsafe(32)
        self.uploads[upload_id] = Upload(request.headers["x-amz-archive-description"], part_bytes)
        return web.Response(status=201, headers={"x-amz-multipart-upload-id": upload_id})

    async def _put_part(self, request: web.Request) -> web.Response:
        upload = self._upload(request)
        content = await _verified(request)
        first, _, last = request.headers["Content-Range"].removeprefix("bytes ")[:-2].partition("-")
        if int(first) % upload.part_bytes or int(last) - int(first) + 1 != len(content):
            raise invalid(f"The range does not fit: {request.headers['Content-Range']}")
        upload.parts[int(first)] = content
        return web.Response(status=204, headers=_tree_hash(tree_hash_of(content)))

    async def _complete_upload(self, request: web.Request) -> web.Response:
        upload = self._upload(request)
        content = upload.content()
        if int(request.headers["x-amz-archive-size"]) != len(content):
            raise invalid("The archive size does not fit.")
        if request.headers["x-amz-sha256-tree-hash"] != tree_hash_of(content):
            raise invalid("The tree hash does not fit.")
        del self.uploads[request.match_info["id"]]
        return await self._make(upload.description, content)

    async def _abort_upload(self, request: web.Request) -> web.Response:
        self._upload(request)
        del self.uploads[request.match_info["id"]]
        return web.Response(status=204)

    async def _initiate_job(self, request: web.Request) -> web.Response:
        parameters = json.loads(await request.read())
        job = Job(secrets.token_urlsafe(32), "", self.arn, parameters, None)
        if parameters["Type"] == "archive-retrieval":
            tier = parameters.get("Tier", "Standard")
            self.requests[-1] = f"initiate_job {tier}"
            job.archive = self.archives.get(parameters["ArchiveId"])
            if job.archive is None:
                raise not_found(f"The archive ID was not found: {parameters['ArchiveId']}")
            if tier == "Expedited" and not self.has_expedited_capacity:
                raise GlacierError(
                    "InsufficientCapacityException", "Insufficient capacity for Expedited."
                )
            job.moto_id = await self.moto.begin({**parameters, "ArchiveId": job.archive.content_id})
        else:
            self._turn_page(job)
            job.moto_id = await self.moto.begin({**parameters, "Tier": "Expedited"})
        self.jobs[job.job_id] = job
        task = asyncio.create_task(self._see_through(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return web.Response(status=202, headers={"x-amz-job-id": job.job_id})

    async def _list_jobs(self, request: web.Request) -> web.Response:
        start = int(request.query.get("marker", "0"))
        jobs = [job.described() for job in self.jobs.values()]
        end = start + _JOBS_A_PAGE
        marker = str(end) if end < len(jobs) else None
        return web.json_response({"JobList": jobs[start:end], "Marker": marker})

    async def _describe_job(self, request: web.Request) -> web.Response:
        return web.json_response(self._job(request).described())

    async def _get_job_output(self, request: web.Request) -> web.Response:
        job = self._job(request)
        if job.status != "Succeeded":
            raise invalid(f"The job is not currently available for download: {job.job_id}")
        if job.archive is None:
            page = [archive.in_inventory() for archive in job.page]
            return web.json_response({"VaultARN": self.arn, "ArchiveList": page})
        content = await self.moto.output(job.moto_id)
        asked = request.http_range
        start, end, _ = asked.indices(len(content))
        headers = {"x-amz-archive-description": job.archive.description}
        if is_aligned(start, end, len(content)):
            headers |= _tree_hash(tree_hash_of(content[start:end]))
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
        return web.Response(status=206, body=content[start:end], headers=headers)

    async def _make(self, description: str, content: bytes) -> web.Response:
        archive = Archive(
            archive_id=secrets.token_urlsafe(103),  # 138 characters, as Glacier's are
            content_id=await self.moto.put(content, description),
            description=description,
            size=len(content),
            tree_hash=tree_hash_of(content),
        )
        self.archives[archive.archive_id] = archive
        headers = {"x-amz-archive-id": archive.archive_id, **_tree_hash(archive.tree_hash)}
        return web.Response(status=201, headers=headers)

    def _turn_page(self, job: Job) -> None:
        """The inventory as it is now; on AWS it would be of some time in the last day."""
        asked = job.parameters.get("InventoryRetrievalParameters", {})
        start, limit = int(asked.get("Marker", "0")), int(asked["Limit"])
        archives = list(self.archives.values())
        job.page = archives[start : start + limit]
        job.next_marker = str(start + limit) if start + limit < len(archives) else None

    async def _see_through(self, job: Job) -> None:
        while not await self.moto.is_done(job.moto_id):
            await asyncio.sleep(_LOOK_EVERY_S)
        if job.status == "InProgress":
            self._end(job, "Succeeded")
        if topic := job.parameters.get("SNSTopic"):
            await self._publish(topic, json.dumps(job.described()))

    def _end(self, job: Job, status: str) -> None:
        job.status, job.completed = status, now()

    def _upload(self, request: web.Request) -> Upload:
        upload = self.uploads.get(request.match_info["id"])
        if upload is None:
            raise not_found(f"The upload ID was not found: {request.match_info['id']}")
        return upload

    def _job(self, request: web.Request) -> Job:
        job = self.jobs.get(request.match_info["id"])
        if job is None:
            raise not_found(f"The job ID was not found: {request.match_info['id']}")
        return job

    async def _stop(self, _: Any) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _verified(request: web.Request) -> bytes:
    """The body, if it is what its headers say."""
    content = await request.read()
    if not content:
        raise invalid("Invalid Content-Length: 0")
    if request.headers["x-amz-content-sha256"] != hashlib.sha256(content).hexdigest():
        raise invalid("The value passed in as x-amz-content-sha256 does not match.")
    if request.headers["x-amz-sha256-tree-hash"] != tree_hash_of(content):
        raise invalid("Checksum mismatch.")
    return content


def _tree_hash(value: str) -> dict[str, str]:
    return {"x-amz-sha256-tree-hash": value}
