"""``gas jobs``, ``show``, ``cancel``, ``rerun``, ``delete``, ``download`` and ``plan``."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from rich.filesize import decimal

from gas.cli.client import GasClient
from gas.cli.display import Display, display_on, show_bytes
from gas.cli.errors import OK, ClientError, JobFailedError, UsageError
from gas.cli.output import JOB_HEADER, Output, job_document, job_lines, job_row
from gas.cli.transfer import Progress
from gas.cli.views import FileView, JobView
from gas.domain.errors import ErrorCode
from gas.domain.plan import Plan
from gas.domain.states import JobStatus


async def list_jobs(client: GasClient, output: Output) -> int:
    jobs = [job async for job in client.jobs()]
    output.document([job_document(job) for job in jobs])
    output.table(JOB_HEADER, [job_row(job) for job in jobs])
    if not jobs and output.console.is_terminal:
        output.line("No jobs yet. Submit one: gas submit FILE")
    return OK


async def show(client: GasClient, job_id: str, output: Output) -> int:
    job = await client.show(job_id)
    output.document(job_document(job))
    for line in job_lines(job):
        output.line(line)
    return OK


async def cancel(client: GasClient, job_ids: Sequence[str], output: Output) -> int:
    async def one(job_id: str) -> dict[str, object]:
        job = await client.cancel(job_id)
        output.line(f"{job.id}\t{job.state}")
        return job_document(job)

    return await _each(one, job_ids, output)


async def rerun(client: GasClient, job_ids: Sequence[str], output: Output) -> int:
    async def one(job_id: str) -> dict[str, object]:
        job = await client.rerun(job_id)
        output.line(f"{job.id}\t{job.state}\t{job.file_name}")
        return job_document(job)

    return await _each(one, job_ids, output)


async def delete(client: GasClient, job_ids: Sequence[str], output: Output) -> int:
    async def one(job_id: str) -> dict[str, object]:
        await client.delete(job_id)
        output.line(f"{job_id}\tdeleted")
        return {"id": job_id, "deleted": True}

    return await _each(one, job_ids, output)


async def _each(
    one: Callable[[str], Awaitable[dict[str, object]]], job_ids: Sequence[str], output: Output
) -> int:
    """Do ``one`` to every job; an error does not keep the others back."""
    done, code = [], OK
    for job_id in job_ids:
        try:
            done.append(await one(job_id))
        except ClientError as error:
            output.error(f"{job_id}: {error}")
            code = max(code, error.exit_code)
    output.document(done)
    return code


async def download(client: GasClient, job_id: str, directory: Path | None, output: Output) -> int:
    """Fetch the result files that can be read; it is an error when others are archived or lost."""
    job = await client.show(job_id)
    _require_result(job)
    target = directory or Path(job.id)
    saved = []
    with display_on(output.console) as display:
        for file in job.files:
            if file.note:
                continue
            path = await client.download(job.id, file, target, _counter(display, file))
            display.show(file.name, "verified", 1.0)
            saved.append({"name": file.name, "path": str(path), "sha256": file.sha256})
    output.document(saved)
    for entry in saved:
        output.line(f"{entry['sha256']}  {entry['path']}")
    _require_all(job)
    return OK


def _require_all(job: JobView) -> None:
    lost = [file.name for file in job.files if file.lost]
    if lost:
        raise JobFailedError(
            f"Lost, and not to be brought back: {', '.join(lost)}. Submit the file again.",
            ErrorCode.FILE_LOST,
        )
    away = [file.name for file in job.files if file.archived]
    if away:
        raise UsageError(
            f"In the archive: {', '.join(away)}. Premium brings them back: gas plan premium",
            ErrorCode.FILE_ARCHIVED,
        )


def _counter(display: Display, file: FileView) -> Progress:
    return lambda done: show_bytes(display, file.name, "downloading", done, file.size)


def _require_result(job: JobView) -> None:
    if job.failure:
        raise JobFailedError(f"The job failed: {job.failure.message}", job.failure.code)
    if job.status is not JobStatus.COMPLETED:
        raise UsageError(f"The job has no result: it is {job.state}.")


async def plan(client: GasClient, wanted: Plan | None, output: Output) -> int:
    current = await (client.change_plan(wanted) if wanted else client.plan())
    output.document(current.model_dump(mode="json"))
    until = f"\tuntil {current.ends_at:%Y-%m-%d %H:%M} UTC" if current.ends_at else ""
    output.line(f"{current.plan}\tuploads up to {decimal(current.max_upload_bytes)}{until}")
    return OK
