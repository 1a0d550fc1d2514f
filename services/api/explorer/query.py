"""A view of a result: which variants, in which order, which part of them; as a URL has it."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from services.api.explorer.errors import invalid_filter

MOST_VALUES = 200
"""Of one filter; each of at most this many characters, too."""

LAST_PAGE = 100_000_000

_NAME = r"[A-Za-z_][0-9A-Za-z_.]{0,99}"
_REGION = re.compile(
    r"^(?P<chromosome>\S+?)(?::(?P<start>[\d,]+)(?:-(?P<end>[\d,]+))?)?$", re.ASCII
)
_LAST_BASE = 2**31 - 1  # the largest POS that VCF can hold (VCF 4.5, section 1.6.1)
_SEPARATORS = {"gene": re.compile(r"[\s,;]+"), "columns": re.compile(r",")}
_HOW_SHOWN = frozenset({"sort", "page", "size", "columns"})
_MANY = frozenset({"gene", "consequence", "impact", "significance", "filter", "columns"})


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("has characters that cannot be seen")
    return text


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("is no number")
    return number


def _sensible_region(text: str) -> str:
    region_of(text)
    return text


Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_VALUES),
    AfterValidator(_printable),
]
Words = Annotated[tuple[Word, ...], Field(max_length=MOST_VALUES)]
ColumnName = Annotated[str, StringConstraints(pattern=rf"^{_NAME}$")]


class Params(Protocol):
    """The query of a URL, as Starlette parses it."""

    def multi_items(self) -> list[tuple[str, str]]: ...


class Region(BaseModel):
    """Bases ``start`` to ``end`` of a chromosome, from 1, both included."""

    model_config = ConfigDict(frozen=True)

    chromosome: str
    start: int = 1
    end: int = _LAST_BASE


class ViewQuery(BaseModel):
    """Filters join by "and", values of one filter by "or"; they are what a URL's query has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gene: Words = Field((), description="Symbols, in any case; also as a list by commas")
    region: Annotated[Word, AfterValidator(_sensible_region)] | None = Field(
        None,
        description="chr1, 1:12345 or MT:100-200: alleles whose reference bases overlap it; "
        "with or without chr",
    )
    consequence: Words = Field((), description="Terms of the Sequence Ontology")
    impact: Words = Field((), description="HIGH, MODERATE, LOW or MODIFIER")
    known: Literal["known", "novel"] | None = Field(
        None, description="Whether any table of known variants has the allele"
    )
    frequency: ColumnName | None = Field(
        None, description="The column of frequencies that counts; by default the file's first"
    )
    max_frequency: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="Alleles without a frequency pass too"
    )
    significance: Words = Field((), description="Terms of ClinVar; in mitochondria, of MITOMAP")
    genotype: Literal["het", "hom", "any"] | None = Field(
        None, description="That a sample has: beside another allele, alone, or either"
    )
    min_quality: Annotated[float, AfterValidator(_finite)] | None = Field(
        None, description="QUAL; alleles without one do not pass"
    )
    filter: Words = Field((), description="Of FILTER: PASS, or what was not passed")
    text: Annotated[Word, Field(max_length=100)] | None = Field(
        None, description="Part of an identifier or of an HGVS name, in any case"
    )
    sort: Annotated[str, StringConstraints(pattern=rf"^-?{_NAME}$")] | None = Field(
        None,
        description="A column, -column for the other way round; by default the order of the file",
    )
    page: Annotated[int, Field(ge=1, le=LAST_PAGE)] = Field(1, description="From 1")
    size: Literal[25, 50, 100, 250] = Field(50, description="Alleles on a page")
    columns: Annotated[tuple[ColumnName, ...], Field(max_length=MOST_VALUES)] = Field(
        (), description="To be shown, in this order, by commas; by default some to begin with"
    )

    @classmethod
    def from_params(cls, params: Params, *, besides: Iterable[str] = ()) -> Self:
        """Of a URL's query; empty values count as not there, as forms send them.

        ``besides`` names parameters that are not for us. Raises a Problem (invalid_filter) that
        names the field, also for an unknown one: a misspelt filter must not show everything.
        """
        fields: dict[str, Any] = {}
        for name, value in params.multi_items():
            if name in besides or not value.strip():
                continue
            if name not in cls.model_fields:
                raise invalid_filter(name[:40], "There is no such filter.")
            if name in _MANY:
                fields[name] = (*fields.get(name, ()), *_split(name, value))
            else:
                fields[name] = value.strip()
        if "size" in fields and fields["size"].isdecimal():
            fields["size"] = int(fields["size"])  # a Literal is not converted
        return cls._checked(fields)

    def to_params(self) -> list[tuple[str, str]]:
        """The query of this view's URL, for ``urlencode``; nothing that is as by default."""
        params: list[tuple[str, str]] = []
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if value == field.default:
                continue
            if name == "columns":
                params.append((name, ",".join(value)))
            elif isinstance(value, tuple):
                params += [(name, part) for part in value]
            else:
                params.append((name, f"{value:.12g}" if isinstance(value, float) else str(value)))
        return params

    def changed(self, **changes: object) -> Self:
        """A view with other values, on its first page unless told; checked as a URL's."""
        return self._checked({**self.model_dump(), "page": 1, **changes})

    def is_filtered(self) -> bool:
        """Whether any variant may be missing from this view."""
        return any(name != "frequency" for name, _ in self.filter_params())

    def filter_params(self) -> tuple[tuple[str, str], ...]:
        """What decides which variants there are, and not how they are shown."""
        return tuple(param for param in self.to_params() if param[0] not in _HOW_SHOWN)

    @classmethod
    def _checked(cls, fields: Mapping[str, object]) -> Self:
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]) if first["loc"] else "view"
            sentence = str(first["msg"]).removeprefix("Value error, ")
            raise invalid_filter(name, sentence[:1].upper() + sentence[1:] + ".") from error


def _split(name: str, value: str) -> Sequence[str]:
    separator = _SEPARATORS.get(name)
    return [part for part in separator.split(value) if part] if separator else [value]


def region_of(text: str) -> Region:
    """``chr1``, ``1:12,345`` or ``MT:100-200``. Raises ValueError for anything else."""
    match = _REGION.match(text.strip())
    if match is None:
        raise ValueError("write it as chr1, chr1:12345 or chr1:10,000-20,000")
    chromosome, first, last = match["chromosome"], match["start"], match["end"]
    if first is None:
        return Region(chromosome=chromosome)
    start = _position(first)
    end = _position(last) if last is not None else start
    if not 1 <= start <= end:
        raise ValueError("the first base must be 1 or more, and not lie behind the last")
    return Region(chromosome=chromosome, start=start, end=min(end, _LAST_BASE))


def _position(text: str) -> int:
    digits = text.replace(",", "")
    if not 1 <= len(digits) <= 12:
        raise ValueError("a position has 1 to 12 digits")
    return int(digits)
