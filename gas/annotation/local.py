"""Annotates one file to a place the user names: what ``gas annotate`` does, without a server."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from gas.annotation.engine import annotate
from gas.annotation.engine_port import OnProgress
from gas.annotation.limits import Limits
from gas.annotation.options import Options
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.result import ANNOTATED_INDEX, ANNOTATED_VCF, Summary

_SUFFIX = ".vcf.gz"
VCF_ONLY = Options(tables=False)


@dataclass(frozen=True)
class LocalResult:
    """``written`` are the files; ``timings`` tell where the time went, stage by stage."""

    summary: Summary
    written: tuple[Path, ...]
    timings: dict[str, dict[str, float]]


async def annotate_file(
    source: Path,
    output: Path,
    bundle: ReferenceBundle,
    *,
    limits: Limits | None = None,
    options: Options = VCF_ONLY,
    on_progress: OnProgress | None = None,
) -> LocalResult:
    """Write the annotated VCF to ``output`` (``*.vcf.gz``), and its index to ``output``.tbi.

    Where ``options`` ask for tables, all other files of a result come beside it, with the stem of
    ``output`` before their names: ``x.variants.parquet``, ``x.summary.json``. All appear by rename,
    and only when all went well; earlier files of these names are replaced. Raises ValueError for an ``output`` that cannot be written to, else what `annotate` raises.
    """
    scratch = _scratch_for(source, output)
    try:
        result = await annotate(
            source,
            scratch,
            bundle,
            limits=limits or Limits(),
            options=options,
            on_progress=on_progress,
        )
        written = []
        for name, file in result.files.items():
            if options.tables or name in (ANNOTATED_VCF, ANNOTATED_INDEX):
                written.append(file.path.replace(_beside(output, name)))
        return LocalResult(result.summary, tuple(written), result.timings)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _beside(output: Path, name: str) -> Path:
    if name == ANNOTATED_VCF:
        return output
    if name == ANNOTATED_INDEX:
        return output.with_name(f"{output.name}.tbi")
    return output.with_name(f"{output.name.removesuffix(_SUFFIX)}.{name}")


def _scratch_for(source: Path, output: Path) -> Path:
    """A temporary folder on the file system of ``output``, once that is known to be writable to."""
    if not output.name.endswith(_SUFFIX):
        raise ValueError(f"The output must be named *{_SUFFIX}, it is compressed: {output}")
    if output.exists() and output.samefile(source):
        raise ValueError(f"The output would replace the input: {output}")
    if not output.parent.is_dir():
        raise ValueError(f"There is no folder {output.parent}")
    return Path(tempfile.mkdtemp(prefix=".gas-", dir=output.parent))
