#!/usr/bin/env python3
"""Shows where the time of an annotation goes: by stage, and by function where perf is there.

    .venv/bin/python benchmarks/profile_engine.py --help

The stages are what ``gas annotate --timings`` reports, the wall and CPU seconds of each summed
over threads. Functions come from Linux's ``perf``, for all processes of the run, by library and
symbol: those of our compiled kernel are named ``__pyx_f_…``.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.contenders import GENOME, Gas
from benchmarks.measuring import CommandFailedError, timed
from benchmarks.report import stages_table

_SAMPLES_A_SECOND = "997"
_LEAST_PERCENT = "0.5"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path, help="a VCF, e.g. one that annotate.py has made")
    parser.add_argument("--genome", default=GENOME)
    parser.add_argument("--work", type=Path, default=Path("build/bench"), help="scratch folder")
    parser.add_argument("--json", action="store_true", help="the stages as JSON, and no functions")
    parser.epilog = "Other options are handed to gas annotate, e.g. --only consequences."
    options, others = parser.parse_known_args()
    gas = Gas(Path(os.environ.get("GAS_REFDATA", "")), options.work.resolve())
    try:
        with tempfile.TemporaryDirectory() as scratch:
            sys.stdout.write(_profile(gas, options, others, Path(scratch)))
    except CommandFailedError as error:
        sys.exit(str(error))


def _profile(gas: Gas, options: argparse.Namespace, others: list[str], scratch: Path) -> str:
    target = scratch / "out.vcf.gz"
    command = gas.command(options.source, target, "--timings", *others, genome=options.genome)
    usage, said = timed(command, gas.environment)
    stages = stages_in(said)
    if options.json:
        figures = {"wall": usage.wall, "cpu": usage.cpu, "stages": stages}
        return json.dumps(figures, indent=2) + "\n"
    return (
        f"{usage.wall:.2f} s by the clock, {usage.cpu:.2f} s of CPU\n\n"
        f"{stages_table('stage', stages)}\n\n"
        f"{_functions(command, gas.environment, scratch / 'perf.data')}\n"
    )


def stages_in(said: str) -> dict[str, dict[str, float]]:
    """The split of time that ``gas annotate --timings`` prints as a line of JSON."""
    for line in said.splitlines():
        if line.startswith("{"):
            found: dict[str, dict[str, float]] = json.loads(line)
            return found
    raise CommandFailedError(f"gas annotate --timings printed no timings: {said[-500:]}")


def _functions(command: list[str], environment: dict[str, str], data: Path) -> str:
    perf = shutil.which("perf")
    if perf is None:
        return "There is no perf on PATH, so functions are not shown."
    record = [perf, "record", "-q", "-F", _SAMPLES_A_SECOND, "-o", str(data), "--", *command]
    ran = subprocess.run(
        record, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        return f"perf cannot record here: {ran.stderr.strip()[-500:]}"
    return "\n\n".join(_ranked(perf, data, fields) for fields in ("dso", "dso,symbol"))


def _ranked(perf: str, data: Path, fields: str) -> str:
    report = [perf, "report", "-i", str(data), "--stdio", "--no-children"]
    shown = subprocess.run(
        [*report, "-F", f"overhead,{fields}", "--percent-limit", _LEAST_PERCENT],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = (line.rstrip() for line in shown.stdout.splitlines() if not line.startswith("#"))
    return "\n".join(filter(None, lines))


if __name__ == "__main__":
    main()
