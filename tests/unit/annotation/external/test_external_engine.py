"""An operator's own command as an engine: what it makes is checked, what it starts ends with it."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

from gas.annotation import (
    ANNOTATED_INDEX,
    ANNOTATED_VCF,
    LOG,
    MANIFEST,
    SUMMARY,
    AnnotationResult,
    ChildDiedError,
    EngineError,
    ReferenceBundle,
)
from gas.annotation.engine_port import AnnotationEngine
from gas.annotation.external import ExternalCommand, ExternalEngine
from gas.domain.errors import ErrorCode, PermanentError

from .conftest import ANNOTATES, RECORDS, Annotate, Scripted, lines_of


def records_of(result: AnnotationResult) -> list[str]:
    return [line for line in lines_of(result.files[ANNOTATED_VCF].path) if not line.startswith("#")]


async def test_the_result_is_the_commands_output_with_our_provenance(
    annotate: Annotate, scripted: Scripted, out: Path
) -> None:
    command = scripted(ANNOTATES, genomes={"rCRS": "toy.105"})
    result = await annotate(command)
    assert set(result.files) == {ANNOTATED_VCF, ANNOTATED_INDEX, SUMMARY, LOG, MANIFEST}
    assert {path.name for path in out.iterdir()} == set(result.files)
    assert all(
        f"{r.split(chr(9))[7]};TOY=toy.105" in line
        for r, line in zip(RECORDS, records_of(result), strict=True)
    )
    header = [line for line in lines_of(result.files[ANNOTATED_VCF].path) if line[0] == "#"]
    assert "##contig=<ID=MT,length=16569>" in header
    assert "##GAS_engine=Toy: toy 1.2" in header
    (call,) = [line for line in header if line.startswith("##GAS_command=")]
    assert call.endswith("'{input}' '{output}' '{genome}' '{work}'")
    with pysam.TabixFile(str(result.files[ANNOTATED_VCF].path)) as table:
        assert [row.split("\t")[1] for row in table.fetch("MT", 3307, 3308)] == ["3308"]


async def test_manifest_and_summary(annotate: Annotate, scripted: Scripted) -> None:
    result = await annotate(scripted(ANNOTATES))
    manifest = json.loads(result.files[MANIFEST].path.read_text())
    assert (manifest["engine"]["name"], manifest["engine"]["version"]) == ("Toy", "toy 1.2")
    assert manifest["outputs"][ANNOTATED_VCF]["sha256"] == result.files[ANNOTATED_VCF].sha256
    summary = result.summary
    assert (summary.records, summary.alleles, summary.samples) == (3, 4, ["Ada"])
    assert summary.skipped == {"symbolic_allele": 1}
    assert summary.variant_types == {"snv": 3}
    assert (summary.transitions, summary.transversions) == (2, 1)
    assert summary.warnings == [
        "Annotated by Toy: its consequences and known variants are not counted here."
    ]


async def test_a_rerun_is_byte_identical(annotate: Annotate, scripted: Scripted) -> None:
    """The command is told no names that change from run to run."""
    records_its_call = (
        ANNOTATES.replace('"##INFO', '"##INFO') + "\nprint(sys.argv, file=sys.stderr)"
    )
    first = await annotate(scripted(records_its_call))
    second = await annotate(scripted(records_its_call))
    assert {n: f.sha256 for n, f in first.files.items()} == {
        n: f.sha256 for n, f in second.files.items()
    }


async def test_bcftools_as_the_command(
    annotate: Annotate, scripted: Scripted, tmp_path: Path
) -> None:
    """A real tool, which prints its output compressed."""
    table, names = tmp_path / "table.tsv", tmp_path / "names.hdr"
    table.write_text("MT\t3243\t3243\tMELAS\n")
    names.write_text('##INFO=<ID=DISEASE,Number=1,Type=String,Description="Disease">\n')
    pysam.tabix_index(str(table), seq_col=0, start_col=1, end_col=2)
    script = (
        "import sys, pysam.bcftools as b;"
        "sys.stdout.buffer.write(b.annotate('-a', sys.argv[2], '-c', 'CHROM,FROM,TO,DISEASE',"
        "'-h', sys.argv[3], '-O', 'z', sys.argv[1]))"
    )
    command = scripted(
        "",
        arguments=(sys.executable, "-c", script, "{input}", f"{table}.gz", str(names)),
        version_arguments=(sys.executable, "-c", "import pysam; print(pysam.__version__)"),
    )
    assert command.prints_output
    result = await annotate(command)
    assert ["DISEASE=MELAS" in record for record in records_of(result)] == [True, False, False]
    assert json.loads(result.files[MANIFEST].path.read_text())["engine"]["version"]


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("import sys; sys.exit('no database toy.105')", "Toy ended with status 1: no database toy"),
        ("print('half way'); raise SystemExit(3)", "status 3: half way"),
        ("raise SystemExit(255)", "status 255: it said nothing"),
        ("", "Toy made no output"),
        ("import os, sys; os.symlink('/etc/passwd', sys.argv[2])", "Toy made no output"),
        ("import sys; open(sys.argv[2], 'w')", "ends before the line #CHROM"),
        ("import sys; open(sys.argv[2], 'wb').write(b'\\x1f\\x8bgarbled')", "cannot be read"),
        ("import sys; open(sys.argv[2], 'wb').write(bytes(100))", "Line 1 .* is cut off"),
        ("import sys; open(sys.argv[2], 'w').write('<html>\\n')", "Line 1 .* is not the ##file"),
    ],
)
async def test_a_command_that_fails_is_quoted(
    annotate: Annotate, scripted: Scripted, out: Path, script: str, says: str
) -> None:
    with pytest.raises(EngineError, match=says):
        await annotate(scripted(script))
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("lines = lines[:-1]", "lost records: its output ends before MT:3310"),
        ("lines.append(lines[-1])", r"Line \d+ .* is a record that the input does not have"),
        ("lines[-1], lines[-2] = lines[-2], lines[-1]", "is not the input's record MT:3308"),
        ("lines = [line.replace('C,G', 'C') for line in lines]", "not the input's record MT:3308"),
        ("lines = [line.replace('GT\\t2', 'GT\\t1') for line in lines]", "not the input's record"),
        ("lines = [line.replace('Ada', 'Eve') for line in lines]", "other samples"),
        ("lines[-1] = lines[-1].rstrip()", "is cut off"),
        ("lines = [line.replace('DP=7', 'DP=7\\t') for line in lines]", "not the input's record"),
        ("lines.insert(1, 'rubbish\\n')", "Line 2 .* is neither a header line nor"),
        ("lines = [line.replace('DP=7', 'END=999999999') for line in lines]", "cannot be indexed"),
    ],
)
async def test_an_output_that_is_not_the_input_annotated(
    annotate: Annotate, scripted: Scripted, out: Path, change: str, says: str
) -> None:
    script = f"import sys\nlines = list(open(sys.argv[1]))\n{change}\n"
    with pytest.raises(EngineError, match=says):
        await annotate(scripted(script + "open(sys.argv[2], 'w').writelines(lines)"))
    assert list(out.iterdir()) == []


async def test_a_command_that_is_not_there(annotate: Annotate, scripted: Scripted) -> None:
    with pytest.raises(EngineError, match=r"status 127: .*no-such-command"):
        await annotate(scripted("", arguments=("no-such-command", "{input}")))


async def test_a_genome_that_the_command_has_not(annotate: Annotate, scripted: Scripted) -> None:
    with pytest.raises(PermanentError, match=r"Toy is not set up for .* rCRS") as caught:
        await annotate(scripted(ANNOTATES, genomes={"GRCh38": "GRCh38.105"}))
    assert caught.value.code is ErrorCode.UNKNOWN_GENOME


async def test_an_input_at_fault_is_refused_before_the_command_sees_it(
    annotate: Annotate, scripted: Scripted, source: Path, tmp_path: Path
) -> None:
    source.write_text(source.read_text().replace("3308", "three"))
    seen = tmp_path / "seen"
    with pytest.raises(PermanentError, match="Line 5") as caught:
        await annotate(scripted(f"open({str(seen)!r}, 'w')"))
    assert caught.value.code is ErrorCode.MALFORMED_VCF
    assert not seen.exists()


async def test_a_crash_is_told_with_its_signal(annotate: Annotate, scripted: Scripted) -> None:
    script = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    with pytest.raises(ChildDiedError, match="SIGSEGV"):
        await annotate(scripted(script))


@pytest.mark.parametrize(
    ("script", "settings", "says"),
    [
        ("import time; time.sleep(60)", {"seconds": 2}, "took longer"),
        (
            # By default Python ignores the signal.
            "import signal as s; s.signal(s.SIGXFSZ, s.SIG_DFL); open('x', 'wb').write(bytes(2 << 20))",
            {"file_bytes": 1 << 20},
            "grew beyond 1 MiB",
        ),
        ("bytearray(2 << 30)", {"memory_bytes": 1 << 30}, "more than 1024 MiB of memory"),
    ],
)
async def test_the_commands_limits(
    annotate: Annotate, scripted: Scripted, out: Path, script: str, settings: object, says: str
) -> None:
    assert isinstance(settings, dict)
    with pytest.raises(PermanentError, match=says) as caught:
        await annotate(scripted(script, **settings))
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED
    assert list(out.iterdir()) == []


async def test_the_command_inherits_no_credentials(
    annotate: Annotate, scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    seen = tmp_path / "environment.json"
    script = f"import json, os; json.dump(dict(os.environ), open({str(seen)!r}, 'w'))"
    with pytest.raises(EngineError, match="no output"):
        await annotate(scripted(script, environment={"JAVA_HOME": "/opt/java"}))
    environment = json.loads(seen.read_text())
    assert environment.pop("JAVA_HOME") == "/opt/java"
    assert set(environment) <= {"PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "LC_ALL", "LC_CTYPE"}


# Starts a child, and a grandchild that leaves the process group and whose own parent ends.
LINGERS = """
import os, subprocess, sys, time
sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
leave = (
    "import subprocess as s, sys;"
    "print(s.Popen(sys.argv[1:], stdout=s.DEVNULL, start_new_session=True).pid)"
)
child = subprocess.Popen(sleep)
gone = subprocess.run([sys.executable, "-c", leave, *sleep], stdout=subprocess.PIPE, text=True)
with open({pids!r}, "w") as out:
    out.write(f"{{os.getpid()}} {{child.pid}} {{gone.stdout.strip()}}\\n")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there are orphans handed to the guard")
