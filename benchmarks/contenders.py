"""The commands that are measured: ours, bcftools (as pysam carries it), SnpEff."""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

from gas.annotation.reference.manifest import MANIFEST_NAME
from gas.annotation.reference.places import CURRENT, ENVIRONMENT_VARIABLE

GENOME = "chr21"
_CSQ = """
import sys, pysam.bcftools
source, target, fasta, genes = sys.argv[1:]
pysam.bcftools.csq("-l", "-f", fasta, "-g", genes, "-O", "z", "-o", target, source, catch_stdout=False)
"""
_VIEW = """
import sys, pysam.bcftools
source, target = sys.argv[1:]
pysam.bcftools.view("-O", "z", "-o", target, source, catch_stdout=False)
"""


class Gas:
    """``gas annotate`` with a bundle of the chr21 slice, which is built where it is not there."""

    def __init__(self, refdata: Path, work: Path) -> None:
        self._references = work / "references"
        bundle = self._references / GENOME / CURRENT
        if not (bundle / MANIFEST_NAME).exists():
            shutil.rmtree(self._references, ignore_errors=True)
            bundle.parent.mkdir(parents=True)
            from tests.support.bundles import build_chr21  # noqa: PLC0415 - seldom needed, slow

            build_chr21(refdata, bundle)
        self.environment = {ENVIRONMENT_VARIABLE: str(self._references)}

    def command(self, source: Path, target: Path, *options: str, genome: str = GENOME) -> list[str]:
        gas = str(Path(sys.executable).with_name("gas"))
        named = [str(source), "-o", str(target), "--genome", genome, "--force"]
        return [gas, "annotate", *named, *options]


class Bcftools:
    """One process, one thread, input and output bgzip."""

    def __init__(self, refdata: Path) -> None:
        self._fasta = refdata / "chr21" / "chr21.fa.gz"
        self._genes = refdata / "chr21" / "chr21.gff3.gz"

    def csq(self, source: Path, target: Path) -> list[str]:
        return _python(_CSQ, source, target, self._fasta, self._genes)

    def view(self, source: Path, target: Path) -> list[str]:
        return _python(_VIEW, source, target)


class SnpEff:
    """SnpEff with a database built of the same FASTA and GFF3; no statistics page, plain output."""

    def __init__(self, program: str, refdata: Path, work: Path) -> None:
        self._program = program
        home = work / "snpeff"
        self._config = home / "snpEff.config"
        data = home / "data" / GENOME
        if not (data / "snpEffectPredictor.bin").exists():
            data.mkdir(parents=True, exist_ok=True)
            _unpack(refdata / "chr21" / "chr21.fa.gz", data / "sequences.fa")
            _unpack(refdata / "chr21" / "chr21.gff3.gz", data / "genes.gff")
            self._config.write_text(
                f"data.dir = {home / 'data'}\n{GENOME}.genome : {GENOME}\n", encoding="utf-8"
            )
            build = ["build", "-gff3", "-noCheckCds", "-noCheckProtein", *self._options(), GENOME]
            subprocess.run([program, *build], check=True, capture_output=True)

    @classmethod
    def installed(cls, refdata: Path, work: Path) -> "SnpEff | None":
        program = shutil.which(os.environ.get("SNPEFF", "snpEff"))
        return cls(program, refdata, work) if program else None

    @property
    def version(self) -> str:
        said = subprocess.run(
            [self._program, "-version"], check=True, capture_output=True, text=True
        )
        return " ".join(said.stdout.split())

    def command(self, source: Path, target: Path) -> list[str]:
        # It prints its output, which a shell must redirect; the names are ours.
        call = " ".join(
            [self._program, "ann", "-noStats", "-nodownload", *self._options(), GENOME, str(source)]
        )
        return ["sh", "-c", f"exec {call} > {target}"]

    def _options(self) -> list[str]:
        return ["-c", str(self._config)]


def _python(script: str, *arguments: Path) -> list[str]:
    return [sys.executable, "-c", script, *map(str, arguments)]


def _unpack(source: Path, target: Path) -> None:
    with gzip.open(source, "rb") as packed, target.open("wb") as out:
        shutil.copyfileobj(packed, out)
