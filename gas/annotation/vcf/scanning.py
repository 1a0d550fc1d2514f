"""The fast scanner of an input's records, with the careful checker behind it."""

from collections.abc import Iterable

from gas.annotation.kernel.intake.names import Names
from gas.annotation.kernel.intake.scan import Scanner
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.record import EXTENTS, RecordChecker, Undeclared
from gas.annotation.vcf.sample_columns import LEADING_PHASE_SINCE
from gas.annotation.vcf.text import decoded, encoded

Learned = tuple[Iterable[bytes], Iterable[bytes], Iterable[bytes], Iterable[bytes]]


def scanner_for(header: InputHeader) -> Scanner:
    """A scanner of the records under ``header``. It is for one thread; make one for each.

    What it says of a chunk depends on the header and the chunk alone, whatever it scanned before:
    names it learned only spare later lines the slow way.
    """
    earlier = dict.fromkeys(header.earlier_fields, "")
    # The checker refuses filter names with spaces, declared or not.
    filters = [name for name in header.filters if " " not in name]
    return Scanner(
        _names(dict.fromkeys(header.contigs, "")),
        _names({**earlier, **header.info_types}, reaching=EXTENTS),
        _names(header.format_types),
        _names(dict.fromkeys(filters, "")),
        header.columns,
        header.minor_version >= LEADING_PHASE_SINCE,
        _Doubts(header),
    )


def add_undeclared(
    undeclared: Undeclared,
    found: tuple[dict[bytes, bool], dict[bytes, bool], dict[bytes, bool], dict[bytes, bool]],
) -> None:
    """Add what a `Scan` found; to be called in the order of the chunks."""
    contigs, info, formats, filters = found
    undeclared.contigs.update(dict.fromkeys(map(decoded, contigs)))
    for name, valued in info.items():
        text = decoded(name)
        undeclared.info[text] = undeclared.info.get(text, False) or valued
    undeclared.formats.update(dict.fromkeys(map(decoded, formats)))
    undeclared.filters.update(dict.fromkeys(map(decoded, filters)))


class _Doubts:
    """Judges the lines that the fast scan does not find plainly right."""

    def __init__(self, header: InputHeader) -> None:
        self._checker = RecordChecker(header)

    def __call__(self, number: int, line: bytes, has_no_end: bool) -> Learned:
        """The names the line uses undeclared; raises PermanentError when it is wrong."""
        self._checker.undeclared = names = Undeclared()
        self._checker.check_line(number, line, is_open=has_no_end)
        return (
            list(map(encoded, names.contigs)),
            list(map(encoded, names.info)),
            list(map(encoded, names.formats)),
            list(map(encoded, names.filters)),
        )


def _names(declared: dict[str, str], reaching: Iterable[str] = ()) -> Names:
    return Names(
        {encoded(name): kind for name, kind in declared.items()},
        frozenset(map(encoded, reaching)),
    )
