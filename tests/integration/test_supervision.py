"""Processes under supervision: who dies comes back, who is stopped is gone, and nobody is left."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from gas.embedded.process import Process, Program
from gas.embedded.supervisor import Supervisor


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie is dead, only nobody has asked after it yet.
    state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    return state != "Z"


async def _eventually(holds: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.05)


def _program(folder: Path, script: str, name: str = "dummy") -> Program:
    return Program(
        name=name,
        command=[sys.executable, "-c", script],
        environment={"PATH": os.defpath},
        log=folder / f"{name}.log",
        directory=folder,
    )


async def test_who_is_killed_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    programs = {"dummy": _program(tmp_path, "import time; time.sleep(60)")}
    supervisor = Supervisor(programs, grace=timedelta(seconds=5), announce=said.append)
    await supervisor.start("dummy")
    first = supervisor.process("dummy")
    assert first
    os.kill(first.pid, signal.SIGKILL)
    await _eventually(lambda: supervisor.deaths["dummy"] == 1)
    await _eventually(lambda: supervisor.process("dummy") is not None)
    second = supervisor.process("dummy")
    assert second
    assert second.pid != first.pid
    assert "dummy ended (signal 9)" in said[0]
    await supervisor.stop_all()
    assert not _is_alive(second.pid)
    assert supervisor.deaths["dummy"] == 1  # being stopped is no death


async def test_the_stubborn_end_too_and_their_children(tmp_path: Path) -> None:
    script = (
        "import os, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen(['sleep', '60'], process_group=0)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    program = _program(tmp_path, script)
    process = await Process.start(program)
    await _eventually(lambda: program.log.read_text().strip().isdigit())
    grandchild = int(program.log.read_text())
    assert _is_alive(grandchild)
    await process.stop(timedelta(seconds=0.3))
    assert not _is_alive(process.pid)
    await _eventually(lambda: not _is_alive(grandchild))


async def test_nobody_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    script = (
        "import asyncio, signal, sys\n"
        "from pathlib import Path\n"
        "from gas.embedded.process import Process, Program\n"
        "async def main():\n"
        "    folder = Path(sys.argv[1])\n"
        "    program = Program('sleep', ['sleep', '60'], {'PATH': '/usr/bin:/bin'},\n"
        "                      folder / 'log', folder)\n"
        "    print((await Process.start(program)).pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    supervisor = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script, str(tmp_path)), stdout=asyncio.subprocess.PIPE
    )
    assert supervisor.stdout
    child = int(await supervisor.stdout.readline())
    assert _is_alive(child)
    supervisor.kill()
    await supervisor.wait()
    await _eventually(lambda: not _is_alive(child))
