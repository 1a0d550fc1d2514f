"""Reference genomes for a genome view: sequence by range requests, genes, other names of contigs.

The addresses of files have their SHA-256 in them, so browsers may keep what they got.
"""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

import anyio
from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse

from gas.annotation import ReferenceBundle
from gas.annotation.genes.model import Transcript
from gas.annotation.reference.bundle import BundleFile, find_bundle
from gas.domain.errors import ErrorCode, PermanentError
from services.api.dependencies import get_account
from services.api.genomes.genes import find_gene, genes_within
from services.api.problems import ApiCode, Problem, refusal

router = APIRouter(
    prefix="/reference/{genome}",
    include_in_schema=False,
    dependencies=[Depends(get_account)],
)

_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
_FOR_AN_HOUR = {"Cache-Control": "private, max-age=3600"}
_LONGEST_REGION = 50_000_000


async def bundle_of(genome: str) -> ReferenceBundle:
    """Raises a 422 ``unknown_genome`` where it is not installed."""
    try:
        return await anyio.to_thread.run_sync(find_bundle, genome)
    except PermanentError as error:
        sentence = "This reference genome is not installed here."
        raise refusal(ErrorCode.UNKNOWN_GENOME, sentence) from error


BundleOf = Annotated[ReferenceBundle, Depends(bundle_of)]


def sequence_urls(bundle: ReferenceBundle) -> dict[str, str | None]:
    """Addresses of the ``fasta`` and its indexes ``fai`` and ``gzi``; no ``gzi`` of a plain one."""
    indexes = {file.path.rpartition(".")[2]: file for file in bundle.sequence.indexes}
    files = {"fasta": bundle.sequence.file, "fai": indexes.get("fai"), "gzi": indexes.get("gzi")}
    return {
        kind: f"/reference/{quote(bundle.name)}/files/{file.sha256}/{quote(file.path)}"
        if file
        else None
        for kind, file in files.items()
    }


@router.get("/files/{sha256}/{path:path}")
async def show_file(sha256: str, path: str, bundle: BundleOf) -> FileResponse:
    """A file of the sequence, whole or in ranges; no other file of a bundle is given out."""
    file = _sequence_file(bundle, sha256, path)
    return FileResponse(bundle.path(file), headers=_FOR_EVER, media_type="application/octet-stream")


@router.get("/genes")
async def show_genes(
    bundle: BundleOf,
    contig: Annotated[str, Query(max_length=200)],
    start: Annotated[int, Query(ge=0)],
    end: Annotated[int, Query(ge=0)],
) -> JSONResponse:
    """Genes that overlap a region (0-based, half open), as features of igv.js."""
    last = min(end, start + _LONGEST_REGION)

    def features() -> list[dict[str, object]]:
        return [_feature(contig, gene) for gene in genes_within(bundle, contig, start, last)]

    return JSONResponse(await anyio.to_thread.run_sync(features), headers=_FOR_AN_HOUR)


@router.get("/search")
async def search_gene(
    bundle: BundleOf, name: Annotated[str, Query(max_length=200)]
) -> JSONResponse:
    """Where a gene lies, as igv.js wants to hear it: none or one, from 1, ends included."""
    locus = await anyio.to_thread.run_sync(find_gene, bundle, name)
    found = []
    if locus:
        found = [{"chromosome": locus.contig, "start": locus.start, "end": locus.end, "gene": name}]
    return JSONResponse(found, headers=_FOR_AN_HOUR)


@router.get("/aliases", response_class=PlainTextResponse)
async def show_aliases(bundle: BundleOf) -> PlainTextResponse:
    """A line a contig: its name and all the others that inputs may use, tab-separated."""
    lines = ("\t".join((contig.name, *contig.aliases)) for contig in bundle.contigs)
    return PlainTextResponse("\n".join(lines) + "\n", headers=_FOR_AN_HOUR)


def _sequence_file(bundle: ReferenceBundle, sha256: str, path: str) -> BundleFile:
    for file in (bundle.sequence.file, *bundle.sequence.indexes):
        if (file.sha256, file.path) == (sha256, path):
            return file
    sentence = "This genome has no such file; perhaps it was installed anew."
    raise Problem(HTTPStatus.NOT_FOUND, ApiCode.NOT_FOUND, sentence)


def _feature(contig: str, gene: Transcript) -> dict[str, object]:
    return {
        "chr": contig,
        "start": gene.start,
        "end": gene.end,
        "name": gene.gene_name or gene.gene_id,
        "id": gene.gene_id,
        "transcript": gene.id,
        "biotype": gene.biotype,
        "strand": "+" if gene.strand > 0 else "-",
        "exons": [_exon(start, end, gene.coding) for start, end in gene.exons],
    }


def _exon(start: int, end: int, coding: tuple[int, int] | None) -> dict[str, object]:
    """igv.js draws what is not coding thinner."""
    if coding is None or coding[1] <= start or end <= coding[0]:
        return {"start": start, "end": end, "utr": coding is not None}
    return {
        "start": start,
        "end": end,
        "cdStart": max(start, coding[0]),
        "cdEnd": min(end, coding[1]),
    }
