"""What commands print: text for people, JSON for machines."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from gas.cli.views import JobView


class Output:
    """Where a command writes. With ``as_json``, stdout carries one JSON document and no more."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.console = Console(stderr=as_json, soft_wrap=True, highlight=False, markup=False)

    def line(self, text: str) -> None:
        """A line for people."""
        if not self.as_json:
            sys.stdout.write(text + "\n")

    def error(self, text: str) -> None:
        sys.stderr.write(f"error: {text}\n")

    def document(self, content: Any) -> None:
        """The JSON document."""
        if self.as_json:
            sys.stdout.write(json.dumps(content, indent=2) + "\n")

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Aligned on a terminal; otherwise with tabs, and without header, to be cut and sorted."""
        if self.as_json:
            return
        if not self.console.is_terminal:
            for row in rows:
                self.line("\t".join(row))
            return
        table = Table(*header, box=None, pad_edge=False)
        for row in rows:
            table.add_row(*row)
        self.console.print(table)


def job_document(job: JobView) -> dict[str, Any]:
    """A job as the server gave it."""
    return job.model_dump(mode="json")


def job_row(job: JobView) -> tuple[str, str, str, str, str]:
    return (job.id, job.state, job.file_name, _size(job.size), _moment(job.created_at))


JOB_HEADER = ("JOB", "STATE", "FILE", "SIZE", "CREATED")


def job_lines(job: JobView) -> Iterable[str]:
    """All there is to know of a job."""
    facts = {
        "job": job.id,
        "name": job.name,
        "file": f"{job.file_name} ({_size(job.size)})",
        "genome": job.genome,
        "again": f"runs the file of {job.rerun_of} again" if job.rerun_of else None,
        "state": job.state,
        "progress": _progress(job),
        "failure": f"{job.failure.message} ({job.failure.code})" if job.failure else None,
        "retrieval": job.retrieval_tier,
        "created": _moment(job.created_at),
        "submitted": _moment(job.submitted_at),
        "started": _moment(job.started_at),
        "completed": _moment(job.completed_at),
        "archive due": _moment(job.archive_due_at),
        "archived": _moment(job.archived_at),
        "restored": _moment(job.restored_at),
    }
    for name, value in facts.items():
        if value and value != "-":
            yield f"{name:12} {value}"
    for file in job.files:
        note = f"  {file.note}" if file.note else ""
        yield f"{'result':12} {file.name}  {_size(file.size)}  sha256:{file.sha256}{note}"


def _progress(job: JobView) -> str | None:
    if job.progress is None or job.ended:
        return None
    return f"{job.progress.stage}, {job.progress.fraction:.0%}"


def _size(size: int | None) -> str:
    return "-" if size is None else decimal(size)


def _moment(moment: datetime | None) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else "-"
