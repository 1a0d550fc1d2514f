"""Puts the child's files in place: checked to be there, hashed, named in a manifest, renamed."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.result import (
    ANNOTATED_INDEX,
    ANNOTATED_VCF,
    LOG,
    MANIFEST,
    SUMMARY,
    VARIANTS_PARQUET,
    VARIANTS_TSV,
    AnnotationResult,
    EngineError,
    OutputFile,
    Summary,
)

MANIFEST_FORMAT = 1
_ALWAYS_MADE = (ANNOTATED_VCF, ANNOTATED_INDEX, SUMMARY, LOG)
TABLES = (VARIANTS_PARQUET, VARIANTS_TSV)


def publish(
    scratch: Path,
    out_dir: Path,
    source: Path,
    bundle: ReferenceBundle,
    gas_version: str,
    outcome: dict[str, Any],
    tables: Sequence[str] = (),
) -> AnnotationResult:
    """Move the files from ``scratch/work`` to ``out_dir``, the manifest last.

    ``tables`` are those of TABLES that were asked for; ``outcome`` is the child's last
    event: the versions of what the engine is made of, by name.
    """
    work = scratch / "work"
    outputs = {name: _describe(work / name) for name in (*_ALWAYS_MADE, *tables)}
    summary = Summary.model_validate_json((work / SUMMARY).read_bytes())
    manifest = {
        "format": MANIFEST_FORMAT,
        "gas": {"version": gas_version},
        "engine": {name: version for name, version in outcome.items() if name != "event"},
        "reference": bundle.provenance(),
        "input": {"size": source.stat().st_size, "sha256": sha256_of(source)},
        "outputs": {n: {"size": f.size, "sha256": f.sha256} for n, f in outputs.items()},
    }
    (work / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    outputs[MANIFEST] = _describe(work / MANIFEST)
    published = {}
    for name, output in outputs.items():
        target = output.path.replace(out_dir / name)
        published[name] = OutputFile(target, output.size, output.sha256)
    return AnnotationResult(published, summary)


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _describe(path: Path) -> OutputFile:
    if path.is_symlink() or not path.is_file():
        raise EngineError(f"The annotation process said it was done, but made no {path.name}.")
    return OutputFile(path, path.stat().st_size, sha256_of(path))
