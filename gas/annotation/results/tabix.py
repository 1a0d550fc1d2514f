"""The annotated VCF with its index, written while the records stream by."""

from pathlib import Path
from typing import BinaryIO

from gas.annotation.kernel.output.emit import VcfText
from gas.annotation.kernel.output.tabix import TabixIndex
from gas.annotation.results.bgzf import BLOCK_SIZE, Blocks, assemble, write_bgzip


class IndexedVcf:
    """Takes compressed chunks in order; the header comes last, when all of it is known.

    ``body`` is the path of a temporary file for the records.
    """

    def __init__(self, body: Path) -> None:
        self._path = body
        self._body: BinaryIO = body.open("wb")
        self._length = 0
        self._index = TabixIndex()

    def append(self, lines: VcfText, blocks: Blocks) -> None:
        """Add the ``blocks`` that `bgzip_blocks` made of ``lines``.

        Raises ValueError where the records are not sorted, or those of a contig not together.
        """
        self._index.add(lines, blocks.starts, self._length, BLOCK_SIZE)
        self._body.write(blocks.data)
        self._length += len(blocks.data)

    def finish(self, header: bytes, target: Path) -> None:
        """Write ``target`` and ``target``.tbi, and remove the body."""
        self._body.close()
        shift = assemble(header, [self._path], target)
        write_bgzip(target.with_name(f"{target.name}.tbi"), self._index.content(shift))
        self._path.unlink()

    def close(self) -> None:
        """Let go of the body without a result; harmless after `finish`."""
        self._body.close()
        self._path.unlink(missing_ok=True)
