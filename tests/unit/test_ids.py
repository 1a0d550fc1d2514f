"""Ids carry the time at which they were made."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from gas.messages import new_id, time_of_id


def test_an_id_tells_when_it_was_made() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    made = time_of_id(new_id())
    assert made is not None
    assert before <= made <= datetime.now(UTC)


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "nonsense",
        "d4a2e124-e6c0-4386-a952-66dd14085a3d",  # a UUIDv4
        str(uuid.UUID(int=0)),
        "ffffffff-ffff-7fff-bfff-ffffffffffff",
    ],
)
def test_what_is_no_id_of_ours_tells_nothing(identifier: str) -> None:
    """The last one is of a year that no calendar here knows."""
    assert time_of_id(identifier) is None
