"""Gene models on disk: one file a contig, so that an annotation loads no more than it needs.

A file is gzipped JSON lines: one transcript a line, the model's fields as a list in the order of
the class.
"""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gas.annotation.genes.model import Mane, Transcript

_SUFFIX = ".jsonl.gz"
_NAMES = [field.name for field in fields(Transcript)]
_EXONS, _CODING, _MANE = (_NAMES.index(name) for name in ("exons", "coding", "mane"))


def write_models(models: Mapping[str, Iterable[Transcript]], directory: Path) -> dict[str, Path]:
    """Write a file for each contig; the same models give the same bytes. Returns them by contig."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = {contig: directory / (quote(contig, safe="") + _SUFFIX) for contig in models}
    for contig, path in paths.items():
        lines = (
            json.dumps([getattr(model, name) for name in _NAMES], separators=(",", ":"))
            for model in models[contig]
        )
        path.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0))
    return paths


def read_models(path: Path) -> list[Transcript]:
    """The transcripts of one file, in the order in which they were written."""
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    # One call for all lines is several times faster than one for each.
    return [_model(values) for values in json.loads(f"[{','.join(lines)}]")]


def _model(values: list[Any]) -> Transcript:
    values[_EXONS] = tuple(map(tuple, values[_EXONS]))
    values[_CODING] = values[_CODING] and tuple(values[_CODING])
    values[_MANE] = Mane(values[_MANE])
    return Transcript(*values)
