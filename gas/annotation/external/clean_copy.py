"""The copy of the input that a command gets: checked, sorted, plain, everything declared.

Common tools refuse or misread a record whose contig, filter or field the header does not declare.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gas.annotation.genome import Genes, Genome
from gas.annotation.kernel.intake.place import place
from gas.annotation.kernel.intake.scan import Scan
from gas.annotation.kernel.output.emit import write_vcf
from gas.annotation.limits import Limits
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.results.counts import Counts, count_chunk
from gas.annotation.vcf.genome_check import GenomeVerdict, check_declared_lengths
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.ordering import Order, sort_chunks
from gas.annotation.vcf.record import Undeclared
from gas.annotation.vcf.scanning import add_undeclared, scanner_for
from gas.annotation.vcf.source import Chunk, Input
from gas.domain.errors import ErrorCode, PermanentError

# The names that VCF 4.3 allows for fields; others cannot be declared.
_FIELD = re.compile(r"([A-Za-z_][0-9A-Za-z_.]*|1000G)\Z")
_UNDECLARED = 'Description="Used, but not declared, by the input"'
_BODY = Path("input.records")


@dataclass
class CleanCopy:
    """What is in the copy, and what was found on the way there."""

    header: InputHeader
    form: str
    sorted_by_gas: bool
    counts: Counts = field(default_factory=Counts)
    undeclared: Undeclared = field(default_factory=Undeclared)
    blank: int = 0

    @property
    def warnings(self) -> Iterator[str]:
        yield from self.header.warnings
        if self.blank:
            yield f"{self.blank} blank lines were left out."
        if self.sorted_by_gas:
            yield "The input was not sorted by chromosome and position; the result is."


def write_clean_copy(
    target: Path,
    source: Path,
    bundle: ReferenceBundle,
    limits: Limits,
    on_progress: Callable[[float, int], None],
) -> CleanCopy:
    """Check ``source`` as the built-in engine does, and write ``target`` into the working directory.

    ``on_progress`` is told the fraction read and the records so far. Raises PermanentError when
    the input is at fault.
    """
    copy = _copied(source, bundle, limits, on_progress, unsorted=False) or _copied(
        source, bundle, limits, on_progress, unsorted=True
    )
    if copy is None:
        raise AssertionError("what was sorted is not in order")
    header = [*copy.header.meta, *_declarations(copy.undeclared, bundle), copy.header.column_line]
    with target.open("wb") as out, _BODY.open("rb") as body:
        out.writelines(f"{line}\n".encode("utf-8", "surrogateescape") for line in header)
        out.writelines(body)
    _BODY.unlink()
    return copy


def _copied(
    source: Path,
    bundle: ReferenceBundle,
    limits: Limits,
    on_progress: Callable[[float, int], None],
    *,
    unsorted: bool,
) -> CleanCopy | None:
    """Write the records; None when they turn out not to be in order."""
    with Input(source, limits) as taken, Genome(bundle, Genes(bundle)) as genome:
        check_declared_lengths(taken.header.contigs, bundle)
        copy = CleanCopy(taken.header, taken.form, unsorted)
        chunks: Iterable[Chunk] = taken.chunks()
        if unsorted:
            chunks = sort_chunks(chunks, taken.header, Path(), lambda done: on_progress(done, 0))
        scanner, order, verdict = scanner_for(taken.header), Order(), GenomeVerdict(bundle)
        dropped = frozenset(name.encode() for name in taken.header.earlier_fields)
        try:
            with _BODY.open("wb") as out:
                for chunk in chunks:
                    scan = scanner.scan(chunk.text, chunk.first_line)
                    order.note(scan)
                    if not order.is_sorted:
                        return None
                    _note(copy, chunk, scan, genome, verdict, bundle)
                    out.write(write_vcf(scan.records, [], dropped).text)
                    on_progress(chunk.fraction, copy.counts.plain["records"])
        except PermanentError:
            taken.check_rest()
            raise
    if not copy.counts.plain["records"]:
        raise PermanentError(ErrorCode.NO_VARIANTS, "The file has a header but no variants.")
    verdict.judge()
    return copy


def _note(
    copy: CleanCopy,
    chunk: Chunk,
    scan: Scan,
    genome: Genome,
    verdict: GenomeVerdict,
    bundle: ReferenceBundle,
) -> None:
    for run, (name, *_) in enumerate(scan.runs):
        contig = bundle.contig(name)
        sequence = genome.sequence(scan.records, run, contig) if contig else None
        placed = place(scan.records, run, sequence)
        verdict.note_run(chunk, name, placed if contig else None)
    copy.counts.add(count_chunk(scan, {}, [], []))
    add_undeclared(copy.undeclared, scan.undeclared)
    copy.blank += scan.blank


def _declarations(undeclared: Undeclared, bundle: ReferenceBundle) -> Iterator[str]:
    for name in undeclared.contigs:
        contig = bundle.contig(name)
        yield f"##contig=<ID={name}{f',length={contig.length}' if contig else ''}>"
    for name in undeclared.filters:
        yield f"##FILTER=<ID={name},{_UNDECLARED}>"
    for name, has_value in undeclared.info.items():
        if _FIELD.match(name):
            kind = "Number=.,Type=String" if has_value else "Number=0,Type=Flag"
            yield f"##INFO=<ID={name},{kind},{_UNDECLARED}>"
    for name in undeclared.formats:
        if _FIELD.match(name):
            number = "1" if name == "GT" else "."
            yield f"##FORMAT=<ID={name},Number={number},Type=String,{_UNDECLARED}>"
