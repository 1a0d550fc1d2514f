"""The child process: its limits, its death, its environment, and that nothing of it stays."""

import asyncio
import gzip
import json
import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gas.annotation import (
    ChildDiedError,
    EngineError,
    Limits,
    Progress,
    ReferenceBundle,
    annotate,
    engine,
)
from gas.annotation.limits import MIB
from gas.domain.errors import ErrorCode, PermanentError

from .conftest import MELAS, names_in, vcf_text


def play_child(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let another program take the child's part."""
    monkeypatch.setattr(engine, "CHILD_COMMAND", (sys.executable, "-P", "-c", script))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "input.vcf"
    path.write_bytes(vcf_text(MELAS))
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


async def test_a_segfault_is_told_with_its_signal(
    monkeypatch: pytest.MonkeyPatch, source: Path, out: Path, bundle: ReferenceBundle
) -> None:
    play_child(monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(ChildDiedError, match="SIGSEGV") as caught:
        await annotate(source, out, bundle, limits=Limits())
    assert caught.value.signal == signal.SIGSEGV
    assert names_in(out) == set()


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("raise SystemExit('no such luck')", "status 1: no such luck"),
        ('print(\'{"event": "done"\')', "status 0"),
        ("", "status 0"),
    ],
)
async def test_a_child_that_ends_without_a_verdict_is_our_fault(
    monkeypatch: pytest.MonkeyPatch,
    source: Path,
    out: Path,
    bundle: ReferenceBundle,
    script: str,
    says: str,
) -> None:
    play_child(monkeypatch, script)
    with pytest.raises(EngineError, match=says):
        await annotate(source, out, bundle, limits=Limits())


async def test_done_without_files_is_our_fault(
    monkeypatch: pytest.MonkeyPatch, source: Path, out: Path, bundle: ReferenceBundle
) -> None:
    play_child(
        monkeypatch,
        "import os; os.symlink('/etc/hostname', 'summary.json');"
        'print(\'{"event": "done", "versions": {"bcftools": "0"}, "timings": {}}\')',
    )
    with pytest.raises(EngineError, match="made no"):
        await annotate(source, out, bundle, limits=Limits())
    assert names_in(out) == set()


async def test_the_memory_limit(tmp_path: Path, out: Path, bundle: ReferenceBundle) -> None:
    big = tmp_path / "big.vcf.gz"
    big.write_bytes(gzip.compress(vcf_text(f"{MELAS};X={'y' * 200 * MIB}"), compresslevel=1))
    limits = Limits(memory_bytes=300 * MIB, max_line_bytes=512 * MIB)
    with pytest.raises(PermanentError, match="more than 300 MiB of memory") as caught:
        await annotate(big, out, bundle, limits=limits)
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED


@pytest.mark.parametrize(
    ("limits", "deed", "says"),
    [
        (Limits(cpu=timedelta(seconds=1)), "while True: pass", "1 seconds of computing"),
        (
            Limits(file_bytes=MIB),
            "open('large', 'wb').write(bytes(2 << 20))",
            "grew beyond 1 MiB",
        ),
    ],
)
async def test_limits_that_the_kernel_enforces(
    monkeypatch: pytest.MonkeyPatch,
    source: Path,
    out: Path,
    bundle: ReferenceBundle,
    limits: Limits,
    deed: str,
    says: str,
) -> None:
    play_child(
        monkeypatch,
        "import json, sys\n"
        "from gas.annotation.limits import Limits, bind_this_process\n"
        "request = json.load(sys.stdin)\n"
        "bind_this_process(Limits.from_json(request['limits']), request['parent_pid'])\n" + deed,
    )
    with pytest.raises(PermanentError, match=says) as caught:
        await annotate(source, out, bundle, limits=limits)
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED


async def test_the_wall_clock_limit(
    monkeypatch: pytest.MonkeyPatch, source: Path, out: Path, bundle: ReferenceBundle
) -> None:
    play_child(monkeypatch, "import time; time.sleep(60)")
    began = time.monotonic()
    with pytest.raises(PermanentError, match="took longer") as caught:
        await annotate(source, out, bundle, limits=Limits(wall=timedelta(seconds=0.5)))
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED
    assert time.monotonic() - began < 5


async def test_cancelling_ends_the_whole_process_group_at_once(
    monkeypatch: pytest.MonkeyPatch,
    source: Path,
    out: Path,
    tmp_path: Path,
    bundle: ReferenceBundle,
) -> None:
    pids = tmp_path / "pids"
    play_child(
        monkeypatch,
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}\\n')\n"
        "time.sleep(60)",
    )
    task = asyncio.create_task(annotate(source, out, bundle, limits=Limits()))
    await _written(pids)
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 1
    for pid in _pids(pids):
        assert await _is_gone(pid)
    assert names_in(out) == set()


async def _written(path: Path) -> None:
    """Wait until another process has written its line."""
    for _ in range(500):
        if _pids(path):
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"{path} was not written")


def _json(path: Path) -> Any:
    return json.loads(path.read_text())


def _pids(path: Path) -> list[int]:
    text = path.read_text() if path.exists() else ""
    return [int(pid) for pid in text.split()] if text.endswith("\n") else []


async def _is_gone(pid: int) -> bool:
    for _ in range(50):
        if _is_dead(pid):
            return True
        await asyncio.sleep(0.02)
    return False


def _is_dead(pid: int) -> bool:
    """An orphan stays a zombie until init collects it: that is dead too."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


async def test_a_failing_listener_ends_the_child(
    source: Path, out: Path, bundle: ReferenceBundle
) -> None:
    async def refuse(_: Progress) -> None:
        raise ConnectionError("the store is down")

    with pytest.raises(ConnectionError, match="the store is down"):
        await annotate(source, out, bundle, limits=Limits(), on_progress=refuse)
    assert names_in(out) == set()


async def test_the_child_inherits_no_credentials(
    monkeypatch: pytest.MonkeyPatch,
    source: Path,
    out: Path,
    tmp_path: Path,
    bundle: ReferenceBundle,
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("GAS_DATABASE_URL", "secret")
    seen = tmp_path / "environment.json"
    play_child(
        monkeypatch,
        "import json, os, resource\n"
        "told = {'environment': dict(os.environ), 'group': os.getpgid(0) == os.getpid()}\n"
        f"json.dump(told, open({str(seen)!r}, 'w'))",
    )
    with pytest.raises(EngineError):
        await annotate(source, out, bundle, limits=Limits())
    told = _json(seen)
    assert told["group"]
    assert set(told["environment"]) <= {
        *("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "LC_ALL"),
        *("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"),
    }


async def test_the_child_ends_when_its_parent_is_killed(
    tmp_path: Path, source: Path, out: Path
) -> None:
    pid_file = tmp_path / "pid"
    script = f"""
import asyncio, sys
from pathlib import Path
from gas.annotation import Limits, annotate, engine, load_bundle
engine.CHILD_COMMAND = (sys.executable, "-P", "-c", '''
import json, os, sys, time
from gas.annotation.limits import Limits, bind_this_process
request = json.load(sys.stdin)
bind_this_process(Limits.from_json(request["limits"]), request["parent_pid"])
open({str(pid_file)!r}, "w").write(str(os.getpid()) + chr(10))
time.sleep(60)
''')
asyncio.run(annotate(Path({str(source)!r}), Path({str(out)!r}), load_bundle("rCRS"), limits=Limits()))
"""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    await _written(pid_file)
    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()
    assert await _is_gone(_pids(pid_file)[0])
