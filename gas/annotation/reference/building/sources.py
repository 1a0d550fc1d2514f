"""Reads alleles and their values out of what others publish: VCF, and text tables."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from gas.annotation.reference.building.known import JOIN, MISSING, KnownAllele
from gas.annotation.reference.building.text import OnBytes, text_lines, unusable
from gas.annotation.reference.recipe import Column, Known

_DECLARATION = re.compile(r"##INFO=<ID=(?P<name>[^,]+),Number=(?P<number>[^,]+),Type=(?P<type>\w+)")
_SPACES = re.compile(r"\s+")

_Info = dict[str, str]
_Values = Callable[[str, _Info, int], str]
"""ID column, INFO entries, number of the alternate from 0 -> the value of that alternate."""


def known_alleles(known: Known, paths: Iterable[Path], on_bytes: OnBytes) -> Iterator[KnownAllele]:
    """Every alternate allele of the source, with the values of the recipe's columns."""
    for path in paths:
        read = _from_vcf if known.form == "vcf" else _from_table
        yield from read(known, path, on_bytes)


def _from_vcf(known: Known, path: Path, on_bytes: OnBytes) -> Iterator[KnownAllele]:
    numbers: dict[str, str] = {}
    readers: list[_Values] = []
    wanted = {column.origin.removeprefix("INFO/") for column in known.columns}
    for line in text_lines(path, on_bytes):
        if line.startswith("##"):
            if match := _DECLARATION.match(line):
                numbers[match["name"]] = match["number"]
        elif line.startswith("#"):
            readers = [_reader(column, numbers, path) for column in known.columns]
        else:
            if not readers:
                raise unusable(path, "it is not a VCF with a header")
            contig, position, identifier, reference, alternates, _, _, info = line.split("\t", 8)[
                :8
            ]
            entries = _entries(info, wanted)
            for number, alternate in enumerate(alternates.split(",")):
                values = tuple(read(identifier, entries, number) for read in readers)
                yield KnownAllele(contig, int(position), reference, alternate, values)


def _entries(info: str, wanted: set[str]) -> _Info:
    entries = {}
    for entry in info.split(";"):
        name, _, value = entry.partition("=")
        if name in wanted:
            entries[name] = value
    return entries


def _reader(column: Column, numbers: dict[str, str], path: Path) -> _Values:
    """How to find the value of an alternate, by the field's Number in the source's header."""
    if column.origin == "ID":
        return lambda identifier, _info, _number: identifier.replace(";", JOIN)
    name = column.origin.removeprefix("INFO/")
    if name not in numbers:
        raise unusable(path, f"its header does not declare INFO {name}")
    if column.studies:
        return lambda _, info, number: _of_study(info.get(name, ""), column.studies, number)
    if numbers[name] in ("A", "R"):
        first = 0 if numbers[name] == "A" else 1
        return lambda _, info, number: _nth(info.get(name, ""), first + number)
    if numbers[name] == "0":
        return lambda _, info, _number: "1" if name in info else MISSING
    return lambda _, info, _number: _listed(info.get(name, ""), column.separator)


def _nth(values: str, index: int) -> str:
    entries = values.split(",")
    return entries[index] if index < len(entries) and entries[index] else MISSING


def _of_study(frequencies: str, studies: tuple[str, ...], number: int) -> str:
    """Of dbSNP's FREQ: ``study:frequency of REF,of the first ALT,…`` joined by ``|``."""
    found = dict(entry.partition(":")[::2] for entry in frequencies.split("|"))
    values = next((found[study] for study in studies if study in found), "")
    return _nth(values, number + 1)


def _listed(value: str, separator: str) -> str:
    """Several values joined by '&'; spaces, which INFO forbids, as underscores."""
    entries = (_SPACES.sub("_", entry.strip(" _")) for entry in value.split(separator))
    return (
        JOIN.join(dict.fromkeys(entry for entry in entries if entry not in ("", MISSING)))
        or MISSING
    )


def _from_table(known: Known, path: Path, on_bytes: OnBytes) -> Iterator[KnownAllele]:
    picks = [(int(column.origin) - 1, column.separator) for column in known.columns]
    for line in text_lines(path, on_bytes):
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        contig, position, reference, alternate = fields[:4]
        values = tuple(_listed(fields[index], separator) for index, separator in picks)
        yield KnownAllele(contig, int(position), reference, alternate, values)
