"""Results with all their files, as an annotator leaves them, for the pages that show them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from gas.annotation import LOG, MANIFEST, SUMMARY
from gas.domain import transitions
from gas.domain.job import Job, ResultFile
from tests.unit.api.world import User

SUMMARY_CONTENT: dict[str, Any] = {
    "genome": "rCRS",
    "records": 446,
    "alleles": 451,
    "annotated_alleles": 451,
    "with_consequence": 451,
    "known": 440,
    "novel": 11,
    "skipped": {"symbolic_allele": 2},
    "consequences": {"synonymous_variant": 300, "missense_variant": 141, "stop_gained": 10},
    "impacts": {"LOW": 300, "MODERATE": 141, "HIGH": 10},
    "variant_types": {"snv": 448, "deletion": 3},
    "transitions": 424,
    "transversions": 24,
    "ti_tv": 17.667,
    "chromosomes": {"MT": 446},
    "top_genes": [{"gene": "MT-ND5", "alleles": 46}, {"gene": "MT-CO1", "alleles": 31}],
    "samples": ["H1", "L0"],
    "genotypes": [
        {"sample": "H1", "hom_ref": 439, "het": 0, "hom_alt": 7, "missing": 0},
        {"sample": "L0", "hom_ref": 395, "het": 1, "hom_alt": 40, "missing": 10},
    ],
    "frequencies": {
        "MITOMAP_AF": {"0": 74, "<0.01": 120, ">=0.5": 200, "unknown": 57},
        "nothing_AF": {"0": 0, "<0.01": 0, ">=0.5": 0, "unknown": 451},
    },
    "indel_lengths": {"-9": 1, "-1": 2},
    "multiallelic_records": 5,
    "input_format": "plain",
    "sorted_by_gas": False,
    "warnings": [],
}

MANIFEST_CONTENT: dict[str, Any] = {
    "format": 1,
    "gas": {"version": "0.1.0"},
    "engine": {"pysam": "0.24.1", "bcftools": "1.24"},
    "reference": {
        "name": "rCRS",
        "version": "2025.1",
        "build": "NC_012920.1",
        "description": "Human mitochondrial genome",
        "sources": [
            {
                "name": "MITOMAP",
                "version": "2025-02",
                "licence": "CC BY 3.0",
                "attribution": "MITOMAP",
                "url": "https://www.mitomap.org/MITOMAP",
            }
        ],
    },
    "input": {"size": 10, "sha256": "1" * 64},
    "outputs": {},
}

_TO_ARCHIVE = ("annotated.vcf.gz", "annotated.vcf.gz.tbi", "variants.parquet", "variants.tsv.gz")


async def annotated(
    user: User,
    *,
    summary: Mapping[str, Any] | None = None,
    manifest: Mapping[str, Any] | None = None,
    retention: timedelta = timedelta(minutes=5),
) -> str:
    """The id of a completed job with every file; ``summary`` changes what its summary says."""
    job_id = await user.submitted()
    job = await user.change(job_id, lambda j: transitions.claim(j, timedelta(0), user.now))
    contents = {
        **{name: f"the {name}\n".encode() for name in (*_TO_ARCHIVE, LOG)},
        SUMMARY: json.dumps({**SUMMARY_CONTENT, **(summary or {})}).encode(),
        MANIFEST: json.dumps({**MANIFEST_CONTENT, **(manifest or {})}).encode(),
    }
    files = tuple(_stored(user, job, name, content) for name, content in contents.items())
    await user.change(job_id, lambda j: transitions.complete(j, files, retention, user.now))
    return job_id


async def archive(user: User, job_id: str) -> None:
    """Do what the archiver would."""
    await user.change(job_id, lambda j: transitions.begin_archive(j, timedelta(0), user.now))
    await user.change(
        job_id,
        lambda j: transitions.archive(
            j, {file.name: f"archived-{file.name}" for file in j.archivable}, user.now
        ),
    )


async def retrieve(user: User, job_id: str, tier: str) -> None:
    """Do what the restorer would."""
    await user.change(job_id, lambda j: transitions.begin_restore(j, user.now))
    await user.change(job_id, lambda j: transitions.note_retrieval(j, tier, user.now))


def _stored(user: User, job: Job, name: str, content: bytes) -> ResultFile:
    key = job.object_key(name)
    user.world.ports.results._bucket.put(key, content, content_type="application/octet-stream")
    return ResultFile(
        name=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        key=key,
        goes_to_archive=name in _TO_ARCHIVE,
    )
