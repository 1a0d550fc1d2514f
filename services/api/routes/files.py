"""The files of a job: listed, downloaded from S3 itself, and the log as text."""

import re
import tempfile
from http import HTTPStatus
from pathlib import Path

import anyio
from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, RedirectResponse

from gas.annotation import LOG
from gas.domain.errors import ErrorCode
from gas.domain.job import Job, ResultFile
from gas.domain.states import JobStatus, Storage
from gas.ports import ObjectStore
from services.api.context import Context
from services.api.dependencies import ContextOf, CurrentAccount
from services.api.problems import Problem, refusal
from services.api.views import FilesView, FileView, is_archived

router = APIRouter(prefix="/jobs/{job_id}", tags=["files"])

INPUT = "input"

_NOT_STORED = {"Cache-Control": "no-store"}
_LOG_BYTES = 1024 * 1024
_VCF_SUFFIX = re.compile(r"\.vcf(\.b?gz)?$", re.IGNORECASE)

_WHY_ARCHIVED = {
    Storage.ARCHIVING: "This file is being archived. The Premium plan brings it back.",
    Storage.ARCHIVED: "This file is in the archive. The Premium plan brings it back.",
    Storage.RESTORING: "This file is being brought back from the archive. Please wait.",
}


@router.get("/files")
async def list_files(job_id: str, account: CurrentAccount, context: ContextOf) -> FilesView:
    """The files of a result. The upload itself can be downloaded as ``input`` too."""
    job = await context.desk.find(account.user_id, job_id)
    return FilesView(files=[FileView.of(file, job.storage) for file in job.files])


@router.get(
    "/files/{name}",
    status_code=HTTPStatus.TEMPORARY_REDIRECT,
    response_class=RedirectResponse,
)
async def download_file(
    job_id: str, name: str, account: CurrentAccount, context: ContextOf
) -> RedirectResponse:
    """Redirects to an address at S3 that works for a few minutes."""
    job = await context.desk.find(account.user_id, job_id)
    url = await (_input_url(job, context) if name == INPUT else _result_url(job, name, context))
    return RedirectResponse(url, HTTPStatus.TEMPORARY_REDIRECT, _NOT_STORED)


@router.get("/log", response_class=PlainTextResponse)
async def show_log(job_id: str, account: CurrentAccount, context: ContextOf) -> PlainTextResponse:
    """What the annotation had to say; of a very long log the end."""
    job = await context.desk.find(account.user_id, job_id)
    key = _readable(job, LOG)
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory) / LOG
        try:
            await context.ports.results.download(key, target)
        except FileNotFoundError as error:
            raise _lost() from error
        text = await anyio.to_thread.run_sync(_end_of, target)
    return PlainTextResponse(text, headers=_NOT_STORED)


async def _input_url(job: Job, context: Context) -> str:
    if job.status is JobStatus.DRAFT:
        raise refusal(ErrorCode.UPLOAD_MISSING, "This job was not submitted yet.")
    upload = job.input
    await _require_there(context.ports.inputs, upload.key, upload.version_id)
    return await context.ports.inputs.download_url(
        upload.key,
        upload.version_id,
        file_name=upload.file_name,
        expires=context.settings.download_url_lifetime,
    )


async def _result_url(job: Job, name: str, context: Context) -> str:
    stem = _VCF_SUFFIX.sub("", job.input.file_name)
    key = _readable(job, name)
    await _require_there(context.ports.results, key)
    return await context.ports.results.download_url(
        key,
        file_name=f"{stem}.{name}",
        expires=context.settings.download_url_lifetime,
    )


async def _require_there(store: ObjectStore, key: str, version_id: str | None = None) -> None:
    """Whoever follows the redirection to a missing object would get the store's XML to read."""
    if await store.head(key, version_id) is None:
        raise _lost()


def _readable(job: Job, name: str) -> str:
    """The key of a result file that can be read now."""
    file: ResultFile | None = job.file(name)
    if file is None:
        raise _no_such_file()
    if file.lost:
        raise _lost()
    if is_archived(file, job.storage) or file.key is None:
        sentence = _WHY_ARCHIVED[job.storage or Storage.ARCHIVED]
        raise refusal(ErrorCode.FILE_ARCHIVED, sentence)
    return file.key


def _no_such_file() -> Problem:
    return refusal(ErrorCode.FILE_NOT_FOUND, "This job has no such file.")


def _lost() -> Problem:
    sentence = "This file is lost: it is no longer where it was kept. Please submit the job again."
    return refusal(ErrorCode.FILE_LOST, sentence)


def _end_of(path: Path) -> str:
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - _LOG_BYTES))
        return log.read().decode(errors="replace")
