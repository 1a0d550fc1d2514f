"""Checks the columns FORMAT and those of the samples."""

import re

from gas.annotation.failure import malformed, over_limit
from gas.annotation.vcf.capacity import BYTES_A_CHARACTER, MOST_FORMAT_KEYS, MOST_SAMPLE_BYTES
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.values import FIELD_NAME, number_fault, short, too_many

# The minor version of VCF 4 from which a separator may stand before a genotype's first allele too.
LEADING_PHASE_SINCE = 4
_GENOTYPE = re.compile(r"(\.|[0-9]{1,9})([/|](\.|[0-9]{1,9}))*\Z")
_ALLELE_INDEX = re.compile(r"[0-9]+")


class SampleColumns:
    """Checks them as `RecordChecker` does the others."""

    def __init__(self, header: InputHeader) -> None:
        self._types = header.format_types
        self._leading_phase = header.minor_version >= LEADING_PHASE_SINCE

    def check(
        self, number: int, columns: list[str], alternates: int, undeclared: dict[str, None]
    ) -> None:
        """``columns`` are FORMAT and at least one sample; names go to ``undeclared``."""
        keys = columns[0].split(":")
        self._check_format(number, keys, undeclared)
        self._check_samples(number, keys, columns[1:], alternates)

    def _check_format(self, number: int, keys: list[str], undeclared: dict[str, None]) -> None:
        if keys == ["."]:
            return
        if len(keys) > MOST_FORMAT_KEYS:
            raise too_many(number, "column 9 (FORMAT)", len(keys), "names", MOST_FORMAT_KEYS)
        for key in keys:
            # A header may declare the dot, but none of the other tools would look there.
            if key == "." or (key not in self._types and not FIELD_NAME.match(key)):
                raise malformed(number, f"column 9 (FORMAT): {short(key)} is no name.")
            if key not in self._types:
                undeclared.setdefault(key)
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise malformed(number, f"column 9 (FORMAT): {short(twice)} is named more than once.")
        if "GT" in keys[1:]:
            raise malformed(number, "column 9 (FORMAT): GT must come first.")

    def _check_samples(
        self, number: int, keys: list[str], samples: list[str], alternates: int
    ) -> None:
        # A genotype is text, whatever the header may say.
        kinds = ["" if key == "GT" else self._types.get(key, "") for key in keys]
        widths = [0] * len(keys)
        for column, sample in enumerate(samples, start=10):
            values = sample.split(":")
            if len(values) > len(keys):
                raise malformed(
                    number, f"column {column}: more values than FORMAT names ({':'.join(keys)})."
                )
            for at, (key, kind, value) in enumerate(zip(keys, kinds, values, strict=False)):
                if value and (fault := number_fault(key, kind, value)):
                    raise malformed(number, f"column {column}: {fault}")
                widths[at] = max(widths[at], len(value))
            if keys[0] == "GT" and (fault := self._genotype_fault(values[0], alternates)):
                raise malformed(number, f"column {column}: {fault}")
        if not samples[-1] and keys != ["."]:
            raise malformed(
                number,
                f"column {column}: the last sample is empty; a missing value is written '.'.",
            )
        row = sum(BYTES_A_CHARACTER * (width + 1) for width in widths)
        if row * len(samples) > MOST_SAMPLE_BYTES:
            raise over_limit(
                f"Line {number}: the values of its {len(samples):,} samples are too long to be held "
                "side by side."
            )

    def _genotype_fault(self, genotype: str, alternates: int) -> str:
        has_prefix = genotype.startswith(("/", "|"))
        if not _GENOTYPE.match(genotype, int(has_prefix)):
            return f"{short(genotype)} is not a genotype."
        if has_prefix and not self._leading_phase:
            return (
                f"genotype {short(genotype)} begins with a separator, "
                f"which VCF allows from version 4.{LEADING_PHASE_SINCE} on."
            )
        highest = max(map(int, _ALLELE_INDEX.findall(genotype)), default=0)
        if highest > alternates:
            return (
                f"genotype {short(genotype)} names allele {highest}, "
                f"but the record has {alternates} alternate alleles."
            )
        return ""
