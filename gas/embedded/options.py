"""What can be chosen about an embedded stack."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

SERVICES = ("api", "annotator", "archiver", "restorer", "thawer", "notifier", "reconciler")

DEFAULT_PORTS_FROM = 8400


def _say_nothing(_: str) -> None:
    """For tests, which look for themselves."""


@dataclass(frozen=True)
class StackOptions:
    """How to run a stack.

    ``ports_from`` is the first of four ports in a row: api, AWS emulator, PostgreSQL, issuer;
    0 takes any four that are free. ``services`` are those to run besides the infrastructure.
    ``grace`` is how long they may take to stop. ``environment`` is added to that of the
    services. ``announce`` is told, a line at a time, what happens; ``verbose`` adds all logs.
    """

    ports_from: int = DEFAULT_PORTS_FROM
    state: Path = Path(".gas")
    free_retention: timedelta = timedelta(minutes=5)
    services: Sequence[str] = SERVICES
    environment: Mapping[str, str] = field(default_factory=dict)
    grace: timedelta = timedelta(seconds=10)
    announce: Callable[[str], None] = _say_nothing
    verbose: bool = False
