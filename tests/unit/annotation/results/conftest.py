"""Chunks scanned as the engine does it, and columns of annotations made up."""

from collections.abc import Sequence

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.intake.place import place
from gas.annotation.kernel.intake.scan import Scan
from gas.annotation.kernel.records import Records
from gas.annotation.kernel.sequence import Sequence as Reference
from gas.annotation.vcf.header import InputHeader, read_header
from gas.annotation.vcf.scanning import scanner_for

META = (
    "##fileformat=VCFv4.4",
    "##contig=<ID=1,length=536870911>",
    "##contig=<ID=2,length=536870911>",
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##INFO=<ID=SVLEN,Number=A,Type=Integer,Description="Length">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=LEN,Number=1,Type=Integer,Description="Length of block">',
)
_COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
_REFERENCE = Reference(10_000, [(0, b"A" * 10_000)])


def header_of(samples: Sequence[str] = (), meta: Sequence[str] = META) -> InputHeader:
    columns = "\t".join([_COLUMNS, "FORMAT", *samples]) if samples else _COLUMNS
    return read_header(iter(enumerate([*meta, columns], 1)))


def scan_text(text: bytes, samples: Sequence[str] = (), *, placed: bool = True) -> Scan:
    """A chunk scanned; ``placed`` on contigs that are poly-A, of 10,000 bases."""
    scan = scanner_for(header_of(samples)).scan(text, 1)
    if placed:
        for run in range(len(scan.runs)):
            place(scan.records, run, _REFERENCE)
    return scan


def scan_lines(*lines: str, samples: Sequence[str] = ()) -> Scan:
    return scan_text("".join(f"{line}\n" for line in lines).encode(), samples)


def column_of(name: str, *values: str) -> Column:
    column = Column(name)
    for value in values:
        column.append(value.encode())
    return column


def empty_column(records: Records, name: str = "NONE") -> Column:
    return column_of(name, *[""] * records.count_of_alleles)
