"""Refuses an input that was made for another genome than the one it is annotated against."""

from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.vcf.allele import SkipReason
from gas.annotation.vcf.record import Record
from gas.annotation.vcf.source import Chunk
from gas.annotation.vcf.text import decoded
from gas.domain.errors import ErrorCode, PermanentError

# Another genome agrees with ours at a quarter of the bases by chance; sporadic mismatches in an
# input made for ours are far fewer than one half.
MISMATCH_LIMIT = 0.5
_SHOWN_NAMES = 5


def check_declared_lengths(declared: dict[str, int | None], bundle: ReferenceBundle) -> None:
    """A chromosome of ours declared with another length is a chromosome of another genome.

    The known trap: the ``chrM`` of UCSC hg19 has 16,571 bases and is not the rCRS.
    """
    for name, length in declared.items():
        contig = bundle.contig(name)
        if contig and length is not None and length != contig.length:
            raise PermanentError(
                ErrorCode.REFERENCE_MISMATCH,
                f"The header declares {name} with {length:,} bases; in {bundle.name} "
                f"({bundle.build}) it has {contig.length:,}. The file was made for another genome.",
            )


class GenomeVerdict:
    """Gathers over all records what speaks for and against the genome."""

    def __init__(self, bundle: ReferenceBundle) -> None:
        self._bundle = bundle
        self._known_contig = False
        self._unknown_names: dict[str, None] = {}
        self._compared = 0
        self._mismatched = 0
        self._first_mismatch = ""

    def note(self, line_number: int, record: Record, reason: SkipReason | None) -> None:
        """``reason`` is why the record's first alternate is skipped, or None."""
        if reason is SkipReason.UNKNOWN_CONTIG:
            self._note_unknown(record.contig)
            return
        self._known_contig = True
        self._compared += 1
        if reason is SkipReason.REFERENCE_MISMATCH:
            self._mismatched += 1
            self._first_mismatch = self._first_mismatch or (
                f"line {line_number}, {record.contig}:{record.position}, REF {record.reference[:30]}"
            )

    def note_run(self, chunk: Chunk, contig: str, placed: tuple[int, int, int] | None) -> None:
        """Note a run of one contig: ``placed`` is what `place` returned, None of an unknown contig."""
        if placed is None:
            self._note_unknown(contig)
            return
        compared, mismatched, first_mismatch = placed
        self._known_contig = True
        self._compared += compared
        self._mismatched += mismatched
        if mismatched and not self._first_mismatch:
            end = chunk.text.find(b"\n", first_mismatch)
            line = chunk.text[first_mismatch : end if end >= 0 else None]
            _, position, _, reference, _ = decoded(line).split("\t", 4)
            self._first_mismatch = (
                f"line {chunk.line_number(first_mismatch)}, {contig}:{position}, "
                f"REF {reference[:30]}"
            )

    def _note_unknown(self, contig: str) -> None:
        if len(self._unknown_names) <= _SHOWN_NAMES:
            self._unknown_names.setdefault(contig)

    def judge(self) -> None:
        """Raises PermanentError UNKNOWN_CONTIG or REFERENCE_MISMATCH."""
        if not self._known_contig:
            names = list(self._unknown_names)
            shown = ", ".join(names[:_SHOWN_NAMES]) + (", …" if len(names) > _SHOWN_NAMES else "")
            ours = ", ".join(contig.name for contig in self._bundle.contigs[:_SHOWN_NAMES])
            raise PermanentError(
                ErrorCode.UNKNOWN_CONTIG,
                f"No record lies on a chromosome of {self._bundle.name} ({ours}); "
                f"the file's are: {shown}.",
            )
        if self._mismatched > MISMATCH_LIMIT * self._compared:
            raise PermanentError(
                ErrorCode.REFERENCE_MISMATCH,
                f"The REF of {self._mismatched:,} of {self._compared:,} records differs from "
                f"{self._bundle.name} ({self._bundle.build}); first at {self._first_mismatch}. "
                "The file was made for another genome.",
            )
