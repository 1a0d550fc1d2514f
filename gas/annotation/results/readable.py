"""A last look at the annotated VCF through htslib, as other tools will take it.

Every record was proven right by the scan, whose tests show that htslib accepts what it accepts; to
parse all of them again would cost more than to annotate them. What is looked at here are the header,
which goes to the output much as the input has it, and a sample of the records, by the index.
"""

from itertools import islice
from pathlib import Path

import pysam

from gas.domain.errors import ErrorCode, PermanentError

_RECORDS = 100
_CONTIGS = 100


def ensure_readable(target: Path, contigs: list[str]) -> None:
    """Read ``target``'s header, and the first records of the first ``contigs`` by its index.

    Raises PermanentError MALFORMED_VCF for what htslib refuses: it came from the input.
    """
    try:
        vcf = pysam.VariantFile(str(target))
    except (OSError, ValueError) as error:
        raise _refused(f"The header cannot be parsed by common VCF tools ({error}).") from error
    with vcf:
        for contig in contigs[:_CONTIGS]:
            try:
                found = sum(1 for _ in islice(vcf.fetch(contig), _RECORDS))
            except (OSError, ValueError) as error:
                raise _refused(
                    f"The records of {contig} cannot be parsed by common VCF tools ({error})."
                ) from error
            if not found:
                raise RuntimeError(f"{target} has no record of {contig}, by its index")


def _refused(what: str) -> PermanentError:
    return PermanentError(ErrorCode.MALFORMED_VCF, what)
