"""A table of what bcftools csq says of an input's alleles, for the join of known variants.

Nothing of the input reaches csq but alleles and haplotypes that were written anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pysam

from gas.annotation.bcsq import bcftools
from gas.annotation.bcsq.clean_copy import CleanCopy, Site, distinct
from gas.annotation.bcsq.compounds import Compounds
from gas.annotation.bcsq.corrections import Corrections
from gas.annotation.bcsq.genes import models_of, write_gff3
from gas.annotation.bcsq.reference import Allele, Reference
from gas.annotation.genes.model import Transcript
from gas.annotation.options import Bcsq
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.reference.manifest import Contig

# Longer peptides are abbreviated: a frameshift would otherwise spell the rest of the protein.
_SPELLED_RESIDUES = "10"
_NAME = "bcsq.tsv"


def csq_options(mode: Bcsq, genetic_code: int) -> list[str]:
    """The options of bcftools csq that decide what it says; a result's header records them."""
    together = ["-p", "s"] if mode is Bcsq.HAPLOTYPE else ["-l", "-s", "-"]
    return [*together, "-C", str(genetic_code), "-B", _SPELLED_RESIDUES]


def make_bcsq_table(
    sites: Iterable[Site],
    samples: Sequence[str],
    bundle: ReferenceBundle,
    mode: Bcsq,
    work_dir: Path,
) -> Path:
    """Write a tabix-indexed table CHROM POS REF ALT BCSQ into ``work_dir``; returns its path.

    One row an allele that csq says something of, normalised and sorted. The value is a list of
    entries joined by ',' and must reach INFO as it is. In HAPLOTYPE mode, an allele that no phased
    haplotype carries is judged alone. Only the child process may call this (rule R8).

    Raises BcftoolsError where a command fails.
    """
    table = work_dir / _NAME
    contigs = {contig.name: contig for contig in bundle.contigs}
    count = len(samples) if mode is Bcsq.HAPLOTYPE else 0
    with (
        Reference(bundle) as reference,
        table.open("w", encoding="ascii") as out,
        TemporaryDirectory(prefix="bcsq-", dir=work_dir) as scratch,
    ):
        copy = CleanCopy(bundle, reference, count, Path(scratch))
        copy.write(sites)
        for name, raw in copy.files.items():
            models = models_of(bundle, name)
            contig = contigs[name]
            corrections = Corrections(models, contig.genetic_code, reference)
            alleles = distinct(raw)
            for allele, entries in _answers(alleles, models, bundle, contig, mode):
                if entries:
                    value = ",".join(corrections.corrected(allele, entry) for entry in entries)
                    out.write("\t".join([*map(str, allele), value]) + "\n")
    return _indexed(table)


def _answers(
    alleles: Path, models: list[Transcript], bundle: ReferenceBundle, contig: Contig, mode: Bcsq
) -> Iterable[tuple[Allele, list[str]]]:
    gff3 = alleles.with_suffix(".gff3")
    write_gff3(gff3, contig.name, models)
    alone = _ask(alleles, gff3, bundle, contig.genetic_code, Bcsq.LOCAL)
    if mode is Bcsq.LOCAL:
        return alone
    together = Compounds(_ask(alleles, gff3, bundle, contig.genetic_code, Bcsq.HAPLOTYPE))
    return _first_choice(together.resolved(), alone)


def _ask(alleles: Path, gff3: Path, bundle: ReferenceBundle, code: int, mode: Bcsq) -> "Answers":
    answers = alleles.with_suffix(f".{mode}.vcf")
    fasta = str(bundle.path(bundle.sequence.file))
    bcftools.run(
        *("csq", *csq_options(mode, code), "-f", fasta, "-g", str(gff3)),
        *("-O", "v", "-o", str(answers), str(alleles)),
    )
    return Answers(answers)


class Answers:
    """csq's entries for each allele, in the order of its input; may be gone through repeatedly."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[tuple[Allele, list[str]]]:
        with self._path.open(encoding="ascii") as lines:
            for line in lines:
                if not line.startswith("#"):
                    contig, position, _, reference, alternate, *_, info = line.split("\t", 8)[:8]
                    found = info.rstrip("\n").removeprefix("BCSQ=")
                    entries = found.split(",") if found != info.rstrip("\n") else []
                    yield Allele(contig, int(position), reference, alternate), entries


def _first_choice(
    first: Iterable[tuple[Allele, list[str]]], second: Iterable[tuple[Allele, list[str]]]
) -> Iterator[tuple[Allele, list[str]]]:
    for (allele, entries), (_, otherwise) in zip(first, second, strict=True):
        yield allele, entries or otherwise


def _indexed(table: Path) -> Path:
    packed = table.with_name(f"{table.name}.gz")
    pysam.tabix_compress(str(table), str(packed), force=True)
    table.unlink()
    pysam.tabix_index(str(packed), seq_col=0, start_col=1, end_col=1, force=True)
    return packed
