"""Tab-separated regions of any layout -> BED, sorted and indexed."""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from gas.annotation.reference.building.alleles import Genome
from gas.annotation.reference.building.lift import Chains, Place
from gas.annotation.reference.building.text import OnBytes, bgzip_writer, text_lines, unusable
from gas.annotation.reference.manifest import Contig
from gas.annotation.reference.recipe import Regions

_PLACEHOLDER = re.compile(r"\{(\w[^}]*)\}")
_BREAKS = re.compile(r"[\t\r\n]+")
_MULTIPLE = re.compile(r"\s*[;x]\s*")


class Places:
    """Where a source's regions lie on the genome."""

    def __init__(self, genome: Genome, chains: Chains | None = None) -> None:
        self._genome, self._chains = genome, chains

    def of(self, sequence: str, start: int, end: int) -> Place | None:
        """By the contig's own name; None for what is not on the genome, or empty."""
        lifted = self._chains.lift(sequence, start, end) if self._chains else (sequence, start, end)
        if lifted is None:
            return None
        sequence, start, end = lifted
        contig = self._genome.contig(sequence)
        if contig is None or not 0 <= start < end <= contig.length:
            return None
        return contig.name, start, end


def write_regions(
    regions: Regions,
    paths: list[Path],
    places: Places,
    contigs: list[Contig],
    target: Path,
    on_bytes: OnBytes,
) -> int:
    """Write ``target`` (``*.bed.gz``); the number of its rows.

    Rows are first put apart by contig on disk, so that only one contig is in memory at a time.
    Rows without a place on the genome are left out. Raises PermanentError REFERENCE_DAMAGED where
    nothing is left or a row cannot be read.
    """
    count = 0
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, bgzip_writer(target) as write:
        parts = _put_apart(regions, paths, places, Path(folder), on_bytes)
        for contig in contigs:
            if contig.name in parts:
                for start, end, value in sorted(set(_rows(parts[contig.name]))):
                    write(f"{contig.name}\t{start}\t{end}\t{value}\n")
                    count += 1
    if not count:
        raise unusable(paths[0], "none of its regions lies on the genome")
    return count


def _put_apart(
    regions: Regions, paths: list[Path], places: Places, folder: Path, on_bytes: OnBytes
) -> dict[str, Path]:
    parts: dict[str, Path] = {}
    streams: dict[str, TextIO] = {}
    with ExitStack() as stack:
        for path in paths:
            for contig, row in _placed(regions, path, places, on_bytes):
                if contig not in streams:
                    parts[contig] = folder / str(len(parts))
                    streams[contig] = stack.enter_context(
                        parts[contig].open("w", encoding="utf-8", errors="surrogateescape")
                    )
                streams[contig].write(row)
    return parts


def _rows(part: Path) -> Iterator[tuple[int, int, str]]:
    with part.open(encoding="utf-8", errors="surrogateescape") as stream:
        for line in stream:
            start, end, value = line.rstrip("\n").split("\t")
            yield int(start), int(end), value


def _placed(
    regions: Regions, path: Path, places: Places, on_bytes: OnBytes
) -> Iterator[tuple[str, str]]:
    """Contig, and ``start end value`` of each row that lies on it."""
    column: Callable[[str], int] = _by_number
    value_of = None if regions.header else _template(regions.value, column)
    for number, line in enumerate(text_lines(path, on_bytes), start=1):
        fields = line.split("\t")
        if value_of is None:
            column = _by_name(fields, path)
            value_of = _template(regions.value, column)
            continue
        if not line or line.startswith(("#", "track", "browser")):
            continue
        try:
            name = fields[column(regions.chromosome)]
            starts, ends = fields[column(regions.start)], fields[column(regions.end)]
            # The GWAS Catalog has rows without a place, and pairs of interacting variants.
            if not starts or _MULTIPLE.search(starts):
                continue
            start, end = int(starts) - regions.one_based, int(ends)
        except (IndexError, ValueError) as error:
            raise unusable(path, f"line {number} is no region: {error}") from error
        if place := places.of(name, start, end):
            value = _BREAKS.sub(" ", value_of(place[0], fields)).strip() or "1"
            yield place[0], f"{place[1]}\t{place[2]}\t{value}\n"


def _by_number(name: str) -> int:
    return int(name) - 1


def _by_name(header: list[str], path: Path) -> Callable[[str], int]:
    def column(name: str) -> int:
        if name not in header:
            raise unusable(path, f"its first line names no column {name!r}")
        return header.index(name)

    return column


def _template(template: str, column: Callable[[str], int]) -> Callable[[str, list[str]], str]:
    pieces = _PLACEHOLDER.split(template)
    fixed = pieces[0::2]
    indexes = [None if name == "contig" else column(name) for name in pieces[1::2]]

    def value(contig: str, fields: list[str]) -> str:
        text = fixed[0]
        for index, after in zip(indexes, fixed[1:], strict=True):
            text += (contig if index is None else fields[index]) + after
        return text

    return value
