"""The files of a result, written chunk by chunk into the working directory."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from gas.annotation.chunks import AnnotatedChunk
from gas.annotation.layout import Layout, in_parquet
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.result import (
    ANNOTATED_VCF,
    LOG,
    SUMMARY,
    VARIANTS_PARQUET,
    VARIANTS_TSV,
    Summary,
)
from gas.annotation.results.counts import Counts, summarise
from gas.annotation.results.header import Provenance, output_header
from gas.annotation.results.readable import ensure_readable
from gas.annotation.results.tabix import IndexedVcf
from gas.annotation.results.tsv import TsvFile
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.record import Undeclared

if TYPE_CHECKING:
    from gas.annotation.results.parquet import ParquetTable

_BODY = Path("records.bgz")


class Output:
    """The VCF, and the tables where the layout has them. A context manager."""

    def __init__(
        self,
        bundle: ReferenceBundle,
        layout: Layout,
        header: InputHeader,
        provenance: Provenance,
    ) -> None:
        self._bundle = bundle
        self._layout = layout
        self._header = header
        self._provenance = provenance
        self._vcf = IndexedVcf(_BODY)
        self._tsv: TsvFile | None = None
        self.parquet: ParquetTable | None = None
        if layout.in_tables:
            # Costs time and memory that only this file needs.
            from gas.annotation.results import parquet  # noqa: PLC0415 - see above

            self._tsv = TsvFile(Path(VARIANTS_TSV), layout.in_tables)
            self.parquet = parquet.ParquetTable(
                Path(VARIANTS_PARQUET),
                [in_parquet(field) for field in layout.in_tables],
                samples=bool(header.samples),
                metadata={
                    "GAS_version": provenance.gas_version,
                    "GAS_engine": provenance.engine,
                    "GAS_bundle": f"{bundle.name} {bundle.version}",
                },
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._vcf.close()
        if self._tsv:
            self._tsv.close()

    def append(self, chunk: AnnotatedChunk) -> None:
        """Write the next chunk in order."""
        self._vcf.append(chunk.vcf, chunk.vcf_blocks)
        if self._tsv and chunk.tsv_blocks:
            self._tsv.append(chunk.tsv_blocks)
        if self.parquet:
            self.parquet.append(chunk.table)

    def finish(
        self,
        counts: Counts,
        undeclared: Undeclared,
        *,
        input_format: str,
        sorted_by_gas: bool,
        warnings: Sequence[str],
    ) -> None:
        """Complete the files. Raises PermanentError where VCF tools cannot read the VCF."""
        if self._tsv:
            self._tsv.finish()
        if self.parquet:
            self.parquet.finish()
        target = Path(ANNOTATED_VCF)
        header = output_header(
            self._header, undeclared, self._bundle, self._layout.vcf_fields, self._provenance
        )
        self._vcf.finish(header, target)
        ensure_readable(target, list(counts.chromosomes))
        summary = summarise(
            counts,
            genome=self._bundle.name,
            samples=self._header.samples,
            input_format=input_format,
            sorted_by_gas=sorted_by_gas,
            warnings=warnings,
        )
        Path(SUMMARY).write_text(summary.model_dump_json(indent=2) + "\n", encoding="utf-8")
        Path(LOG).write_text("".join(f"{line}\n" for line in self._log(summary)), encoding="utf-8")

    def _log(self, summary: Summary) -> list[str]:
        provenance, bundle = self._provenance, self._bundle
        made_by = f"{provenance.engine}, reference {bundle.name} {bundle.version}"
        consequences = f"{summary.with_consequence} with a consequence in or near a gene"
        return [
            f"GAS {provenance.gas_version}: {made_by}",
            *(f"$ {command}" for command in provenance.commands),
            f"read: {summary.records} records, {summary.input_format}",
            *(f"warning: {warning}" for warning in summary.warnings),
            f"done: {summary.alleles} alleles, {summary.annotated_alleles} annotated",
            f"done: {consequences}, {summary.known} known",
        ]
