"""What an annotation says while it runs, for those who look on."""

from collections.abc import Mapping

from gas.domain.job import Progress
from gas.runtime.records import Clock

MOST_LINES = 60
LONGEST_LINE = 200
"""The lines travel in the record of the job with every renewal of its lease, so they are few."""

_TENTHS = 10
_IN_WORDS: Mapping[str, str] = {
    "starting": "fetching the upload",
    "check": "checking",
    "sort": "sorting",
    "annotate": "annotating",
    "write": "writing",
    "uploading": "storing the result",
}


class ProgressLog:
    """Writes a line for each new stage of an annotation, and for every tenth of the way."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: tuple[str, ...] = ()
        self._reached: tuple[str, int] | None = None

    def note(self, stage: str, fraction: float, records: int = 0) -> Progress:
        """How far it is (``fraction`` of the whole, from 0 to 1), and all that was said so far."""
        reached = (stage, int(fraction * _TENTHS))
        if reached != self._reached:
            self._reached = reached
            self._add(stage, records)
        return Progress(stage=stage, fraction=fraction, records=records, log=self._lines)

    def _add(self, stage: str, records: int) -> None:
        counted = f": {records:,} records" if records else ""
        line = f"{self._clock():%H:%M:%S} UTC {_IN_WORDS.get(stage, stage)}{counted}"
        self._lines = (*self._lines, line[:LONGEST_LINE])[-MOST_LINES:]
