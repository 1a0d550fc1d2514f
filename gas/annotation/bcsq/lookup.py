"""Second pass: a clean copy of the alleles, one a line, is annotated by bcftools.

The copy carries nothing of the input but site and allele, each allele of a site once, however
many records carry it; ``N``, its number in order of first use, leads the answer back to them all.
Left-aligning the copy finds insertions and deletions in the table of known variants however they
were written, and leaves the input's own writing alone.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from gas.annotation.bcsq import bcftools
from gas.annotation.bcsq.distinct import AlleleNumbers, Crowd, alleles_of
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.vcf.intake import CheckedRecord
from gas.annotation.vcf.text import open_text

_ALLELES = Path("alleles.vcf")
_HEADER = """##fileformat=VCFv4.2
{contigs}##INFO=<ID=N,Number=1,Type=Integer,Description="Number of the allele, from 0">
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
    max_alleles_nearby: int,
    on_step: Callable[[int, str], None],
) -> "Answers":
    """Annotate every allele that is not skipped; ``on_step(steps done, message)`` reports.

    Raises PermanentError LIMIT_EXCEEDED for more than ``max_alleles_nearby`` different alleles
    within NORM_WINDOW_BASES.
    """
    if not _write_alleles(records, bundle, max_alleles_nearby):
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
        self._held: dict[int, Answer] = {}
        self._numbers = AlleleNumbers()
        self._forgotten = 0

    def of(self, record: CheckedRecord) -> list[Answer | None]:
        """One entry an alternate allele, None where it is skipped. Call it in record order."""
        return [allele and self._find(self._numbers.of(allele)) for allele in alleles_of(record)]

    def _find(self, number: int) -> Answer:
        for earlier in range(self._forgotten, self._numbers.first_here):
            del self._held[earlier]
        self._forgotten = self._numbers.first_here
        while number not in self._held:
            found, answer = next(self._lines)
            self._held[found] = answer
        return self._held[number]


def _write_alleles(
    records: Iterable[CheckedRecord], bundle: ReferenceBundle, max_alleles_nearby: int
) -> int:
    contigs = "".join(f"##contig=<ID={c.name},length={c.length}>\n" for c in bundle.contigs)
    numbers, crowd = AlleleNumbers(), Crowd(max_alleles_nearby)
    written = 0
    with open_text(_ALLELES, "w") as out:
        out.write(_HEADER.format(contigs=contigs))
        for allele in chain.from_iterable(map(alleles_of, records)):
            contig = allele and bundle.contig(allele.contig)
            # Numbers count up: a lower one has been written before.
            if allele is None or contig is None or numbers.of(allele) < written:
                continue
            crowd.add(allele)
            site = f"{contig.name}\t{allele.position}"
            bases = f"{allele.reference}\t{allele.alternate}"
            out.write(f"{site}\t.\t{bases}\t.\t.\tN={written}\n")
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


def _read_answers(path: Path, bundle: ReferenceBundle) -> Iterator[tuple[int, Answer]]:
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
            yield int(info["N"]), Answer(bcsq, known)
