"""What a user may choose about an annotation."""

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_MOST_THREADS = 8


class Content(StrEnum):
    """How much is added: everything the bundle has, or consequences in genes alone."""

    ALL = "all"
    CONSEQUENCES = "consequences"


class Bcsq(StrEnum):
    """Whether bcftools csq is asked too, for its own BCSQ field.

    LOCAL judges each allele alone; HAPLOTYPE joins the phased alleles of a haplotype, so that
    two changes in one codon are judged together.
    """

    NONE = "none"
    LOCAL = "local"
    HAPLOTYPE = "haplotype"


@dataclass(frozen=True)
class Options:
    """``tables`` asks for the Parquet and TSV files beside the VCF.

    ``threads`` is how many chunks are annotated at a time; 0 means one a core, up to eight, beyond
    which reading and writing are what takes the time.
    """

    content: Content = Content.ALL
    bcsq: Bcsq = Bcsq.NONE
    tables: bool = True
    threads: int = 0

    @property
    def thread_count(self) -> int:
        return self.threads or min(_cores(), _MOST_THREADS)

    def arguments(self) -> list[str]:
        """The arguments of ``gas annotate`` that choose the same, as far as results depend on it."""
        only = ["--only", str(self.content)] if self.content is not Content.ALL else []
        bcsq = ["--bcsq", str(self.bcsq)] if self.bcsq is not Bcsq.NONE else []
        return only + bcsq

    def to_json(self) -> dict[str, Any]:
        return vars(self).copy()

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Options":
        return cls(
            **{**fields, "content": Content(fields["content"]), "bcsq": Bcsq(fields["bcsq"])}
        )


DEFAULT_OPTIONS = Options()


def _cores() -> int:
    """The cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
