#!/usr/bin/env python3
"""Measures the annotation engine against its goals, side by side with other tools.

    .venv/bin/python benchmarks/annotate.py --help

Reference data are not ours to ship: GAS_REFDATA names a folder with chr21/ and anntools/ in it.
What is made of them (variants, a bundle, a SnpEff database) stays in --work for the next run.
docs/benchmarks.md says how to read the figures.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.contenders import Bcftools, Gas, SnpEff
from benchmarks.measuring import CommandFailedError, Usage, medians, timed, watched
from benchmarks.profile_engine import stages_in
from benchmarks.report import Goal, Report, Row
from benchmarks.variants import write_variants

_MIB = 1024**2
_PARTS = ("consequences", "everything", "memory", "snpeff", "small")
_GAS, _CSQ, _VIEW, _SNPEFF = "gas", "bcftools csq -l", "bcftools view", "snpEff"
_SMALL_JOB = ("anntools", "test.vcf")
"""The sample that earlier versions of this system ran: 350 records, 359 alleles of chrM."""


def main() -> int:
    options = _options()
    refdata = Path(os.environ.get("GAS_REFDATA", ""))
    if not (refdata / "chr21").is_dir():
        sys.stderr.write(
            "GAS_REFDATA must name a folder with the reference data (chr21/ and anntools/ in it); "
            "they are not part of this project. See docs/benchmarks.md.\n"
        )
        return 2
    options.work.mkdir(parents=True, exist_ok=True)
    bench = Bench(refdata, options)
    for part in options.only or _PARTS:
        try:
            getattr(bench, part)()
        except CommandFailedError as error:
            bench.report.failures.append(f"{part}: {error}")
    sys.stdout.write(bench.report.as_text())
    if options.json:
        options.json.write_text(json.dumps(bench.report.as_json(), indent=2) + "\n")
    return 1 if bench.report.failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--variants", type=int, default=1_000_000, help="variants of most parts")
    parser.add_argument("--many", type=int, default=4_000_000, help="variants of the memory check")
    parser.add_argument("--snpeff-variants", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5, help="runs of each command; medians count")
    parser.add_argument("--threads", type=int, default=0, help="of GAS; 0: one a core")
    parser.add_argument("--only", choices=_PARTS, action="append", help="a part; may be repeated")
    parser.add_argument(
        "--tool", choices=(_GAS, _CSQ, _VIEW, _SNPEFF), action="append", help="measure these alone"
    )
    parser.add_argument("--work", type=Path, default=Path("build/bench"), help="scratch folder")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


class Bench:
    """A method a part; each adds its rows and goals to ``report``."""

    def __init__(self, refdata: Path, options: argparse.Namespace) -> None:
        self._refdata = refdata
        self._options = options
        self._work: Path = options.work.resolve()
        self._gas = Gas(refdata, self._work)
        self._bcftools = Bcftools(refdata)
        self.report = Report(
            {
                "cores": str(os.cpu_count()),
                "python": platform.python_version(),
                "runs": str(options.runs),
            }
        )

    def consequences(self) -> None:
        """Consequences only, beside one csq process, and bcftools passing records through."""
        count = self._options.variants
        source = self._variants(count)
        rows = self._side_by_side(
            "consequences only",
            count,
            {
                _GAS: lambda: self._annotate(source, "--only", "consequences"),
                _CSQ: lambda: timed(self._bcftools.csq(source, self._target)),
                _VIEW: lambda: timed(self._bcftools.view(source, self._target)),
            },
        )
        if {_GAS, _CSQ} <= rows.keys():
            ratio = rows[_GAS].per_second / rows[_CSQ].per_second
            self.report.goals.append(Goal("throughput over one bcftools csq -l", ratio, 1.7))

    def everything(self) -> None:
        count = self._options.variants
        source = self._variants(count)
        rows = self._side_by_side(
            "everything on", count, {_GAS: lambda: self._annotate(source, "--all-files")}
        )
        if _GAS in rows:
            self.report.goals.append(
                Goal("everything on, variants/s", rows[_GAS].per_second, 100_000)
            )

    def memory(self) -> None:
        """Peaks with everything on; runs of their own, for sampling takes time from the others."""
        for count in (self._options.variants, self._options.many):
            source = self._variants(count)
            command = self._gas.command(source, self._target, "--all-files", *self._threads())
            peak = watched(command, self._gas.environment)
            self.report.memory[f"{count:,} variants"] = peak
            self.report.goals.append(
                Goal(f"peak RSS at {count:,}, MiB", peak.rss / _MIB, 250, lower_is_better=True)
            )

    def snpeff(self) -> None:
        snpeff = SnpEff.installed(self._refdata, self._work)
        if snpeff is None:
            self.report.failures.append("snpeff: there is no snpEff on PATH (Debian: snpeff)")
            return
        count = self._options.snpeff_variants
        source = self._variants(count)
        self.report.setting["snpeff"] = snpeff.version
        printed = self._work / "snpeff.vcf"
        rows = self._side_by_side(
            "the same genes",
            count,
            {
                _GAS: lambda: self._annotate(source, "--only", "consequences"),
                _SNPEFF: lambda: timed(snpeff.command(source, printed)),
            },
        )
        if {_GAS, _SNPEFF} <= rows.keys():
            ratio = rows[_SNPEFF].usage.cpu / rows[_GAS].usage.cpu
            self.report.goals.append(Goal("CPU time of SnpEff over ours", ratio, 25))

    def small(self) -> None:
        """A small job, process start included, and where its time goes."""
        source = self._refdata.joinpath(*_SMALL_JOB)
        said: list[str] = []

        def annotate() -> tuple[Usage, str]:
            command = self._gas.command(source, self._target, "--timings", genome="rCRS")
            usage, errors = timed(command, self._gas.environment)
            said.append(errors)
            return usage, errors

        rows = self._side_by_side("359 alleles of chrM", 359, {_GAS: annotate})
        if _GAS not in rows:
            return
        self.report.timings["359 alleles of chrM"] = stages_in(said[-1])
        self.report.goals.append(
            Goal("small job, s", rows[_GAS].usage.wall, 1.0, lower_is_better=True)
        )

    def _side_by_side(
        self, title: str, count: int, contenders: dict[str, Callable[[], tuple[Usage, str]]]
    ) -> dict[str, Row]:
        """Every contender in each round, in an order that turns, so that none profits from it."""
        names = [name for name in contenders if name in (self._options.tool or contenders)]
        usages: dict[str, list[Usage]] = {name: [] for name in names}
        for number in range(self._options.runs):
            for name in names if number % 2 == 0 else reversed(names):
                usages[name].append(contenders[name]()[0])
                sys.stderr.write(
                    f"{title}, round {number + 1}: {name} {usages[name][-1].wall:.2f} s\n"
                )
        rows = {name: Row(title, name, count, medians(those)) for name, those in usages.items()}
        self.report.rows.extend(rows.values())
        return rows

    def _annotate(self, source: Path, *options: str) -> tuple[Usage, str]:
        command = self._gas.command(source, self._target, *options, *self._threads())
        return timed(command, self._gas.environment)

    def _threads(self) -> list[str]:
        return ["--threads", str(self._options.threads)] if self._options.threads else []

    @property
    def _target(self) -> Path:
        return self._work / "out.vcf.gz"

    def _variants(self, count: int) -> Path:
        path = self._work / f"variants.{count}.vcf.gz"
        if not path.exists():
            sys.stderr.write(f"making {count:,} variants …\n")
            chr21 = self._refdata / "chr21"
            begun = path.with_suffix(".begun")
            write_variants(
                begun,
                count,
                contig="21",
                fasta=chr21 / "chr21.fa.gz",
                real=chr21 / "dbsnp149.vcf.gz",
            )
            begun.replace(path)
        return path


if __name__ == "__main__":
    sys.exit(main())
