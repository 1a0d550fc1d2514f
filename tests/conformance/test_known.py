"""Real dbSNP records of chromosome 21 are found, however they are written; regions by overlap."""

import gzip
import random
from collections.abc import Iterator
from pathlib import Path

import pysam
import pytest

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.intake.place import place, spans
from gas.annotation.kernel.joins.known import annotate_known
from gas.annotation.kernel.joins.regions import annotate_regions
from gas.annotation.kernel.joins.targets import SHIFT, extent
from gas.annotation.kernel.records import Records
from gas.annotation.kernel.sequence import Sequence
from gas.annotation.reference.tables import IndexedTable
from gas.annotation.vcf.header import FIXED_COLUMNS, InputHeader
from gas.annotation.vcf.scanning import scanner_for

CHUNK = 20_000  # records
LENGTH = 46_709_983

Alleles = tuple[int, str, list[str], list[str]]  # POS, REF, alternates, the id of each


@pytest.fixture(scope="module")
def chromosome(refdata: Path) -> str:
    with pysam.FastaFile(str(refdata / "chr21/chr21.fa.gz")) as fasta:
        return fasta.fetch("21").upper()


@pytest.fixture(scope="module")
def dbsnp(refdata: Path) -> list[Alleles]:
    """Every record, as it is."""
    found: list[Alleles] = []
    with gzip.open(refdata / "chr21/dbsnp149.vcf.gz", "rt") as lines:
        for line in lines:
            if not line.startswith("#"):
                _, pos, name, ref, alt = line.split("\t")[:5]
                alts = alt.split(",")
                found.append((int(pos), ref, alts, [name] * len(alts)))
    return found


def chunks(alleles: list[Alleles], chromosome: str) -> Iterator[tuple[Records, Sequence]]:
    """The records in order of POS, as placed runs of a chunk each."""
    alleles = sorted(alleles)

    for at in range(0, len(alleles), CHUNK):
        text = "".join(
            f"21\t{pos}\t.\t{ref}\t{','.join(alts)}\t.\t.\t.\n"
            for pos, ref, alts, _ in alleles[at : at + CHUNK]
        )
        header = InputHeader(column_line="\t".join(FIXED_COLUMNS), contigs={"21": None})
        records = scanner_for(header).scan(text.encode(), 1).records
        windows = spans(records, 0, 20_000, SHIFT, LENGTH)
        sequence = Sequence(
            LENGTH, [(start, chromosome[start:end].encode()) for start, end in windows]
        )
        assert place(records, 0, sequence)[1] == 0
        yield records, sequence


def lost(refdata: Path, alleles: list[Alleles], chromosome: str) -> list[tuple[str, bytes]]:
    """The alleles whose own id is not among what the table says of them."""
    expected = [name for _, _, _, names in sorted(alleles) for name in names]
    found: list[bytes] = []
    with IndexedTable(refdata / "chr21/dbsnp149.split.tsv.gz") as table:
        for records, sequence in chunks(alleles, chromosome):
            column = Column("ID")
            rows = table.pieces("21", *extent(records, 0, SHIFT))
            annotate_known(records, 0, sequence, rows, [column])
            found += [column[at] for at in range(len(column))]
    return [
        (name, names)
        for name, names in zip(expected, found, strict=True)
        if name.encode() not in names.split(b"&")
    ]


def test_every_record_is_found_as_it_is(
    refdata: Path, dbsnp: list[Alleles], chromosome: str
) -> None:
    assert sum(len(alts) for _, _, alts, _ in dbsnp) == 119_853
    assert lost(refdata, dbsnp, chromosome) == []


def test_every_record_is_found_in_multi_allelic_ones(
    refdata: Path, dbsnp: list[Alleles], chromosome: str
) -> None:
    """Neighbours are merged to one record with a REF that spans them all."""
    merged: list[Alleles] = []
    for pos, ref, alts, names in dbsnp:
        if merged and len(merged[-1][2]) < 8 and pos - merged[-1][0] < 100:
            start, before, others, other_names = merged.pop()
            end = max(start + len(before), pos + len(ref))
            whole = chromosome[start - 1 : end - 1]
            tail = whole[len(before) :]
            head, behind = whole[: pos - start], whole[pos - start + len(ref) :]
            alleles = [alt + tail for alt in others] + [head + alt + behind for alt in alts]
            merged.append((start, whole, alleles, other_names + names))
        else:
            merged.append((pos, ref, alts, names))
    assert len(merged) < len(dbsnp) / 2
    assert lost(refdata, merged, chromosome) == []


def test_every_record_is_found_padded_and_moved_right(
    refdata: Path, dbsnp: list[Alleles], chromosome: str
) -> None:
    """Insertions and deletions at their right-most place, all with shared bases on both sides."""
    chance = random.Random(21)  # noqa: S311 - the same on every run
    badly: list[Alleles] = []
    moved = 0
    for pos, ref, alts, names in dbsnp:
        for alt, name in zip(alts, names, strict=True):
            start, gone, new = _rightmost(chromosome, pos - 1, ref, alt)
            moved += start > pos + 2
            head = chromosome[start - chance.randint(1, 5) : start]
            tail = chromosome[start + len(gone) : start + len(gone) + chance.randint(0, 5)]
            record = (start - len(head) + 1, head + gone + tail, [head + new + tail], [name])
            badly.append(record)
    assert moved > 1000
    assert lost(refdata, badly, chromosome) == []


def _rightmost(chromosome: str, start: int, ref: str, alt: str) -> tuple[int, str, str]:
    while ref and alt and ref[0] == alt[0]:
        ref, alt, start = ref[1:], alt[1:], start + 1
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    moving = ref or alt
    while not (ref and alt) and moving[0] == chromosome[start + len(ref)]:
        moving, start = moving[1:] + moving[0], start + 1
        ref, alt = (moving, "") if ref else ("", moving)
    return start, ref, alt


def test_regions_are_those_that_overlap(
    refdata: Path, dbsnp: list[Alleles], chromosome: str
) -> None:
    path = refdata / "chr21/biological_regions.bed.gz"
    with gzip.open(path, "rt") as lines:
        fields = [line.rstrip("\n").split("\t") for line in lines]
    regions = [(int(start), int(end), name) for _, start, end, name, *_ in fields]
    found = 0
    with IndexedTable(path) as table:
        for records, sequence in chunks(dbsnp, chromosome):
            column = Column("REGION")
            annotate_regions(records, 0, sequence, table.pieces("21", *extent(records, 0)), column)
            for at in range(len(column)):
                _, _, _, _, start, end, _ = records.allele(at)
                if start == end:  # an insertion: both neighbours
                    names = [name for s, e, name in regions if s < start < e]
                else:
                    names = [name for s, e, name in regions if s < end and start < e]
                assert column[at].decode() == "&".join(dict.fromkeys(names))
                found += bool(names)
    assert found > 500
