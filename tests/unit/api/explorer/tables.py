"""A made-up table of variants, with columns as GRCh38 has them, and jobs that have one."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from gas.adapters.memory import MemoryPorts
from gas.annotation import VARIANTS_PARQUET
from gas.domain.job import InputFile, Job, ResultFile
from gas.domain.states import JobStatus, Storage

COLUMNS = {
    "chromosome": "VARCHAR",
    "position": "INTEGER",
    "id": "VARCHAR",
    "reference": "VARCHAR",
    "alternate": "VARCHAR",
    "quality": "FLOAT",
    "filter": "VARCHAR",
    "consequence": "VARCHAR",
    "impact": "VARCHAR",
    "gene": "VARCHAR",
    "hgvsc": "VARCHAR",
    "hgvsp": "VARCHAR",
    "dbsnp": "VARCHAR",
    "af_gnomad": "DOUBLE",
    "gnomad_af_max": "DOUBLE",
    "clinvar": "VARCHAR",
    "clinvar_sig": "VARCHAR",
    "cytoband": "VARCHAR",
    "gas_skipped": "VARCHAR",
    "samples_heterozygous": "INTEGER",
    "samples_homozygous": "INTEGER",
    "samples_missing": "INTEGER",
}
ROLES = {
    "dbsnp": "id",
    "af_gnomad": "frequency",
    "gnomad_af_max": "frequency",
    "clinvar": "id",
    "clinvar_sig": "significance",
    "cytoband": "region",
}


def _row(*values: Any) -> dict[str, Any]:
    return dict(zip(COLUMNS, values, strict=True))


N = None
ROWS = (
    _row("chr1", 100, "x1", "A", "C", 30.1, "PASS", "missense_variant", "MODERATE", "BRCA1",
         "ENST1.1:c.5A>C", "ENSP1.1:p.Lys2Thr", "rs11", 0.2, 0.4, "901", "Benign/Likely_benign",
         "1p36", N, 1, 0, 0),
    _row("chr1", 100, "x1", "A", "G", 30.1, "PASS", "stop_gained", "HIGH", "BRCA1",
         "ENST1.1:c.5A>G", "ENSP1.1:p.Lys2Ter", N, N, N, N, N, "1p36", N, 0, 2, 0),
    _row("chr1", 2500, N, "ACGT", "A", N, "q10;s50", "splice_region_variant&intron_variant", "LOW",
         "C1orf5", "ENST2.1:c.9+2del", N, "rs222", 0.0005, 0.002, N, N, "1p36", N, 0, 0, 1),
    _row("chr2", 50, N, "G", "T", 99.0, "PASS", "intron_variant", "MODIFIER", "TP53",
         "ENST3.1:c.88+7G>T", N, "rs3", 0.00001, 0.0001, "77", "Pathogenic&Likely_pathogenic",
         "2q11", N, 2, 1, 0),
    _row("chr2", 60, N, "C", "<DEL>", 5.5, N, N, N, N, N, N, N, N, N, N, N, "2q11",
         "symbolic_allele", 0, 0, 0),
    _row("chrX", 7, N, "T", N, N, N, N, N, N, N, N, N, N, N, N, N, N, "no_alternate", 0, 0, 0),
    _row("chrM", 3243, N, "A", "G", 12.0, "PASS", "non_coding_transcript_exon_variant", "MODIFIER",
         "MT-TL1", "ENST4.1:n.14A>G", N, "rs199474657", 0.6, 0.7, "9589", "Pathogenic", N, N,
         1, 1, 0),
)  # fmt: skip
"""Seven alleles, or records without one, at six positions."""


def write_table(
    path: Path,
    rows: Sequence[Mapping[str, Any]] = ROWS,
    columns: Mapping[str, str] = COLUMNS,
    roles: Mapping[str, str] = ROLES,
) -> Path:
    """A file of variants as the annotation writes them."""
    kinds = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    marks = ", ".join("?" for _ in columns)
    footer = ", ".join(
        f"{key}: '{value.replace(chr(39), chr(39) * 2)}'"
        for key, value in {
            "GAS_bundle": "GRCh38 2025.2",
            "GAS_columns": json.dumps({"dbsnp": "dbSNP identifier of the allele (dbSNP)"}),
            "GAS_roles": json.dumps(roles),
        }.items()
    )
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t ({kinds})")
        connection.executemany(
            f"INSERT INTO t VALUES ({marks})",  # noqa: S608 - nothing but question marks
            [[row.get(name) for name in columns] for row in rows],
        )
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet, KV_METADATA {{{footer}}})")
    return path


def job_with(
    ports: MemoryPorts, *paths: Path, user_id: str = "ada", job_id: str = "job", **fields: Any
) -> Job:
    """A completed job whose result files are these; they are in the store of results."""
    files = []
    for path in paths:
        content = path.read_bytes()
        key = f"{user_id}/{job_id}/1/{path.name}"
        ports.results._bucket.put(key, content, content_type="application/octet-stream")
        digest = hashlib.sha256(content).hexdigest()
        files.append(ResultFile(name=path.name, size=len(content), sha256=digest, key=key))
    return Job(
        user_id=user_id,
        job_id=job_id,
        correlation_id="test",
        status=JobStatus.COMPLETED,
        storage=Storage.AVAILABLE,
        genome="GRCh38",
        input=InputFile(key=f"{user_id}/{job_id}/input", file_name="ada.vcf"),
        files=tuple(files),
        created_at=datetime.now(UTC),
        **fields,
    )


def table_in(folder: Path) -> Path:
    return write_table(folder / VARIANTS_PARQUET)
