"""What a page says of a check: the facts of a report in words, and which genome fits better."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gas.annotation.preflight import PreflightReport
from gas.annotation.preflight.report import ContigReport, GenomeReport
from gas.domain.wording import size
from services.api.web.filters import number

_SHOWN_NAMES = 8
_FITS = 0.9
_CLEARLY_BETTER = 0.05


@dataclass(frozen=True)
class Fact:
    """A line of a report: what it is about, and one or more things to say of it."""

    name: str
    texts: Sequence[str]


def facts(report: PreflightReport) -> Iterator[Fact]:
    """What there is to know; what is not known is left out."""
    kind = f"VCF {report.vcf_version}" if report.vcf_version else None
    parts = [kind, report.form, size(report.coverage.bytes_total)]
    yield Fact("File", [", ".join(part for part in parts if part)])
    if report.form:
        about = "" if report.records.exact else "about "
        yield Fact("Records", [about + number(report.records.count)])
        count, names = report.samples.count, report.samples.names
        yield Fact("Samples", [f"{number(count)}: {_listed(names, count)}" if count else "none"])
    if report.contigs:
        names = [_contig(contig) for contig in report.contigs]
        yield Fact("Chromosomes", [_listed(names, len(names))])
    if report.genomes:
        yield Fact("Genome", [_fit(genome, report.genome) for genome in report.genomes])
    if report.is_sorted is not None:
        yield Fact("Sorted", ["yes" if report.is_sorted else "no; the result will be"])
    if report.passed_through:
        yield Fact(
            "Stays unannotated",
            [
                f"{reason.replace('_', ' ')}: {number(count)}"
                for reason, count in report.passed_through.items()
            ],
        )
    if not report.coverage.complete:
        yield Fact("Looked at", [report.coverage.sentence])


def confirmation(report: PreflightReport) -> str | None:
    """That the file is of the genome it is to be annotated by, as far as that can be told."""
    genome = next((one for one in report.genomes if one.name == report.genome), None)
    if genome is None or genome.match_rate is None:
        return None
    return f"Genome {genome.name} ({genome.build}): {_agreement(genome, genome.match_rate)}."


def better_genome(report: PreflightReport, chosen: str, offered: Iterable[str]) -> str | None:
    """An offered genome that the file clearly fits better than the ``chosen`` one.

    Equal ones are none: the mitochondrion of GRCh38 is the rCRS.
    """
    rates = {
        genome.name: genome.match_rate
        for genome in report.genomes
        if genome.match_rate is not None and genome.name in set(offered)
    }
    if not rates:
        return None
    best = max(rates, key=lambda name: rates[name])
    clearly = rates[best] >= _FITS and rates[best] - rates.get(chosen, 0) >= _CLEARLY_BETTER
    return best if best != chosen and clearly else None


def _listed(names: Sequence[str], total: int) -> str:
    shown = ", ".join(names[:_SHOWN_NAMES])
    return f"{shown}, …" if total > _SHOWN_NAMES else shown


def _contig(contig: ContigReport) -> str:
    if contig.reference_name is None:
        return f"{contig.name} (unknown)"
    same = contig.reference_name == contig.name
    return contig.name if same else f"{contig.name} (= {contig.reference_name})"


def _fit(genome: GenomeReport, chosen: str | None) -> str:
    said = (
        "no REF could be compared"
        if genome.match_rate is None
        else _agreement(genome, genome.match_rate)
    )
    if genome.lengths_differing:
        said += f"; other lengths: {', '.join(genome.lengths_differing)}"
    compared = "" if genome.name == chosen else ", for comparison"
    return f"{genome.name} ({genome.build}){compared}: {said}"


def _agreement(genome: GenomeReport, rate: float) -> str:
    alleles = "REF allele agrees" if genome.compared == 1 else "REF alleles agree"
    return f"{_rate(rate)} of {number(genome.compared)} compared {alleles}"


def _rate(fraction: float) -> str:
    """Rounded down, so that 100 % means all."""
    tenths = int(fraction * 1000)
    return f"{tenths / 10:.0f} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"
