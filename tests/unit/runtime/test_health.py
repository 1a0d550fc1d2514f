"""The health file: fresh while a loop turns."""

import os
import time
from pathlib import Path

import pytest

from gas.runtime.health import FRESH, is_fresh, main


def test_file_is_fresh_for_a_while(tmp_path: Path) -> None:
    file = tmp_path / "health"
    assert not is_fresh(file)
    file.touch()
    assert is_fresh(file)
    past = time.time() - FRESH.total_seconds() - 1
    os.utime(file, (past, past))
    assert not is_fresh(file)


def test_command_says_which_file_is_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh, missing = tmp_path / "fresh", tmp_path / "missing"
    fresh.touch()
    assert main([str(fresh)]) == 0
    assert capsys.readouterr().out == ""
    assert main([str(fresh), str(missing)]) == 1
    assert str(missing) in capsys.readouterr().out
    assert main([]) == 2
