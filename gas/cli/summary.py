"""The summary of an annotation, for people."""

from collections.abc import Iterator, Mapping

from gas.annotation import Summary

_MOST = 8


def summary_lines(summary: Summary) -> Iterator[str]:
    """A few lines: what went in, what was found."""
    yield (
        f"{summary.records:,} records, {summary.alleles:,} alleles"
        f" ({summary.multiallelic_records:,} records multi-allelic), genome {summary.genome}"
    )
    yield (
        f"{summary.annotated_alleles:,} alleles annotated: "
        f"{summary.with_consequence:,} with a consequence, "
        f"{summary.known:,} known, {summary.novel:,} novel"
    )
    yield f"variant types: {_counts(summary.variant_types)}"
    yield f"consequences: {_counts(summary.consequences)}"
    yield f"impacts: {_counts(summary.impacts)}"
    ratio = "no transversions" if summary.ti_tv is None else f"ti/tv {summary.ti_tv:.2f}"
    yield (f"{summary.transitions:,} transitions, {summary.transversions:,} transversions: {ratio}")
    if summary.skipped:
        yield f"passed through unannotated: {_counts(summary.skipped)}"
    for warning in summary.warnings:
        yield f"warning: {warning}"


def _counts(counts: Mapping[str, int]) -> str:
    """The most frequent first."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{name} {count:,}" for name, count in ranked[:_MOST])
    return f"{shown}, {len(ranked) - _MOST} more" if len(ranked) > _MOST else shown or "none"
