"""Which plots a summary has. What it has no numbers for gets none."""

import re
from collections.abc import Iterator, Mapping, Sequence

from gas.annotation import Summary
from services.api.plots.drawing import Bin, Count, draw_bars, draw_columns, draw_stacks
from services.api.plots.model import Filters, Plot, Tone
from services.api.plots.words import plain, share_of

_IMPACTS: Mapping[str, Tone] = {
    "HIGH": "high",
    "MODERATE": "moderate",
    "LOW": "low",
    "MODIFIER": "modifier",
}
_SHOWN_CHROMOSOMES = 26  # those of a human and the mitochondrion
_SHOWN_GENES = 12
_SHOWN_SAMPLES = 12
_GENOTYPES: Sequence[tuple[Tone, str]] = (
    ("none", "as the reference"),
    ("first", "heterozygous"),
    ("second", "homozygous alternate"),
    ("third", "not wholly known"),
)
_UNKNOWN = "unknown"
_SHORTEST_AXIS = 10
_BASES_BETWEEN_TICKS = 10
_SEPARATORS = re.compile(r"[\s,;]")


def plots_of(summary: Summary, impacts: Mapping[str, str]) -> Sequence[Plot]:
    """In the order in which they are shown.

    ``impacts`` tells of Sequence Ontology terms which impact they have.
    """
    made = [
        *_impacts(summary),
        *_consequences(summary, impacts),
        *_genes(summary),
        *_types(summary),
        *_ti_tv(summary),
        *_chromosomes(summary),
        *_frequencies(summary),
        *_indels(summary),
        *_genotypes(summary),
        *_skipped(summary),
    ]
    return [plot for plot in made if plot.rows]


def _counts(
    name: str,
    title: str,
    caption: str,
    counts: Sequence[Count],
    *,
    heading: str,
    total: int,
    unit: str = "allele",
    shown: int | None = None,
) -> Plot:
    rows = [(entry.label, entry.count, share_of(entry.count, total)) for entry in counts]
    figure = draw_bars(counts[:shown], total=total, unit=unit)
    return Plot(
        name, title, caption, (heading, f"{unit[0].upper()}{unit[1:]}s", "Share"), rows, figure
    )


def _more(count: int) -> str:
    """What is said of rows that are not drawn."""
    return f" {count:,} more are in the table." if count > 0 else ""


def _impacts(summary: Summary) -> Iterator[Plot]:
    counts = [
        Count(impact, summary.impacts[impact], tone, {"impact": impact})
        for impact, tone in _IMPACTS.items()
        if impact in summary.impacts
    ]
    yield _counts(
        "impact",
        "Impact",
        "How much each allele is likely to change a gene's product, by its most severe consequence.",
        counts,
        heading="Impact",
        total=summary.annotated_alleles,
    )


def _consequences(summary: Summary, impacts: Mapping[str, str]) -> Iterator[Plot]:
    counts = [
        Count(term, count, _IMPACTS.get(impacts.get(term, ""), "plain"), {"consequence": term})
        for term, count in summary.consequences.items()
    ]
    yield _counts(
        "consequences",
        "Consequences",
        "The most severe consequence of each allele, in Sequence Ontology terms; colours are impacts.",
        counts,
        heading="Consequence",
        total=summary.annotated_alleles,
    )


def _genes(summary: Summary) -> Iterator[Plot]:
    counts = [
        Count(entry.gene, entry.alleles, filters=_of_gene(entry.gene))
        for entry in summary.top_genes
    ]
    yield _counts(
        "genes",
        "Genes with the most alleles",
        "Long genes have many variants by their length alone." + _more(len(counts) - _SHOWN_GENES),
        counts,
        heading="Gene",
        total=summary.annotated_alleles,
        shown=_SHOWN_GENES,
    )


def _of_gene(gene: str) -> Filters | None:
    """The explorer takes several genes in one value, so one with a separator cannot be meant."""
    return None if _SEPARATORS.search(gene) else {"gene": gene}


def _of_chromosome(name: str) -> Filters | None:
    """As a region, in which a colon would come before a position."""
    return None if ":" in name or _SEPARATORS.search(name) else {"region": name}


def _types(summary: Summary) -> Iterator[Plot]:
    counts = [Count(plain(kind), count) for kind, count in summary.variant_types.items()]
    yield _counts(
        "types",
        "Variant types",
        "What kind of change each allele is.",
        counts,
        heading="Type",
        total=summary.alleles,
    )


