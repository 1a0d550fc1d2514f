"""Runs the pipeline in this process, which takes some 15 ms, and opens what it wrote."""

import gzip
import io
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pyarrow.parquet as pq

from gas.annotation import (
    ANNOTATED_VCF,
    LOG,
    SUMMARY,
    VARIANTS_PARQUET,
    VARIANTS_TSV,
    Limits,
    Options,
    ReferenceBundle,
    Summary,
    pipeline,
)
from gas.annotation.pipeline import Task, run_pipeline
from gas.annotation.vcf import ordering

ONE_THREAD = Options(threads=1)


@dataclass(frozen=True)
class Made:
    """The text of the files; ``tsv`` and ``parquet`` are empty where no tables were asked for."""

    vcf: str
    tsv: str
    parquet: bytes
    summary: Summary
    log: str
    fractions: list[float]  # of progress, as told

    @property
    def header(self) -> list[str]:
        return [line for line in self.vcf.split("\n") if line.startswith("#")]

    @property
    def records(self) -> list[list[str]]:
        lines = self.vcf.removesuffix("\n").split("\n")
        return [line.split("\t") for line in lines if not line.startswith("#")]

    def info(self, index: int = 0) -> dict[str, str]:
        return info_of(self.records[index])

    @property
    def rows(self) -> list[dict[str, str]]:
        """The lines of the TSV, by the names of its columns."""
        names, *lines = self.tsv.removesuffix("\n").split("\n")
        return [dict(zip(names.split("\t"), line.split("\t"), strict=True)) for line in lines]

    @property
    def table(self) -> Any:
        """The Parquet file as an Arrow table."""
        return pq.read_table(io.BytesIO(self.parquet))


def info_of(record: list[str]) -> dict[str, str]:
    entries = (entry.partition("=") for entry in record[7].split(";"))
    return {key: value for key, _, value in entries}


def run(
    content: bytes,
    bundle: ReferenceBundle,
    options: Options = ONE_THREAD,
    *,
    limits: Limits | None = None,
    chunk_bytes: int = pipeline.CHUNK_BYTES,
) -> Made:
    """Annotate an input, cut into chunks of so many bytes. Raises what `run_pipeline` does."""
    fractions: list[float] = []
    with (
        TemporaryDirectory() as folder,
        chdir(folder),
        patch.object(pipeline, "CHUNK_BYTES", chunk_bytes),
        patch.object(ordering, "CHUNK_BYTES", chunk_bytes),
    ):
        Path("input").write_bytes(content)
        task = Task(Path("input"), bundle, options, limits or Limits(), "1.0")
        run_pipeline(task, lambda progress: fractions.append(progress.fraction))
        return Made(
            vcf=_unpacked(Path(ANNOTATED_VCF)),
            tsv=_unpacked(Path(VARIANTS_TSV)) if options.tables else "",
            parquet=Path(VARIANTS_PARQUET).read_bytes() if options.tables else b"",
            summary=Summary.model_validate_json(Path(SUMMARY).read_bytes()),
            log=Path(LOG).read_text(encoding="utf-8"),
            fractions=fractions,
        )


def _unpacked(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode("utf-8", "surrogateescape")
