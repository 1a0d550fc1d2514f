"""Annotates mutated VCFs by the thousand, each in a process with limits, and counts how they end.

``python tests/support/fuzzing.py FOLDER COUNT SEED`` mutates the files of FOLDER and prints a JSON
object: how often each outcome came, and of what must not happen the first few cases. The pipeline
is the engine's own; forking a process that has its code already makes a case cost milliseconds.
"""

import gzip
import json
import os
import random
import resource
import signal
import sys
import tempfile
import traceback
from collections import Counter
from datetime import timedelta
from pathlib import Path

from gas.annotation import Limits, load_bundle
from gas.annotation.limits import MIB, bind_this_process
from gas.annotation.options import Options
from gas.annotation.pipeline import Task, run_pipeline
from gas.annotation.reference.bundle import ReferenceBundle
from gas.domain.errors import ErrorCode, PermanentError

_LIMITS = Limits(memory_bytes=1024 * MIB, cpu=timedelta(seconds=20), max_unpacked_bytes=64 * MIB)
_OURS = {ErrorCode.INTERNAL_ERROR, ErrorCode.REFERENCE_DAMAGED, ErrorCode.REFERENCE_UNAVAILABLE}
_SHOWN_CASES = 5
_BASE_BYTES = 4000  # of a file that is mutated: what is wrong shows as well in a few lines
_TOKENS = (
    b"\0", b"\t", b"\t\t", b"\n", b"\r", b"\r\n", b"#", b"##", b";", b";;", b"=", b",", b",,", b".",
    b"*", b"<DEL>", b"<", b">", b"G]MT:1]", b"[MT:1[G", b"nan", b"inf", b"-1", b"0", b"00", b"1e309",
    b"536870911", b"536870912", b"2147483648", b"99999999999999999999", b"/", b"|", b"0|1:", b":",
    b"END=99999999999", b"SVLEN=-5", b"ACGTN" * 40, b"A" * 5000, b"\xff\xfe", b"\xc3", b" ",
    b"ANN=x", b"CONSEQUENCE=1", b"GAS_SKIPPED=", b"GT", b"MT", b"chrM", b"16569", b"16570",
)  # fmt: skip


def mutated(base: bytes, chance: random.Random) -> bytes:
    """A few random changes; packed files are unpacked before, and often packed again."""
    packed = base.startswith(b"\x1f\x8b")
    if packed and chance.random() < 0.7:
        try:
            base = gzip.decompress(base)
        except (OSError, EOFError):
            packed = False
    data = bytearray(base if base.startswith(b"\x1f\x8b") else _beginning(base))
    for _ in range(min(chance.randint(1, 6), chance.randint(1, 6))):
        _mutate(data, chance)
    text = bytes(data)
    return gzip.compress(text, 1) if packed and chance.random() < 0.7 else text


def _beginning(text: bytes) -> bytes:
    """The first whole lines."""
    end = text.rfind(b"\n", 0, _BASE_BYTES) + 1
    return text[:end] if 0 < end < len(text) else text


def _mutate(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    match chance.randrange(8):
        case 0 if at < len(data):
            data[at] = chance.randrange(256)
        case 1:
            data[at : at + chance.randint(1, 40)] = b""
        case 2:
            data[at:at] = chance.choice(_TOKENS)
        case 3:
            end = at + chance.randint(1, 12)
            data[at:end] = chance.choice(_TOKENS)
        case 4:
            del data[at:]
        case 5:
            start = chance.randrange(len(data) + 1)
            data[at:at] = data[start : start + chance.randint(1, 300)]
        case 6:
            lines = data.splitlines(keepends=True)
            first = chance.randrange(len(lines) + 1)
            tail = lines[first:]
            chance.shuffle(tail)
            data[:] = b"".join(lines[:first] + tail)
        case _:
            lines = data.split(b"\n")
            row = chance.randrange(len(lines))
            columns = lines[row].split(b"\t")
            columns[chance.randrange(len(columns))] = bytearray(chance.choice(_TOKENS))
            lines[row] = bytearray(b"\t").join(columns)
            data[:] = b"\n".join(lines)


def outcome_of(content: bytes, bundle: ReferenceBundle, folder: Path) -> str:
    """``result``, an ErrorCode, or a line that begins with ``!`` for what must not happen."""
    source = folder / "input"
    source.write_bytes(content)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _annotate_and_exit(source, bundle, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        said = stream.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"!died by {signal.Signals(os.WTERMSIG(status)).name}"
    return said or "!said nothing"


def _annotate_and_exit(source: Path, bundle: ReferenceBundle, writer: int) -> None:
    try:
        bind_this_process(_LIMITS, os.getppid())
        with tempfile.TemporaryDirectory(dir=source.parent) as work:
            os.chdir(work)
            task = Task(source, bundle, Options(threads=1), _LIMITS, "0")
            run_pipeline(task, lambda _: None)
        said = "result"
    except PermanentError as error:
        said = f"!{error.code}: {error.message}" if error.code in _OURS else str(error.code)
    except BaseException:  # noqa: BLE001 - whatever it is, it is the finding
        said = "!" + traceback.format_exc()
    os.write(writer, said.encode("utf-8", "replace")[:60_000])
    os._exit(0)


def main() -> None:
    folder, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    bundle = load_bundle("rCRS")
    bases = [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]
    bases = [base for base in bases if base]
    outcomes: Counter[str] = Counter()
    wrong: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as scratch:
        # What is wrong to begin with seldom gets far: every other case starts from what is not.
        sound = [base for base in bases if outcome_of(base, bundle, Path(scratch)) == "result"]
        for case in range(count):
            chance = random.Random(f"{seed}.{case}")  # noqa: S311 - to be repeated
            base = chance.choice(sound if case % 2 else bases)
            outcome = outcome_of(mutated(base, chance), bundle, Path(scratch))
            outcomes["wrong" if outcome.startswith("!") else outcome] += 1
            if outcome.startswith("!") and len(wrong) < _SHOWN_CASES:
                wrong.append({"seed": seed, "case": case, "outcome": outcome})
    print(json.dumps({"outcomes": outcomes, "wrong": wrong}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
