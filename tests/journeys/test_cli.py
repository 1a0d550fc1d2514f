"""The ``gas`` command as a user runs it, against a server."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gas.annotation import demo_vcf
from gas.messages import new_id
from tests.support.live import LiveStack

GAS = str(Path(sys.executable).with_name("gas"))
VCF = demo_vcf()

Gas = Callable[..., "subprocess.CompletedProcess[str]"]


def gas_of_somebody(live: LiveStack) -> Gas:
    """Runs the command as a new user, on the Free plan."""
    environment = os.environ | {"GAS_URL": live.api_url}
    token = subprocess.run(
        [sys.executable, "-m", "gas.cli.demo_user", f"{new_id()}@example.org"],
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
def gas(live: LiveStack) -> Gas:
    return gas_of_somebody(live)


@pytest.fixture(scope="module")
def premium_gas(live: LiveStack) -> Gas:
    """Of a user whose results stay at hand."""
    gas = gas_of_somebody(live)
    assert gas("plan", "premium").returncode == 0
    return gas


@pytest.fixture(scope="module")
def job(premium_gas: Gas) -> dict[str, Any]:
    """A job of the Premium user that has completed."""
    result = premium_gas("submit", "--wait", "--json", VCF)
    assert result.returncode == 0, result.stderr
    [job] = json.loads(result.stdout)
    assert isinstance(job, dict)
    return job


def test_submitted_job_is_annotated(job: dict[str, Any], premium_gas: Gas) -> None:
    assert (job["status"], job["storage"], job["file_name"]) == ("COMPLETED", "AVAILABLE", VCF.name)
    assert job["id"] in premium_gas("jobs").stdout
    assert "COMPLETED/AVAILABLE" in premium_gas("show", job["id"]).stdout


def test_result_is_downloaded_whole(job: dict[str, Any], premium_gas: Gas, tmp_path: Path) -> None:
    result = premium_gas("download", job["id"], "-o", tmp_path / "result", "--json")
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


def test_what_cannot_be_done_is_told_with_its_code(job: dict[str, Any], premium_gas: Gas) -> None:
    refused = premium_gas("cancel", job["id"])
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "(conflicting_state)" in refused.stderr
    unknown = premium_gas("show", "01a20225-0000-7000-8000-000000000000", "--json")
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
