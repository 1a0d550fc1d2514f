"""How far things are: bars on a terminal, otherwise a line for each new stage."""

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from gas.cli.views import JobView
from gas.domain.states import JobStatus


class Display(Protocol):
    """Shows several things side by side, each by its name."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def show(self, name: str, stage: str, fraction: float | None, note: str = "") -> None:
        """``name`` is at ``stage``, ``fraction`` (0 to 1) of it done, None where unknown."""
        ...


class Bars:
    """For a terminal."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.fields[stage]}", style="cyan", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[note]}", markup=False),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def show(self, name: str, stage: str, fraction: float | None, note: str = "") -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, stage=stage, note=note)
        total = None if fraction is None else 1.0
        self._progress.update(
            self._tasks[name], stage=stage, completed=fraction or 0.0, total=total, note=note
        )


class Lines:
    """For a pipe or a file."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stages: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def show(self, name: str, stage: str, fraction: float | None, note: str = "") -> None:
        del fraction, note  # a line for every per cent would be too much
        if self._stages.get(name) != stage:
            self._stages[name] = stage
            self._console.print(f"{name}: {stage}", soft_wrap=True, highlight=False, markup=False)


def display_on(console: Console) -> Display:
    return Bars(console) if console.is_terminal else Lines(console)


def show_bytes(display: Display, name: str, stage: str, done: int, total: int) -> None:
    fraction = done / total if total else 1.0
    display.show(name, stage, fraction, f"{decimal(done)} of {decimal(total)}")


def show_job(display: Display, name: str, job: JobView) -> None:
    match job.status:
        case JobStatus.SUBMITTED:
            display.show(name, "waiting", None)
        case JobStatus.RUNNING if job.progress:
            records = f"{job.progress.records:,} records" if job.progress.records else ""
            display.show(name, job.progress.stage, job.progress.fraction, records)
        case JobStatus.RUNNING:
            display.show(name, "starting", None)
        case _:
            display.show(name, str(job.status), 1.0)
