"""The alleles as bcftools csq gets them: normalised, each once, with nothing else of the input."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle, groupby
from pathlib import Path
from typing import NamedTuple

from gas.annotation.bcsq import bcftools
from gas.annotation.bcsq.genes import Stretches, models_of
from gas.annotation.bcsq.haplotypes import HAPLOTYPES, Phasing, carriers, merged
from gas.annotation.bcsq.reference import Allele, Reference
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.reference.manifest import Contig

_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_BASES = frozenset("ACGT")
_SORT_MEMORY = "64M"
_second = cycle((False, True))


class Site(NamedTuple):
    """A record: the bundle's contig name, POS, REF and the alternates as the input has them.

    ``genotypes`` are GT and ``phase_sets`` PS, one of each a sample, as text. Their order is free,
    best is sorted. Alleles that are no bases, or whose REF is not that
    of the reference, are left out.
    """

    contig: str
    position: int
    reference: str
    alternates: Sequence[str]
    genotypes: Sequence[str] = ()
    phase_sets: Sequence[str] = ()


class CleanCopy:
    """Writes the alleles of each contig to a file of its own in ``work_dir``.

    ``samples`` is 0 where haplotypes do not matter. Alleles apart from all genes are left out: csq
    says nothing of them.
    """

    def __init__(
        self, bundle: ReferenceBundle, reference: Reference, samples: int, work_dir: Path
    ) -> None:
        self._bundle = bundle
        self._reference = reference
        self._samples = samples
        self._work_dir = work_dir
        self._stretches: dict[str, Stretches] = {}
        self._phasing: dict[str, Phasing] = {}
        self.files: dict[str, Path] = {}

    def write(self, sites: Iterable[Site]) -> None:
        """Fill ``files``, by the names of the contigs that have alleles in or near genes."""
        for name, those in groupby(sites, key=lambda site: site.contig):
            if name not in self._stretches:
                self._stretches[name] = Stretches(models_of(self._bundle, name))
                self._phasing[name] = Phasing(self._samples)
            lines = self._lines(name, those)
            for first in lines:  # the others follow: no file is begun for none
                if name not in self.files:
                    self._begin(name)
                with self.files[name].open("a", encoding="ascii") as out:
                    out.write(first)
                    out.writelines(lines)

    def _begin(self, name: str) -> None:
        self.files[name] = self._work_dir / f"alleles.{len(self.files)}.vcf"
        contigs = [contig for contig in self._bundle.contigs if contig.name == name]
        self.files[name].write_text(_header(contigs, self._samples), encoding="ascii")

    def _lines(self, name: str, sites: Iterable[Site]) -> Iterator[str]:
        stretches, phasing = self._stretches[name], self._phasing[name]
        for site in sites:
            stretch = stretches.at(site.position, len(site.reference))
            if stretch is None:
                continue
            haplotypes: list[str] = []
            if self._samples:
                haplotypes = phasing.columns(site.genotypes, site.phase_sets, stretch)
            for index, allele in _alleles(site, self._reference):
                contig, position, reference, alternate = self._reference.normal(allele)
                line = f"{contig}\t{position}\t.\t{reference}\t{alternate}\t.\t.\t."
                if self._samples:
                    line += "\tGT\t" + "\t".join(carriers(haplotypes, index))
                yield f"{line}\n"


def _header(contigs: list[Contig], samples: int) -> str:
    declared = [f"##contig=<ID={contig.name},length={contig.length}>" for contig in contigs]
    # csq keeps in static memory where the last file of this process began, and calls the next one
    # unsorted if that has the same contig number and begins before. So numbers alternate; no
    # file may be without records.
    if next(_second):
        declared.insert(0, "##contig=<ID=none>")
    columns = [*_COLUMNS, "FORMAT"] if samples else [*_COLUMNS]
    columns += (f"h{number}" for number in range(samples * HAPLOTYPES))
    genotype = '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">'
    return "\n".join(["##fileformat=VCFv4.2", *declared, genotype, "\t".join(columns)]) + "\n"


def _alleles(site: Site, reference: Reference) -> Iterator[tuple[int, Allele]]:
    """The alleles that can be annotated, with their numbers as genotypes have them."""
    bases = site.reference.upper()
    if not _is_sequence(bases) or bases != reference.bases(site.contig, site.position, len(bases)):
        return
    for index, alternate in enumerate(map(str.upper, site.alternates), start=1):
        if _is_sequence(alternate) and alternate != bases:
            yield index, Allele(site.contig, site.position, bases, alternate)


def _is_sequence(bases: str) -> bool:
    return bool(bases) and _BASES.issuperset(bases)


def distinct(raw: Path) -> Path:
    """The sorted alleles, each of them once: csq would skip a haplotype that has one twice."""
    in_order, target = raw.with_suffix(".sorted.vcf"), raw.with_suffix(".distinct.vcf")
    scratch = str(raw.with_suffix(".sort."))
    bcftools.run(
        *("sort", "-m", _SORT_MEMORY, "-T", scratch, "-O", "v", "-o", str(in_order), str(raw))
    )
    with in_order.open(encoding="ascii") as lines, target.open("w", encoding="ascii") as out:
        for _, those in groupby(lines, key=lambda line: line.split("\t", 2)[:2]):
            out.writelines(_merged(those))
    raw.unlink()
    in_order.unlink()
    return target


def _merged(lines: Iterable[str]) -> Iterator[str]:
    """The lines of one position, those of the same allele made one; header lines as they are."""
    alleles: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("#"):
            yield line
            continue
        columns = line.rstrip("\n").split("\t")
        fixed, haplotypes = "\t".join(columns[:9]), columns[9:]
        earlier = alleles.get(fixed)
        alleles[fixed] = merged(earlier, haplotypes) if earlier else haplotypes
    for fixed, haplotypes in alleles.items():
        yield "\t".join([fixed, *haplotypes]) + "\n"
