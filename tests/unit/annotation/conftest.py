"""Inputs are written by the tests themselves; facts about the genome come from the bundle."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pysam
import pytest

from gas.annotation import (
    ANNOTATED_VCF,
    AnnotationResult,
    Limits,
    ReferenceBundle,
    annotate,
    load_bundle,
)

HEADER = (
    "##fileformat=VCFv4.2",
    "##contig=<ID=MT,length=16569>",
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
# m.3243A>G (MELAS), in MT-TL1; m.3308T>C, p.Met1Thr in MT-ND1
MELAS = "MT\t3243\t.\tA\tG\t.\tPASS\tAC=1"
START_LOST = "MT\t3308\t.\tT\tC\t.\tPASS\tAC=1"


def vcf_text(
    *records: str, header: tuple[str, ...] = HEADER, samples: tuple[str, ...] = ()
) -> bytes:
    columns = "\t".join([COLUMNS, "FORMAT", *samples]) if samples else COLUMNS
    return ("\n".join([*header, columns, *records]) + "\n").encode()


@dataclass(frozen=True)
class Annotated:
    """A result opened: ``header`` lines and ``records`` as lists of columns."""

    result: AnnotationResult
    header: list[str]
    records: list[list[str]]

    def info(self, index: int = 0) -> dict[str, str]:
        entries = (entry.partition("=") for entry in self.records[index][7].split(";"))
        return {key: value for key, _, value in entries}


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


Annotate = Callable[[bytes], Awaitable[Annotated]]


@pytest.fixture(scope="session")
def bundle() -> ReferenceBundle:
    return load_bundle("rCRS")


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def annotate_bytes(tmp_path: Path, bundle: ReferenceBundle, limits: Limits) -> Annotate:
    """Annotates the bytes of an input and opens what came out."""

    async def run(content: bytes) -> Annotated:
        source = tmp_path / "input"
        source.write_bytes(content)
        result = await annotate(source, tmp_path / "out", bundle, limits=limits)
        return opened(result)

    return run


def opened(result: AnnotationResult) -> Annotated:
    with pysam.BGZFile(str(result.files[ANNOTATED_VCF].path), "rb", None) as stream:
        lines = stream.read().decode("utf-8", "surrogateescape").splitlines()
    return Annotated(
        result,
        [line for line in lines if line.startswith("#")],
        [line.split("\t") for line in lines if not line.startswith("#")],
    )
