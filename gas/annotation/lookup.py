"""Second pass: a clean copy of the alleles, one a line, is annotated by bcftools.

The copy carries nothing of the input but site and allele; ``R`` (the record's index in output
order) and ``A`` (the allele's, from 1) lead each answer back to its allele. Left-aligning the
copy finds insertions and deletions in the table of known variants however they were written,
and leaves the input's own writing alone.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gas.annotation import bcftools
from gas.annotation.bundle import ReferenceBundle
from gas.annotation.intake import CheckedRecord
from gas.annotation.text import open_text

_ALLELES = Path("alleles.vcf")
_HEADER = """##fileformat=VCFv4.2
{contigs}##INFO=<ID=R,Number=1,Type=Integer,Description="Index of the record">
##INFO=<ID=A,Number=1,Type=Integer,Description="Index of the allele, from 1">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
"""
# Longer peptides are abbreviated: a frameshift would otherwise spell the rest of the protein.
_SPELLED_RESIDUES = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What bcftools knows of one allele: BCSQ entries, and the bundle's known columns."""

    bcsq: tuple[str, ...]
    known: dict[str, str]


def commands(bundle: ReferenceBundle) -> list[list[str]]:
    """The bcftools commands in order. File names are relative: they are recorded in results."""
    files = bundle.files
    known = ",".join(("CHROM", "POS", "REF", "ALT", *(c.name for c in bundle.known_columns)))
    code = str(bundle.genetic_code)
    fasta, genes, table = files.sequence.path, files.genes.path, files.known.path
    return [
        ["norm", "-c", "e", "-f", fasta, "-O", "u", "-o", "aligned.bcf", str(_ALLELES)],
        ["sort", "-T", "sort-", "-O", "u", "-o", "sorted.bcf", "aligned.bcf"],
        [
            *("csq", "-l", "-p", "m", "-C", code, "-B", str(_SPELLED_RESIDUES)),
            *("-f", fasta, "-g", genes, "-O", "u", "-o", "consequences.bcf", "sorted.bcf"),
        ],
        [
            *("annotate", "-a", table, "-c", known, "-h", "known.hdr"),
            *("--no-version", "-O", "v", "-o", "annotated.vcf", "consequences.bcf"),
        ],
    ]


def look_up(
    records: Iterable[CheckedRecord],
    bundle: ReferenceBundle,
    on_step: Callable[[int, str], None],
) -> "Answers":
    """Annotate every allele that is not skipped; ``on_step(steps done, message)`` reports."""
    if not _write_alleles(records, bundle):
        return Answers(None, bundle)
    _lay_out(bundle)
    for done, (command, *arguments) in enumerate(commands(bundle), start=1):
        said = bcftools.run(command, *arguments)
        on_step(done, said)
    return Answers(Path("annotated.vcf"), bundle)


class Answers:
    """Hands out answers in record order while reading forward.

    Left-aligning only moves an allele back, so what the current record needs has either been
    read already or lies ahead before long: little is ever held in memory.
    """

    def __init__(self, path: Path | None, bundle: ReferenceBundle) -> None:
        self._lines = _read_answers(path, bundle) if path else iter(())
        self._waiting: dict[tuple[int, int], Answer] = {}

    def take(self, record_index: int, allele_index: int) -> Answer:
        wanted = (record_index, allele_index)
        while wanted not in self._waiting:
            found, answer = next(self._lines)
            self._waiting[found] = answer
        return self._waiting.pop(wanted)


def _write_alleles(records: Iterable[CheckedRecord], bundle: ReferenceBundle) -> int:
    contigs = "".join(f"##contig=<ID={c.name},length={c.length}>\n" for c in bundle.contigs)
    written = 0
    with open_text(_ALLELES, "w") as out:
        out.write(_HEADER.format(contigs=contigs))
        for index, record in enumerate(records):
            name, position, _, reference, alternates, _ = record.line.split("\t", 5)
            contig = bundle.contig(name)
            for number, (alternate, skip) in enumerate(
                zip(alternates.split(","), record.skips, strict=True), start=1
            ):
                if skip is None and contig is not None:
                    bases = f"{reference}\t{alternate}".upper()
                    out.write(
                        f"{contig.name}\t{position}\t.\t{bases}\t.\t.\tR={index};A={number}\n"
                    )
                    written += 1
    return written


def _lay_out(bundle: ReferenceBundle) -> None:
    """Link the bundle's files into the working directory, so that commands name no machine path."""
    for file in bundle.files.all():
        Path(file.path).symlink_to(bundle.path(file).resolve())
    with open_text(Path("known.hdr"), "w") as out:
        for column in bundle.known_columns:
            # As text, a number reaches the result just as its source wrote it.
            out.write(f'##INFO=<ID={column.name},Number=1,Type=String,Description="Known">\n')


def _read_answers(path: Path, bundle: ReferenceBundle) -> Iterator[tuple[tuple[int, int], Answer]]:
    names = [column.name for column in bundle.known_columns]
    with open_text(path, "r") as stream:
        for line in stream:
            if line.startswith("#"):
                continue
            info = dict(
                entry.split("=", 1) for entry in line.rstrip("\n").split("\t")[7].split(";")
            )
            bcsq = tuple(info["BCSQ"].split(",")) if "BCSQ" in info else ()
            known = {name: info[name] for name in names if name in info}
            yield (int(info["R"]), int(info["A"])), Answer(bcsq, known)
