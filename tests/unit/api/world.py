"""The api over a real PostgreSQL and stores in memory, and users before it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from gas.adapters.memory import MemoryPorts
from gas.domain import transitions
from gas.domain.change import Change
from gas.domain.job import Job, ResultFile
from gas.domain.plan import Account
from services.api.context import Context
from services.api.dependencies import session_cookie
from services.api.store.accounts import Identity

ORIGIN = "https://gas.test"
FROM_OUR_PAGES = {"Origin": ORIGIN}
VCF = b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


@dataclass
class Clock:
    """Stands still until told to go on. It starts at a round second, as JSON keeps it."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@dataclass(frozen=True)
class World:
    """An api, its stores, and its clock."""

    app: FastAPI
    ports: MemoryPorts
    clock: Clock

    @property
    def context(self) -> Context:
        context: Context = self.app.state.context
        return context

    @asynccontextmanager
    async def browser(
        self, headers: Mapping[str, str] = FROM_OUR_PAGES
    ) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody who is not signed in, on our own pages."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, headers=headers
        ) as client:
            yield client

    @asynccontextmanager
    async def user(self, name: str) -> AsyncIterator["User"]:
        """Somebody who is signed in, with a session."""
        identity = Identity("https://issuer.test", name, f"{name}@example.org", name.title())
        account = await self.context.accounts.sign_in(identity, "test")
        await self.context.projector.project(account.user_id, "test")
        session_id = await self.context.sessions.start(account.user_id, replaces=None)
        async with self.browser() as client:
            client.cookies.set(session_cookie(self.context.settings), session_id)
            yield User(self, account, client)


@dataclass(frozen=True)
class User:
    """A user at a browser; ``http`` speaks relative to the site."""

    world: World
    account: Account
    http: httpx.AsyncClient

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A call of the REST interface."""
        return await self.http.request(method, f"/api/v1{path}", **options)

    async def draft(self, **body: Any) -> dict[str, Any]:
        response = await self.call("POST", "/jobs", json={"file_name": "ada.vcf", **body})
        assert response.status_code == 201, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def uploaded(self, content: bytes = VCF) -> str:
        """The id of a draft whose file is uploaded."""
        draft = await self.draft()
        assert self.world.ports.inputs.post(draft["upload"]["fields"], content) == 204
        job_id: str = draft["job"]["id"]
        return job_id

    async def submitted(self) -> str:
        job_id = await self.uploaded()
        response = await self.call("POST", f"/jobs/{job_id}/submit")
        assert response.status_code == 202, response.text
        return job_id

    async def completed(self) -> str:
        """The id of a job with an annotated file, which goes to the archive, and a log."""
        job_id = await self.submitted()
        job = await self.change(job_id, lambda j: transitions.claim(j, timedelta(0), self.now))
        files = (
            await self._result(job, "annotated.vcf.gz", goes_to_archive=True),
            await self._result(job, "annotation.log", goes_to_archive=False),
        )
        await self.change(
            job_id, lambda j: transitions.complete(j, files, timedelta(minutes=5), self.now)
        )
        return job_id

    async def archived(self) -> str:
        job_id = await self.completed()
        await self.change(job_id, lambda j: transitions.begin_archive(j, timedelta(0), self.now))
        await self.change(
            job_id, lambda j: transitions.archive(j, {"annotated.vcf.gz": "archive-1"}, self.now)
        )
        return job_id

    @property
    def now(self) -> datetime:
        return self.world.clock()

    async def job(self, job_id: str) -> Job:
        job = await self.world.ports.jobs.get(self.account.user_id, job_id)
        assert job is not None
        return job

    async def change(self, job_id: str, step: Any) -> Job:
        """Do what a worker would."""
        change: Change = step(await self.job(job_id))
        await self.world.ports.jobs.commit(change)
        return change.after

    async def _result(self, job: Job, name: str, *, goes_to_archive: bool) -> ResultFile:
        key = job.object_key(name)
        content = f"the {name}\n".encode()
        self.world.ports.results._bucket.put(key, content, content_type="text/plain")
        size, sha256 = await self.world.ports.results.sha256(key)
        return ResultFile(
            name=name, size=size, sha256=sha256, key=key, goes_to_archive=goes_to_archive
        )
