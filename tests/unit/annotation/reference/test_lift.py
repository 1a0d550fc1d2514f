"""Regions carried to another assembly."""

from pathlib import Path

import pytest

from gas.annotation.reference.building.lift import Chains
from gas.domain.errors import PermanentError

# Old 10-30 is new 100-120, old 35-45 is new 125-135; old 60-70 is on the minus strand of new1,
# which has 500 bases: its base 60 is 500 - 200 - 1.
_CHAINS = """\
#a comment
chain 100 old1 1000 + 10 45 new1 500 + 100 135 1
20 5 5
10

chain 90 old1 1000 + 60 70 new1 500 - 200 210 2
10
"""


@pytest.fixture
def chains(tmp_path: Path) -> Chains:
    (tmp_path / "chains").write_text(_CHAINS, encoding="ascii")
    return Chains(tmp_path / "chains")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("old1", 10, 30), ("new1", 100, 120)),
        (("old1", 29, 30), ("new1", 119, 120)),
        (("old1", 35, 36), ("new1", 125, 126)),
        (("old1", 60, 61), ("new1", 299, 300)),
        (("old1", 60, 70), ("new1", 290, 300)),
        (("old1", 9, 11), None),
        (("old1", 29, 31), None),
        (("old1", 30, 35), None),
        (("old1", 28, 36), None),
        (("old1", 70, 71), None),
        (("old2", 10, 11), None),
    ],
)
def test_a_region_goes_where_its_bases_went(
    chains: Chains, old: tuple[str, int, int], new: tuple[str, int, int] | None
) -> None:
    assert chains.lift(*old) == new


@pytest.mark.parametrize("text", ["10 x 3\n", "chain 1 old\n", "1 2 3\nchain 1 a b\n"])
def test_what_is_no_chain_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "chains").write_text(text, encoding="ascii")
    with pytest.raises(PermanentError, match="no chain file"):
        Chains(tmp_path / "chains")
