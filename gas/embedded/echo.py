"""Showing the logs of all processes as they grow."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

_INTERVAL = timedelta(seconds=0.3)


async def echo_logs(folder: Path, announce: Callable[[str], None]) -> None:
    """Announce every line that is written to ``folder``'s logs from now on, until cancelled."""
    read_to = {log: log.stat().st_size for log in _logs(folder)}
    while True:
        await asyncio.sleep(_INTERVAL.total_seconds())
        for log in _logs(folder):
            text, read_to[log] = _new_lines(log, read_to.get(log, 0))
            for line in text.splitlines():
                announce(f"{log.stem:<10} | {line}")


def _logs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.log"))


def _new_lines(log: Path, start: int) -> tuple[str, int]:
    """Whole lines after ``start``, and where they end."""
    with log.open("rb") as file:
        file.seek(start)
        whole, newline, _ = file.read().rpartition(b"\n")
    return whole.decode("utf-8", errors="replace"), start + len(whole) + len(newline)
