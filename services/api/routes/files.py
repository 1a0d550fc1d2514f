"""The files of a job: listed, downloaded from S3 itself, and the log as text."""

import tempfile
from http import HTTPStatus
from pathlib import Path

import anyio
from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, RedirectResponse

from gas.annotation import LOG
from gas.domain.states import JobStatus
from services.api.dependencies import ContextOf, CurrentAccount
from services.api.jobs.downloads import download_url
from services.api.jobs.readable import lost_file, readable_key
from services.api.views.jobs import FilesView, FileView

router = APIRouter(prefix="/jobs/{job_id}", tags=["files"])

_NOT_STORED = {"Cache-Control": "no-store"}
_LOG_BYTES = 1024 * 1024


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
    url = await download_url(job, name, context)
    return RedirectResponse(url, HTTPStatus.TEMPORARY_REDIRECT, _NOT_STORED)


@router.get("/log", response_class=PlainTextResponse)
async def show_log(job_id: str, account: CurrentAccount, context: ContextOf) -> PlainTextResponse:
    """What the annotation had to say; of a very long log the end.

    While it runs, and when it failed, that is what it has told so far.
    """
    job = await context.desk.find(account.user_id, job_id)
    if job.status is JobStatus.RUNNING or (job.progress and job.progress.log):
        lines = job.progress.log if job.progress else ()
        return PlainTextResponse("".join(f"{line}\n" for line in lines), headers=_NOT_STORED)
    key = readable_key(job, LOG)
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory) / LOG
        try:
            await context.ports.results.download(key, target)
        except FileNotFoundError as error:
            raise lost_file() from error
        text = await anyio.to_thread.run_sync(_end_of, target)
    return PlainTextResponse(text, headers=_NOT_STORED)


def _end_of(path: Path) -> str:
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - _LOG_BYTES))
        return log.read().decode(errors="replace")