class TestNothingOutlivesTheJob:
    @pytest.fixture
    def pids(self, tmp_path: Path) -> Path:
        return tmp_path / "pids"

    async def test_when_the_job_is_cancelled(
        self, annotate: Annotate, scripted: Scripted, out: Path, pids: Path
    ) -> None:
        script = LINGERS.format(pids=str(pids)) + "time.sleep(60)"
        task = asyncio.create_task(run_forever(annotate, scripted(script)))
        await until(lambda: bool(numbers(pids)))
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 1
        await until(lambda: all(map(is_dead, numbers(pids))))
        assert list(out.iterdir()) == []

    async def test_when_the_command_ends(
        self, annotate: Annotate, scripted: Scripted, pids: Path
    ) -> None:
        await annotate(scripted(ANNOTATES + LINGERS.format(pids=str(pids))))
        assert len(numbers(pids)) == 3
        assert all(map(is_dead, numbers(pids)))

    async def test_when_the_service_is_killed(
        self, source: Path, out: Path, scripted: Scripted, tmp_path: Path, pids: Path
    ) -> None:
        command = scripted(LINGERS.format(pids=str(pids)) + "time.sleep(60)")
        script = (
            "import asyncio\nfrom pathlib import Path\n"
            "from gas.annotation import Limits, load_bundle\n"
            "from gas.annotation.external import ExternalCommand, ExternalEngine\n"
            f"command = ExternalCommand.model_validate_json({command.model_dump_json()!r})\n"
            f"asyncio.run(ExternalEngine(command).annotate(Path({str(source)!r}), "
            f"Path({str(out)!r}), load_bundle('rCRS'), limits=Limits()))"
        )
        service = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
        await until(lambda: bool(numbers(pids)))
        os.kill(service.pid, signal.SIGKILL)
        await service.wait()
        await until(lambda: all(map(is_dead, numbers(pids))))


async def run_forever(annotate: Annotate, command: ExternalCommand) -> None:
    await annotate(command)


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it did not come true in 10 s")


def numbers(path: Path) -> list[int]:
    text = path.read_text() if path.exists() else ""
    return [int(pid) for pid in text.split()] if text.endswith("\n") else []


def is_dead(pid: int) -> bool:
    """An orphan stays a zombie until init collects it: that is dead too."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def test_it_is_an_annotation_engine(scripted: Scripted, bundle: ReferenceBundle) -> None:
    port: AnnotationEngine = ExternalEngine(scripted(ANNOTATES))
    assert callable(port.annotate)
