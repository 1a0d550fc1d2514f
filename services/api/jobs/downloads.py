"""Where files of a job can be had: addresses at the object store, for a few minutes."""

import re

from gas.domain.errors import ErrorCode
from gas.domain.job import Job
from gas.domain.states import JobStatus
from gas.ports import ObjectStore
from services.api.context import Context
from services.api.jobs.readable import lost_file, readable_key
from services.api.problems import refusal

INPUT = "input"

_VCF_SUFFIX = re.compile(r"\.vcf(\.b?gz)?$", re.IGNORECASE)


async def download_url(job: Job, name: str, context: Context) -> str:
    """Of a result file, or of the upload, which is named ``input``.

    Raises a Problem that says why there is none: unknown, archived, lost, not yet submitted.
    """
    return await (_input_url(job, context) if name == INPUT else _result_url(job, name, context))


def saved_name(job: Job, name: str) -> str:
    """Under which name a browser saves a file of this job."""
    if name == INPUT:
        return job.input.file_name
    stem = _VCF_SUFFIX.sub("", job.input.file_name)
    return f"{stem}.{name}"


async def _input_url(job: Job, context: Context) -> str:
    if job.status is JobStatus.DRAFT:
        raise refusal(ErrorCode.UPLOAD_MISSING, "This job was not submitted yet.")
    upload = job.input
    await _require_there(context.ports.inputs, upload.key, upload.version_id)
    return await context.ports.inputs.download_url(
        upload.key,
        upload.version_id,
        file_name=saved_name(job, INPUT),
        expires=context.settings.download_url_lifetime,
    )


async def _result_url(job: Job, name: str, context: Context) -> str:
    key = readable_key(job, name)
    await _require_there(context.ports.results, key)
    return await context.ports.results.download_url(
        key,
        file_name=saved_name(job, name),
        expires=context.settings.download_url_lifetime,
    )


async def _require_there(store: ObjectStore, key: str, version_id: str | None = None) -> None:
    """Whoever follows the redirection to a missing object would get the store's XML to read."""
    if await store.head(key, version_id) is None:
        raise lost_file()
