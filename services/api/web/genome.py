"""The genome view of a result: igv.js, which reads the reference from us and the VCF from S3."""

from typing import Any
from urllib.parse import quote

import anyio
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from gas.annotation import ANNOTATED_INDEX, ANNOTATED_VCF, ReferenceBundle
from gas.domain.job import Job
from services.api.dependencies import ContextOf, CurrentAccount
from services.api.genomes.genes import find_gene
from services.api.genomes.locus import Locus, parse_locus
from services.api.jobs.downloads import download_url
from services.api.routes.reference import bundle_of, sequence_urls
from services.api.views.jobs import JobView
from services.api.web.access import PageAccount, pages_of
from services.api.web.away import why_away

router = APIRouter(prefix="/jobs/{job_id}/genome", include_in_schema=False)

_NOT_STORED = {"Cache-Control": "no-store"}
_FILES = (ANNOTATED_VCF, ANNOTATED_INDEX)
_SMALL_CONTIG = 100_000
_FLANK = 50
_BYTES_AT_ONCE = 1_000_000
_SMALLEST_WINDOW = 1_000


@router.get("")
async def show_genome(
    job_id: str, request: Request, context: ContextOf, account: PageAccount, locus: str = ""
) -> Response:
    """``locus`` is a region, a position or a gene; without it, the first contig is shown."""
    job = await context.desk.find(account.user_id, job_id)
    page: dict[str, Any] = {
        "account": account,
        "job": JobView.of(job, account.plan),
        "base": f"/jobs/{job_id}",
    }
    if away := why_away(job, *_FILES):
        return pages_of(request).show(
            request, "explorer/result_away.html", away=away, here="Genome view", **page
        )
    bundle = await bundle_of(job.genome)
    found = await anyio.to_thread.run_sync(_find, bundle, locus) if locus.strip() else None
    view = {
        "genome": bundle.name,
        "reference": f"/reference/{quote(bundle.name)}",
        "sequence": sequence_urls(bundle),
        "locus": str(found or _start_of(bundle)),
        "window": _window(job, bundle),
        "files": f"/jobs/{job_id}/genome/files",
        "variants": f"/jobs/{job_id}/variants",
    }
    not_found = locus.strip() if locus.strip() and found is None else None
    return pages_of(request).show(
        request, "explorer/genome.html", bundle=bundle, view=view, not_found=not_found, **page
    )


@router.get("/files")
async def show_files(job_id: str, context: ContextOf, account: CurrentAccount) -> JSONResponse:
    """Addresses at S3 of the VCF and its index, and for how long they work."""
    job = await context.desk.find(account.user_id, job_id)
    files = {name: await download_url(job, name, context) for name in _FILES}
    seconds = context.settings.download_url_seconds
    return JSONResponse({"files": files, "seconds": seconds}, headers=_NOT_STORED)


def _window(job: Job, bundle: ReferenceBundle) -> int:
    """How many bases to see variants in at once: on average about a megabyte of the VCF."""
    bases = sum(contig.length for contig in bundle.contigs)
    vcf = job.file(ANNOTATED_VCF)
    size = max(1, vcf.size if vcf else 0)
    return max(_SMALLEST_WINDOW, min(bases, bases * _BYTES_AT_ONCE // size))


def _find(bundle: ReferenceBundle, text: str) -> Locus | None:
    place = parse_locus(bundle, text)
    if place and place.start == place.end:
        return place.around(_FLANK)
    return place or find_gene(bundle, text.strip())


def _start_of(bundle: ReferenceBundle) -> Locus:
    first = bundle.contigs[0]
    return Locus(first.name, 1, min(first.length, _SMALL_CONTIG))
