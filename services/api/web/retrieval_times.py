"""How long the archive takes to give a result back, at each tier.

AWS, S3 User Guide, "Archive retrieval options", of S3 Glacier Flexible Retrieval.
"""

from collections.abc import Mapping
from datetime import timedelta

TYPICAL_RETRIEVAL: Mapping[str, tuple[timedelta, timedelta]] = {
    "Expedited": (timedelta(minutes=1), timedelta(minutes=5)),
    "Standard": (timedelta(hours=3), timedelta(hours=5)),
}

_IN_WORDS = {"Expedited": "1 to 5 minutes", "Standard": "3 to 5 hours"}


def retrieval_takes(tier: str | None) -> str:
    """The same in words; empty where it is not known."""
    return _IN_WORDS.get(tier or "", "")
