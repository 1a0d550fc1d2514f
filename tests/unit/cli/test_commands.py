"""The commands: what they print, and their exit codes."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gas.cli.main import app
from tests.unit.cli.fake_server import RESULT, TOKEN, FakeServer, complete


def gas(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def vcf(tmp_path: Path) -> Path:
    path = tmp_path / "ada.vcf"
    path.write_bytes(b"##fileformat=VCFv4.2\n")
    return path


@pytest.mark.usefixtures("signed_in")
class TestSubmit:
    def test_each_file_gets_a_line(self, vcf: Path) -> None:
        result = gas("submit", vcf, vcf)
        assert result.exit_code == 0
        assert result.stdout.splitlines()[-2:] == [
            f"job-1\tSUBMITTED\t{vcf}",
            f"job-2\tSUBMITTED\t{vcf}",
        ]

    def test_a_name_goes_along(self, server: FakeServer, vcf: Path) -> None:
        assert gas("submit", "--name", "Ada's exome", vcf).exit_code == 0
        assert server.jobs["job-1"]["name"] == "Ada's exome"
        assert "name         Ada's exome" in gas("show", "job-1").stdout

    def test_waits_for_the_end_and_shows_each_stage_once(self, vcf: Path) -> None:
        result = gas("submit", "--wait", vcf)
        assert result.exit_code == 0
        stages = ["uploading", "submitted", "annotating", "COMPLETED"]
        assert result.stdout.splitlines() == [
            *[f"{vcf}: {stage}" for stage in stages],
            f"job-1\tCOMPLETED/AVAILABLE\t{vcf}",
        ]

    def test_json_is_all_there_is_on_stdout_and_keeps_every_field(self, vcf: Path) -> None:
        result = gas("submit", "--wait", "--json", vcf)
        [job] = json.loads(result.stdout)
        assert (job["id"], job["status"]) == ("job-1", "COMPLETED")
        assert job["kept_for_machines"] is True

    def test_failed_job_is_exit_code_1_with_its_reason(self, server: FakeServer, vcf: Path) -> None:
        server.fails = True
        result = gas("submit", "--wait", vcf)
        assert result.exit_code == 1
        assert result.stderr == f"error: {vcf}: Line 7 is no record. (malformed_vcf)\n"

    def test_missing_file_does_not_keep_the_others_back(self, vcf: Path) -> None:
        result = gas("submit", "missing.vcf", vcf)
        assert result.exit_code == 2
        assert "There is no file missing.vcf" in result.stderr
        assert "job-1\tSUBMITTED" in result.stdout

    def test_refused_upload_leaves_no_draft(self, server: FakeServer, vcf: Path) -> None:
        server.max_bytes = 1
        result = gas("submit", vcf)
        assert result.exit_code == 2
        assert "(upload_too_large)" in result.stderr
        assert server.jobs == {}


@pytest.mark.usefixtures("signed_in", "two_jobs")
class TestJobs:
    @pytest.fixture
    def two_jobs(self, server: FakeServer, vcf: Path) -> None:
        assert gas("submit", vcf, vcf).exit_code == 0
        complete(server.jobs["job-1"])

    def test_list_is_newest_first_and_easy_to_cut(self) -> None:
        rows = [line.split("\t") for line in gas("jobs").stdout.splitlines()]
        assert [row[:2] for row in rows] == [
            ["job-2", "SUBMITTED"],
            ["job-1", "COMPLETED/AVAILABLE"],
        ]

    def test_list_as_json(self) -> None:
        assert [job["id"] for job in json.loads(gas("jobs", "--json").stdout)] == ["job-2", "job-1"]

    def test_show(self) -> None:
        shown = gas("show", "job-1").stdout
        assert "COMPLETED/AVAILABLE" in shown
        assert "annotated.vcf.gz" in shown
        assert json.loads(gas("show", "job-1", "--json").stdout)["id"] == "job-1"

    def test_unknown_job(self) -> None:
        result = gas("show", "job-9")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "error: There is no such job. (job_not_found)\n"

    def test_rerun_prints_the_new_jobs(self, vcf: Path) -> None:
        result = gas("rerun", "job-9", "job-1")
        assert (result.exit_code, result.stdout) == (2, f"job-3\tSUBMITTED\t{vcf.name}\n")
        assert "again        runs the file of job-1 again" in gas("show", "job-3").stdout

    def test_cancel_and_delete_go_on_after_an_error(self, server: FakeServer) -> None:
        result = gas("cancel", "job-9", "job-2")
        assert (result.exit_code, result.stdout) == (2, "job-2\tCANCELLED\n")
        result = gas("delete", "--json", "job-9", "job-2")
        assert (result.exit_code, json.loads(result.stdout)) == (
            2,
            [{"id": "job-2", "deleted": True}],
        )
        assert list(server.jobs) == ["job-1"]

    def test_download_all_files(self, tmp_path: Path) -> None:
        result = gas("download", "job-1", "-o", tmp_path / "out", "--json")
        assert result.exit_code == 0
        files = json.loads(result.stdout)
        assert [file["name"] for file in files] == ["annotated.vcf.gz", "summary.json"]
        assert all(Path(file["path"]).read_bytes() == RESULT for file in files)

    def test_download_of_an_archived_result(self, server: FakeServer, tmp_path: Path) -> None:
        complete(server.jobs["job-1"], archived=True)
        result = gas("download", "job-1", "-o", tmp_path / "out")
        assert result.exit_code == 2
        assert "(file_archived)" in result.stderr
        assert "gas plan premium" in result.stderr
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["summary.json"]

    def test_lost_files_are_told_and_do_not_keep_the_others_back(
        self, server: FakeServer, tmp_path: Path
    ) -> None:
        complete(server.jobs["job-1"], archived=True)
        server.jobs["job-1"]["files"][0] |= {"archived": False, "lost": True}
        assert gas("show", "job-1").stdout.splitlines()[-2].endswith("  lost")
        result = gas("download", "job-1", "-o", tmp_path / "out")
        assert result.exit_code == 1
        assert result.stderr == (
            "error: Lost, and not to be brought back: annotated.vcf.gz. Submit the file again. "
            "(file_lost)\n"
        )
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["summary.json"]

    def test_download_of_a_job_without_result(self, server: FakeServer) -> None:
        assert gas("download", "job-2").exit_code == 2
        server.jobs["job-2"] |= {
            "status": "FAILED",
            "failure": {"code": "no_variants", "message": "There is no variant."},
        }
        result = gas("download", "job-2")
        assert (result.exit_code, result.stderr) == (
            1,
            "error: The job failed: There is no variant. (no_variants)\n",
        )


@pytest.mark.usefixtures("signed_in")
def test_plan() -> None:
    assert gas("plan").stdout == "free\tuploads up to 153.6 kB\n"
    assert json.loads(gas("plan", "premium", "--json").stdout)["plan"] == "premium"
    assert gas("plan").stdout.startswith("premium")
    assert gas("plan", "gold").exit_code == 2


@pytest.mark.usefixtures("signed_in")
def test_a_plan_that_must_be_paid_for_says_where(server: FakeServer) -> None:
    server.charges = True
    result = gas("plan", "premium")
    assert result.exit_code == 2
    assert "https://pay.test/1 (payment_required)" in result.stderr


@pytest.mark.usefixtures("signed_in")
def test_a_plan_that_ends_says_when(server: FakeServer) -> None:
    server.plan, server.plan_ends_at = "premium", "2026-12-24T18:00:00Z"
    assert gas("plan").stdout.endswith("\tuntil 2026-12-24 18:00 UTC\n")


def test_missing_token_says_where_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GAS_TOKEN", raising=False)
    monkeypatch.setenv("GAS_URL", "http://gas.example:1234")
    result = gas("jobs")
    assert result.exit_code == 2
    assert "GAS_TOKEN" in result.stderr
    assert "http://gas.example:1234" in result.stderr


def test_no_server_is_exit_code_3(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound but not listening: nobody else answers there
        monkeypatch.setenv("GAS_URL", f"http://127.0.0.1:{unused.getsockname()[1]}")
        monkeypatch.setenv("GAS_TOKEN", TOKEN)
        result = gas("jobs")
    assert result.exit_code == 3
    assert result.stderr.startswith("error: No answer from http://127.0.0.1")


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys, gas.cli.main; "
        "print([m for m in ('httpx', 'pydantic', 'pysam', 'boto3', 'uvicorn') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"
