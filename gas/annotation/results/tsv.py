"""``variants.tsv.gz``: one line an alternate allele, as R, pandas and DuckDB read it unasked.

Its first line has the names of the columns, what is missing is empty, and a cell with a quotation
mark is quoted. How the file was made stands in the manifest beside it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from gas.annotation.results.bgzf import END_OF_FILE, Blocks, bgzip_blocks
from gas.annotation.results.info import Field, with_free_names

FIXED_COLUMNS = ("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER")


class TsvFile:
    """Takes compressed chunks in order.

    ``fields`` are named as they shall be in the table, but for GAS_ before a name of FIXED_COLUMNS.
    """

    def __init__(self, target: Path, fields: Sequence[Field]) -> None:
        self._out: BinaryIO = target.open("wb")
        fields = with_free_names(fields, FIXED_COLUMNS)
        names = [*FIXED_COLUMNS, *(field.name for field in fields)]
        self._out.write(bgzip_blocks("\t".join(names).encode() + b"\n").data)

    def append(self, blocks: Blocks) -> None:
        """Add what `bgzip_blocks` made of `kernel.table.write_tsv`."""
        self._out.write(blocks.data)

    def finish(self) -> None:
        self._out.write(END_OF_FILE)
        self._out.close()

    def close(self) -> None:
        """Let go of the file without finishing it; harmless after `finish`."""
        self._out.close()
