"""``gas submit``: draft, upload, submit, and wait if asked to."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from gas.cli.client import GasClient
from gas.cli.display import Display, display_on, show_bytes, show_job
from gas.cli.errors import JOB_FAILED, OK, ClientError, RefusedError, UsageError
from gas.cli.output import Output, job_document
from gas.cli.views import JobView
from gas.domain.states import JobStatus

_AT_ONCE = 4


async def submit(
    client: GasClient,
    paths: Sequence[Path],
    genome: str | None,
    output: Output,
    *,
    wait: bool,
    name: str | None = None,
) -> int:
    """Submit every file, all by the same ``name``; one that fails does not keep the others back.

    Gives the highest exit code among them.
    """
    names = [str(path) for path in paths]
    slots = asyncio.Semaphore(_AT_ONCE)

    async def one(path: Path, display: Display) -> JobView | ClientError:
        try:
            async with slots:
                job = await submit_file(client, path, genome, display, label=str(path), name=name)
            if wait:
                job = await client.wait(job.id, seen=lambda j: show_job(display, str(path), j))
        except ClientError as error:
            display.show(str(path), "not submitted", None)
            return error
        return job

    with display_on(output.console) as display:
        results = await asyncio.gather(*(one(path, display) for path in paths))

    output.document([job_document(job) for job in results if isinstance(job, JobView)])
    return max(
        [_report(name, result, output) for name, result in zip(names, results, strict=True)],
        default=OK,
    )


async def submit_file(
    client: GasClient,
    path: Path,
    genome: str | None,
    display: Display,
    *,
    label: str,
    name: str | None = None,
) -> JobView:
    """Draft, upload and submit one file, shown as ``label``.

    A refused upload leaves no draft behind.
    """
    size = _size_of(path)
    draft = await client.create(path.name, genome=genome, size=size, name=name)
    try:
        await client.upload(
            draft.upload, path, lambda sent: show_bytes(display, label, "uploading", sent, size)
        )
    except RefusedError:
        await client.delete(draft.job.id)
        raise
    job = await client.submit(draft.job.id)
    display.show(label, "submitted", 1.0)
    return job


def _size_of(path: Path) -> int:
    if not path.is_file():
        raise UsageError(f"There is no file {path}.")
    return path.stat().st_size


def _report(name: str, result: JobView | ClientError, output: Output) -> int:
    if isinstance(result, ClientError):
        output.error(f"{name}: {result}")
        return result.exit_code
    output.line(f"{result.id}\t{result.state}\t{name}")
    if result.failure:
        output.error(f"{name}: {result.failure.message} ({result.failure.code})")
    lost = result.status in {JobStatus.FAILED, JobStatus.CANCELLED}
    return JOB_FAILED if lost else OK
