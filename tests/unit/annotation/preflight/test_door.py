"""The parent's side: the child's deaths, its limits, and that nothing of it stays."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from gas.annotation import EngineError, Limits, engine
from gas.annotation.preflight import Verdict, preflight_file
from gas.domain.errors import ErrorCode, PermanentError
from tests.unit.annotation.conftest import MELAS, vcf_text


def play_child(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let another program take the child's part."""
    monkeypatch.setattr(engine, "CHILD_COMMAND", (sys.executable, "-P", "-c", script))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "input.vcf"
    path.write_bytes(vcf_text(MELAS))
    return path


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    path = tmp_path / "scratch"
    path.mkdir()
    return path


@pytest.mark.parametrize("genome", [None, "rCRS", "chrM"])
async def test_a_report_by_a_child_process(source: Path, scratch: Path, genome: str | None) -> None:
    report = await preflight_file(source, genome=genome, scratch_dir=scratch)
    assert (report.verdict, report.genome) == (Verdict.OK, "rCRS")
    assert list(scratch.iterdir()) == []


async def test_a_genome_that_is_not_installed(source: Path) -> None:
    with pytest.raises(PermanentError) as caught:
        await preflight_file(source, genome="hg3000")
    assert caught.value.code is ErrorCode.UNKNOWN_GENOME


async def test_an_input_that_kills_its_reader_twice_is_poison(
    monkeypatch: pytest.MonkeyPatch, source: Path, scratch: Path, tmp_path: Path
) -> None:
    deaths = tmp_path / "deaths"
    play_child(
        monkeypatch,
        "import os, signal\n"
        f"open({str(deaths)!r}, 'a').write('+')\n"
        "os.kill(os.getpid(), signal.SIGSEGV)",
    )
    report = await preflight_file(source, scratch_dir=scratch)
    assert report.verdict is Verdict.REFUSED
    assert report.refusal
    assert report.refusal.code is ErrorCode.POISON_INPUT
    assert report.coverage.bytes_total == source.stat().st_size
    assert deaths.read_text() == "++"
    assert list(scratch.iterdir()) == []


async def test_a_report_that_makes_no_sense_is_our_fault(
    monkeypatch: pytest.MonkeyPatch, source: Path
) -> None:
    play_child(monkeypatch, 'print(\'{"event": "done", "report": {"verdict": "splendid"}}\')')
    with pytest.raises(EngineError, match="no report"):
        await preflight_file(source)


async def test_more_than_the_limits_allow_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch, source: Path, scratch: Path
) -> None:
    play_child(monkeypatch, "import time; time.sleep(60)")
    limits = Limits(wall=timedelta(seconds=0.3))
    with pytest.raises(PermanentError) as caught:
        await preflight_file(source, limits=limits, scratch_dir=scratch)
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED
    assert list(scratch.iterdir()) == []
