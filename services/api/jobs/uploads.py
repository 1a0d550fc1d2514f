"""How a draft gets its file: by one form, or in parts, which may break off and go on later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from gas.domain.errors import ErrorCode
from gas.domain.job import Job
from gas.domain.plan import Account, upload_limit
from gas.domain.states import JobStatus
from gas.ports import MultipartUploads, ObjectInfo, ObjectStore, Part, UploadForm
from gas.runtime.records import Clock
from services.api.jobs.desk import JobDesk
from services.api.problems import ApiCode, Problem, refusal
from services.api.settings import ApiSettings


@dataclass(frozen=True)
class Layout:
    """How a file of ``size`` bytes is cut: into parts of ``part_bytes``, the last one smaller."""

    size: int
    part_bytes: int

    @property
    def count(self) -> int:
        return -(-self.size // self.part_bytes)

    def size_of(self, number: int) -> int:
        """Of one part, numbered from 1."""
        return min(self.part_bytes, self.size - (number - 1) * self.part_bytes)

    def fitting(self, parts: Sequence[Part]) -> list[Part]:
        """Those of this very layout: an earlier one may have had parts of another size."""
        return [
            part
            for part in parts
            if part.number <= self.count and part.size == self.size_of(part.number)
        ]


@dataclass(frozen=True)
class Upload:
    """What a browser has to do: nothing when ``done``, else send the form or the other parts.

    What is not submitted is deleted at ``kept_until``.
    """

    kept_until: datetime
    done: bool = False
    form: UploadForm | None = None
    layout: Layout | None = None
    there: Sequence[int] = ()


@dataclass(frozen=True)
class PartAddress:
    """Where to PUT one part, of exactly ``size`` bytes."""

    number: int
    size: int
    url: str


class Uploads:
    """Every call is about a draft of this account, and holds its file to the plan's limit."""

    def __init__(
        self,
        desk: JobDesk,
        inputs: ObjectStore,
        uploads: MultipartUploads,
        settings: ApiSettings,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._inputs = inputs
        self._uploads = uploads
        self._settings = settings
        self._clock = clock

    @property
    def expires_at(self) -> datetime:
        """Until when forms and addresses work that are made now."""
        return self._clock() + self._settings.upload_form_lifetime

    async def begin(self, account: Account, job_id: str, size: int) -> Upload:
        """Begin the upload of a file, or go on with it."""
        job = await self._draft(account, job_id)
        layout = await self._layout(job, size, account)
        key = job.input.key
        kept_until = job.created_at + self._settings.timings.draft_lifetime
        unfinished = await self._uploads.find(key)
        if unfinished is None and await self._is_there(key, size):
            return Upload(kept_until, done=True)
        if layout.count <= 1:
            return Upload(kept_until, form=await self.form(account, job))
        if unfinished is None:
            # Two who begin at once go on with the same one: the store says which.
            begun = await self._uploads.begin(key)
            unfinished = await self._uploads.find(key) or begun
        there = layout.fitting(await self._parts(key, unfinished))
        return Upload(kept_until, layout=layout, there=[part.number for part in there])

    async def form(self, account: Account, job: Job, redirect: str | None = None) -> UploadForm:
        """For a file in one piece; S3 holds it to the limit of the plan."""
        return await self._inputs.upload_form(
            job.input.key,
            max_bytes=upload_limit(account.plan),
            expires=self._settings.upload_form_lifetime,
            redirect=redirect,
        )

    async def addresses(
        self, account: Account, job_id: str, size: int, numbers: Sequence[int]
    ) -> list[PartAddress]:
        job = await self._draft(account, job_id)
        layout = await self._layout(job, size, account)
        upload_id = await self._uploads.find(job.input.key)
        if upload_id is None:
            raise _no_such_upload()
        if any(number > layout.count for number in numbers):
            sentence = f"This file has {layout.count} parts."
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, ApiCode.INVALID_REQUEST, sentence)
        return [
            PartAddress(
                number,
                layout.size_of(number),
                await self._uploads.part_url(
                    job.input.key,
                    upload_id,
                    number,
                    size=layout.size_of(number),
                    expires=self._settings.upload_form_lifetime,
                ),
            )
            for number in numbers
        ]

    async def complete(self, account: Account, job_id: str, size: int) -> ObjectInfo:
        """Make the file of its parts. To do it again changes nothing."""
        job = await self._draft(account, job_id)
        layout = await self._layout(job, size, account)
        key = job.input.key
        upload_id = await self._uploads.find(key)
        if upload_id is None:
            there = await self._inputs.head(key)
            if there is None or there.size != size:
                raise _no_such_upload()
            return there
        parts = layout.fitting(await self._parts(key, upload_id))
        missing = layout.count - len(parts)
        if missing:
            sentence = f"{missing} of {layout.count} parts of the file are not uploaded yet."
            raise refusal(ErrorCode.UPLOAD_MISSING, sentence)
        try:
            info = await self._uploads.complete(key, upload_id, parts)
        except FileNotFoundError as error:
            raise _no_such_upload() from error
        await self._uploads.abort_all(key)  # whoever began at the same moment has left one
        return info

    async def abort(self, account: Account, job_id: str) -> None:
        """Give up an unfinished upload; a finished one stays with its draft."""
        job = await self._draft(account, job_id)
        await self._uploads.abort_all(job.input.key)

    async def _draft(self, account: Account, job_id: str) -> Job:
        job = await self._desk.find(account.user_id, job_id)
        if job.status is not JobStatus.DRAFT:
            sentence = "This job is submitted: its file cannot be changed any more."
            raise refusal(ErrorCode.CONFLICTING_STATE, sentence)
        return job

    async def _layout(self, job: Job, size: int, account: Account) -> Layout:
        """Raises a refusal for more than the plan allows; what is uploaded of it is given up."""
        limit = upload_limit(account.plan)
        if size > limit:
            await self._uploads.abort_all(job.input.key)
            sentence = f"The {account.plan} plan allows uploads up to {limit:,} bytes."
            raise refusal(ErrorCode.UPLOAD_TOO_LARGE, sentence)
        return Layout(size, self._settings.upload_part_bytes)

    async def _is_there(self, key: str, size: int) -> bool:
        info = await self._inputs.head(key)
        return info is not None and info.size == size

    async def _parts(self, key: str, upload_id: str) -> Sequence[Part]:
        try:
            return await self._uploads.parts(key, upload_id)
        except FileNotFoundError as error:
            raise _no_such_upload() from error


def _no_such_upload() -> Problem:
    sentence = "Nothing is being uploaded for this job; please begin the upload again."
    return refusal(ErrorCode.UPLOAD_MISSING, sentence)
