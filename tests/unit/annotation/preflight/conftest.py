"""Preflights in this very process, or by the door; and inputs for them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gas.annotation import Limits, load_bundle
from gas.annotation.preflight import PreflightReport
from gas.annotation.preflight.inspection import inspect

Inspect = Callable[[bytes], PreflightReport]


@pytest.fixture
def inspect_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inspect:
    """Looks at the bytes of an input as the child does, against rCRS."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)

    def run(content: bytes) -> PreflightReport:
        source = tmp_path / "input"
        source.write_bytes(content)
        return inspect(source, [load_bundle("rCRS").directory], None, Limits(), 60)

    return run