def _ti_tv(summary: Summary) -> Iterator[Plot]:
    """What is expected: DePristo et al. 2011, Nature Genetics 43:491, its table of ti/tv."""
    total = summary.transitions + summary.transversions
    if not total:
        return
    ratio = "no transversions, so no ratio" if summary.ti_tv is None else f"{summary.ti_tv:.2f}"
    yield _counts(
        "ti-tv",
        "Transitions and transversions",
        f"Ti/tv: {ratio}. About 2.1 is usual for a whole human genome and 3 for an exome; "
        "mitochondrial DNA has far more transitions.",
        [
            Count("Transitions (A↔G, C↔T)", summary.transitions, "first"),
            Count("Transversions", summary.transversions, "second"),
        ],
        heading="Change",
        total=total,
        unit="SNV",
    )


def _chromosomes(summary: Summary) -> Iterator[Plot]:
    counts = [
        Count(name, count, filters=_of_chromosome(name))
        for name, count in summary.chromosomes.items()
    ]
    caption = "Records by chromosome, in the order of the file."
    yield _counts(
        "chromosomes",
        "Chromosomes",
        caption + _more(len(counts) - _SHOWN_CHROMOSOMES),
        counts,
        heading="Chromosome",
        total=summary.records,
        unit="record",
        shown=_SHOWN_CHROMOSOMES,
    )


def _frequencies(summary: Summary) -> Iterator[Plot]:
    for source, counts in summary.frequencies.items():
        known = {label: count for label, count in counts.items() if label != _UNKNOWN}
        total = sum(counts.values())
        if not sum(known.values()):
            continue
        missing = counts.get(_UNKNOWN, 0)
        bins = [Bin(_bin_words(label), count, _tick(label)) for label, count in known.items()]
        rows = [
            (_bin_words(label), count, share_of(count, total)) for label, count in counts.items()
        ]
        yield Plot(
            f"frequency-{source.lower()}",
            f"Allele frequency: {source}",
            f"How common the alleles are in {source}; each bin is below its bound. "
            + (f"{missing:,} are not in it." if missing else "All alleles are in it."),
            ("Frequency", "Alleles", "Share"),
            rows,
            draw_columns(bins, unit="allele", axis="allele frequency"),
        )


def _tick(label: str) -> str:
    return label.replace(">=", "≥")


def _bin_words(label: str) -> str:
    if label == _UNKNOWN:
        return "not known"
    if label.startswith("<"):
        return f"below {label[1:]}"
    return f"{label[2:]} or more" if label.startswith(">=") else label


def _indels(summary: Summary) -> Iterator[Plot]:
    if not summary.indel_lengths:
        return
    counts = {int(label.lstrip("<>=")): n for label, n in summary.indel_lengths.items()}
    names = {int(label.lstrip("<>=")): label for label in summary.indel_lengths}
    reach = max(_SHORTEST_AXIS, *map(abs, counts))
    bins = [
        Bin(
            f"{names.get(length, length)} bases".replace("<=", "≤ ").replace(">=", "≥ "),
            counts.get(length, 0),
            f"{length:+}".replace("-", "−") if length else "0",  # noqa: RUF001 - a minus sign
            "second" if length < 0 else "first",
        )
        for length in range(-reach, reach + 1)
    ]
    every = _BASES_BETWEEN_TICKS if reach > _SHORTEST_AXIS else _BASES_BETWEEN_TICKS // 2
    ticked = [
        bin_ if length % every == 0 else Bin(bin_.words, bin_.count, None, bin_.tone)
        for length, bin_ in zip(range(-reach, reach + 1), bins, strict=True)
    ]
    total = sum(counts.values())
    yield Plot(
        "indels",
        "Lengths of insertions and deletions",
        "Bases gained (right) or lost (left); the outermost stand for all that are longer."
        if any(label[0] in "<>" for label in names.values())
        else "Bases gained (right) or lost (left).",
        ("Bases gained", "Alleles", "Share"),
        [(names[length], n, share_of(n, total)) for length, n in sorted(counts.items())],
        draw_columns(ticked, unit="allele", axis="bases gained"),
    )


def _genotypes(summary: Summary) -> Iterator[Plot]:
    rows = [(g.sample, (g.hom_ref, g.het, g.hom_alt, g.missing)) for g in summary.genotypes]
    yield Plot(
        "genotypes",
        "Genotypes by sample",
        "Records by each sample's genotype." + _more(len(rows) - _SHOWN_SAMPLES),
        ("Sample", *(name.capitalize() for _, name in _GENOTYPES)),
        [(sample, *counts) for sample, counts in rows],
        draw_stacks(rows[:_SHOWN_SAMPLES], _GENOTYPES, unit="record"),
    )


def _skipped(summary: Summary) -> Iterator[Plot]:
    counts = [Count(plain(reason), count) for reason, count in summary.skipped.items()]
    yield _counts(
        "unannotated",
        "Passed through without annotation",
        "They are in the result as they came, with the reason in GAS_SKIPPED.",
        counts,
        heading="Reason",
        total=summary.alleles,
    )
