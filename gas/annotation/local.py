"""Annotates one file to a place the user names: what ``gas annotate`` does, without a server."""

import shutil
import tempfile
from pathlib import Path

from gas.annotation.engine import OnProgress, annotate
from gas.annotation.limits import Limits
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.result import ANNOTATED_INDEX, ANNOTATED_VCF, Summary

_SUFFIX = ".vcf.gz"


async def annotate_file(
    source: Path,
    output: Path,
    bundle: ReferenceBundle,
    *,
    limits: Limits | None = None,
    on_progress: OnProgress | None = None,
) -> Summary:
    """Write the annotated VCF to ``output`` (``*.vcf.gz``) and its index to ``output``.tbi.

    Both appear by rename, and only when all went well; an earlier ``output`` is replaced.
    Raises ValueError for an ``output`` that cannot be written to, else what `annotate` raises.
    """
    scratch = _scratch_for(source, output)
    try:
        result = await annotate(
            source, scratch, bundle, limits=limits or Limits(), on_progress=on_progress
        )
        result.files[ANNOTATED_VCF].path.replace(output)
        result.files[ANNOTATED_INDEX].path.replace(output.with_name(f"{output.name}.tbi"))
        return result.summary
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _scratch_for(source: Path, output: Path) -> Path:
    """A temporary folder on the file system of ``output``, once that is known to be writable to."""
    if not output.name.endswith(_SUFFIX):
        raise ValueError(f"The output must be named *{_SUFFIX}, it is compressed: {output}")
    if output.exists() and output.samefile(source):
        raise ValueError(f"The output would replace the input: {output}")
    if not output.parent.is_dir():
        raise ValueError(f"There is no folder {output.parent}")
    return Path(tempfile.mkdtemp(prefix=".gas-", dir=output.parent))
