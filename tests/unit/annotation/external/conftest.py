"""A command for each test: a Python script of its own, as an operator's would be."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pysam
import pytest

from gas.annotation import AnnotationResult, Limits, ReferenceBundle, load_bundle
from gas.annotation.external import ExternalCommand, ExternalEngine

_HEADER = (
    "##fileformat=VCFv4.2",
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tAda",
)
RECORDS = (
    "MT\t3243\trs199474657\tA\tG\t.\tPASS\tDP=7\tGT\t1",
    "MT\t3308\t.\tT\tC,G\t.\tPASS\t.\tGT\t2",
    "MT\t3310\t.\tC\t<DEL>\t.\tPASS\tEND=3320\tGT\t0",
)
# Adds an INFO field to every record, and says in the header that it did.
ANNOTATES = """
import sys
source, target, genome = sys.argv[1:4]
with open(source) as records, open(target, "w") as out:
    for line in records:
        if line.startswith("#CHROM"):
            out.write('##INFO=<ID=TOY,Number=1,Type=String,Description="A toy">\\n')
        if not line.startswith("#"):
            columns = line.split("\\t")
            columns[7] += f";TOY={genome}"
            line = "\\t".join(columns)
        out.write(line)
"""

Annotate = Callable[[ExternalCommand], Awaitable[AnnotationResult]]
Scripted = Callable[..., ExternalCommand]


@pytest.fixture
def bundle() -> ReferenceBundle:
    return load_bundle("rCRS")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "input.vcf"
    path.write_text("\n".join([*_HEADER, *RECORDS]) + "\n")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def scripted(tmp_path: Path) -> Scripted:
    """A command that runs a Python script with {input} {output} {genome} {work}."""

    def make(script: str, **settings: object) -> ExternalCommand:
        path = tmp_path / "command.py"
        path.write_text(script)
        arguments = (sys.executable, str(path), "{input}", "{output}", "{genome}", "{work}")
        fields = {
            "name": "Toy",
            "arguments": arguments,
            "version_arguments": (sys.executable, "-c", "print('toy\\t1.2')"),
        }
        return ExternalCommand.model_validate(fields | settings)

    return make


@pytest.fixture
def annotate(source: Path, out: Path, bundle: ReferenceBundle) -> Annotate:
    async def run(command: ExternalCommand) -> AnnotationResult:
        return await ExternalEngine(command).annotate(source, out, bundle, limits=Limits())

    return run


def lines_of(path: Path) -> list[str]:
    with pysam.BGZFile(str(path), "rb", None) as stream:
        return stream.read().decode().splitlines()
