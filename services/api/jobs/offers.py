"""What may be asked for: the genomes on offer."""

from collections.abc import Sequence

from gas.domain.errors import ErrorCode
from services.api.problems import refusal


def offered_genome(name: str | None, offered: Sequence[str]) -> str:
    """The genome of this name, without one the first; raises a refusal for any other."""
    if name is None:
        return offered[0]
    if name not in offered:
        sentence = f"This genome is not on offer; choose from: {', '.join(offered)}."
        raise refusal(ErrorCode.UNKNOWN_GENOME, sentence)
    return name
