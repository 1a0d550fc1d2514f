"""``gas up`` as a user runs it, and the other commands against it."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gas.cli.demo_steps import DEMO_VCF

GAS = str(Path(sys.executable).with_name("gas"))
VCF = Path(__file__).parents[2] / "gas" / "annotation" / "data" / "demo" / DEMO_VCF
STARTED_WITHIN_S = 120


@dataclass(frozen=True)
class Up:
    """A ``gas up`` that runs, and what it said until it was ready."""

    process: subprocess.Popen[str]
    state: Path
    url: str
    said: list[str]


def start(state: Path) -> Up:
    process = subprocess.Popen(
        [GAS, "up", "--ports-from", "0", "--state", str(state)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said: list[str] = []
    assert process.stdout
    for line in process.stdout:
        said.append(line)
        if line.startswith("ready: "):
            return Up(process, state, line.split()[1], said)
    raise AssertionError(f"gas up ended with {process.wait()}: {''.join(said)}")


def processes_in(folder: Path) -> list[int]:
    """Every process whose working directory is in ``folder``: all those of a stack."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.resolve().is_relative_to(folder):
                found.append(int(link.parent.name))
        except (FileNotFoundError, PermissionError):
            continue  # it ended meanwhile, or is somebody else's
    return found


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    up = start(tmp_path_factory.mktemp("up"))
    yield up
    if up.process.poll() is None:
        up.process.send_signal(signal.SIGINT)
        up.process.communicate(timeout=60)


Gas = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def gas(up: Up) -> Gas:
    """Runs the command as Ben."""
    environment = os.environ | {"GAS_URL": up.url}
    token = subprocess.run(
        [sys.executable, "-m", "gas.cli.demo_user", "ben"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    environment["GAS_TOKEN"] = token.stdout.strip()

    def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [GAS, *[str(argument) for argument in arguments]],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def job(gas: Gas) -> dict[str, Any]:
    """A job that has completed."""
    result = gas("submit", "--wait", "--json", VCF)
    assert result.returncode == 0, result.stderr
    [job] = json.loads(result.stdout)
    assert isinstance(job, dict)
    return job


@pytest.mark.timeout(STARTED_WITHIN_S)
def test_up_says_where_to_look_and_how_to_sign_in(up: Up) -> None:
    said = "".join(up.said)
    assert str(up.state / "logs") in said
    assert "ada" in said
    assert (up.state / "logs" / "annotator.log").exists()


def test_submitted_job_is_annotated(job: dict[str, Any], gas: Gas) -> None:
    assert (job["status"], job["storage"], job["file_name"]) == ("COMPLETED", "AVAILABLE", VCF.name)
    assert job["id"] in gas("jobs").stdout
    assert "COMPLETED/AVAILABLE" in gas("show", job["id"]).stdout


def test_result_is_downloaded_whole(job: dict[str, Any], gas: Gas, tmp_path: Path) -> None:
    result = gas("download", job["id"], "-o", tmp_path / "result", "--json")
    assert result.returncode == 0, result.stderr
    names = {file["name"] for file in job["files"]}
    assert {path.name for path in (tmp_path / "result").iterdir()} == names
    for file in json.loads(result.stdout):
        content = Path(file["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]


def test_broken_input_fails_with_its_reason(gas: Gas, tmp_path: Path) -> None:
    broken = tmp_path / "broken.vcf"
    broken.write_text("this is no VCF\n", encoding="utf-8")
    result = gas("submit", "--wait", broken)
    assert result.returncode == 1
    assert "(not_a_vcf)" in result.stderr


def test_too_large_a_file_is_refused_and_leaves_no_draft(gas: Gas, tmp_path: Path) -> None:
    large = tmp_path / "large.vcf"
    large.write_bytes(b"#" * 151 * 1024)
    result = gas("submit", large)
    assert result.returncode == 2
    assert "(upload_too_large)" in result.stderr
    assert "large.vcf" not in gas("jobs").stdout


def test_what_cannot_be_done_is_told_with_its_code(job: dict[str, Any], gas: Gas) -> None:
    refused = gas("cancel", job["id"])
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "(conflicting_state)" in refused.stderr
    unknown = gas("show", "01a20225-0000-7000-8000-000000000000", "--json")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "(job_not_found)" in unknown.stderr


def test_plan_is_changed(gas: Gas) -> None:
    assert gas("plan").stdout.startswith("free")
    assert json.loads(gas("plan", "premium", "--json").stdout)["keeps_results"] is True
    assert gas("plan", "free").stdout.startswith("free")


def test_deleted_job_is_gone(gas: Gas) -> None:
    [draft] = json.loads(gas("submit", "--json", VCF).stdout)
    assert gas("delete", draft["id"]).returncode == 0
    assert gas("show", draft["id"]).returncode == 2
    assert draft["id"] not in gas("jobs").stdout


def test_interrupt_stops_everything(up: Up, gas: Gas) -> None:
    """The last test here: nothing is left after it."""
    assert len(processes_in(up.state)) >= 10  # seven services, and what they stand on
    up.process.send_signal(signal.SIGINT)
    said, _ = up.process.communicate(timeout=30)
    assert up.process.returncode == 0, said
    assert processes_in(up.state) == []
    assert gas("jobs").returncode == 3
