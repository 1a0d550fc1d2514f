"""The tests that docs/emulators.md names are there."""

import re
from pathlib import Path

_PROJECT = Path(__file__).parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_every_test_it_names_is_there() -> None:
    text = (_PROJECT / "docs" / "emulators.md").read_text(encoding="utf-8")
    named = _NAMED.findall(text)
    assert named
    for file, name in named:
        source = (_PROJECT / file).read_text(encoding="utf-8")
        assert f"def {name}(" in source or not name, f"{file}::{name}"
