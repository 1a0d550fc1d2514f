"""Bundles for tests, built by the builders that make the real ones."""

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

from gas.annotation.reference.building.build import Obtained, build_bundle
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.reference.manifest import Fetched
from gas.annotation.reference.recipe import Recipe, file_name, find_recipe
from gas.annotation.reference.verification import sha256_of

CHR21_RECIPE = Path(__file__).with_name("chr21.toml")
_DBSNP = "dbsnp149.vcf.gz"


def build_chr21(refdata: Path, target: Path) -> ReferenceBundle:
    """Build the slice of GRCh38's chromosome 21 in ``refdata`` into the folder ``target``.

    Known columns: DBSNP, AF (1000 Genomes, of the very allele), AF_AFR, AF_AMR, AF_EAS, AF_EUR,
    AF_SAS, GNOMAD_AF and CLNSIG; one region track, REGULATORY.
    """
    mirror = target.parent / f"{target.name}.mirror"
    try:
        mirror_of_chr21(refdata, mirror)
        return build_from(find_recipe(str(CHR21_RECIPE)), mirror, target)
    finally:
        shutil.rmtree(mirror, ignore_errors=True)


def mirror_of_chr21(refdata: Path, mirror: Path) -> None:
    """A folder with the files that the recipe names, made of the reference data."""
    mirror.mkdir(parents=True)
    for name in ("chr21.fa.gz", "chr21.gff3.gz", "biological_regions.bed.gz"):
        shutil.copyfile(refdata / "chr21" / name, mirror / name)
    with (
        gzip.open(refdata / "chr21" / _DBSNP, "rt") as source,
        gzip.open(mirror / _DBSNP, "wt", compresslevel=1) as out,
    ):
        out.writelines(_with_allele_frequencies(source))


def build_from(recipe: Recipe, mirror: Path, target: Path) -> ReferenceBundle:
    urls = [url for part in recipe.downloads() for url in part.all_urls()]
    return build_bundle(
        recipe,
        {url: _obtained(url, mirror) for url in urls},
        target,
        lambda *_: None,
    )


def _obtained(url: str, mirror: Path) -> Obtained:
    path = mirror / file_name(url)
    return Obtained(path, Fetched(url=url, size=path.stat().st_size, sha256=sha256_of(path)))


def _with_allele_frequencies(lines: Iterator[str]) -> Iterator[str]:
    """The minor allele's frequency becomes AF, a value for each alternate.

    Ensembl writes the minor allele without the base before it, '-' for a deletion of all.
    """
    for line in lines:
        if line.startswith("##INFO=<ID=MAF,"):
            yield '##INFO=<ID=AF,Number=A,Type=Float,Description="1000 Genomes phase 3">\n'
        if line.startswith("#"):
            yield line
            continue
        columns = line.rstrip("\n").split("\t")
        info = dict(entry.partition("=")[::2] for entry in columns[7].split(";"))
        if "MA" in info:
            columns[7] += f";AF={_frequencies(columns[3], columns[4].split(','), info)}"
        yield "\t".join(columns) + "\n"


def _frequencies(reference: str, alternates: list[str], info: dict[str, str]) -> str:
    padded = any(len(allele) > 1 for allele in (reference, *alternates))
    spelled = [(a[1:] or "-") if padded else a for a in (reference, *alternates)]
    minor, frequency = info["MA"], float(info["MAF"])
    if minor == spelled[0] and len(alternates) == 1:
        return f"{1 - frequency:.4g}"
    return ",".join(info["MAF"] if minor == allele else "." for allele in spelled[1:])
