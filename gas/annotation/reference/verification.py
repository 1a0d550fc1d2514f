"""Whether a bundle's files are those of its manifest.

Hashing a 3 GB genome at each load would cost more than annotating a small file. So a full check
leaves a stamp beside the manifest: size and modification time of every file it found right. The
stamp is a memory of work done, never a proof: a file that it does not match is hashed again.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from gas.annotation.reference.manifest import BundleFile
from gas.domain.errors import ErrorCode, PermanentError

STAMP = ".verified.json"
_CHUNK_BYTES = 1024**2

OnBytes = Callable[[int], None]
"""Told how many more bytes have been dealt with."""


def sha256_of(path: Path, on_bytes: OnBytes = lambda _: None) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            on_bytes(len(chunk))
    return digest.hexdigest()


def ensure_intact(directory: Path, name: str, files: Iterable[BundleFile]) -> None:
    """Check the files, hashing those that the stamp does not vouch for.

    Raises PermanentError REFERENCE_DAMAGED, naming the first file that is missing or altered.
    """
    stamped = _read_stamp(directory)
    for file in files:
        facts = _facts(directory, file)
        if facts is not None and facts == stamped.get(file.path) and facts[0] == file.size:
            continue
        if fault := fault_of(directory, file):
            raise damaged(name, fault)


def verify(
    directory: Path, files: Iterable[BundleFile], on_bytes: OnBytes = lambda _: None
) -> list[str]:
    """Hash every file; what is wrong, a sentence each. Leaves a stamp where nothing is."""
    files = list(files)
    faults = [fault for file in files if (fault := fault_of(directory, file, on_bytes))]
    if not faults:
        stamp(directory, files)
    return faults


def stamp(directory: Path, files: Iterable[BundleFile]) -> None:
    """Vouch for files that have just been hashed. Where nothing can be written, none is left."""
    part = directory / f"{STAMP}.{os.getpid()}"
    facts = {file.path: _facts(directory, file) for file in files}
    try:
        part.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        part.replace(directory / STAMP)
    except OSError:
        part.unlink(missing_ok=True)


def damaged(name: str, what: str) -> PermanentError:
    return PermanentError(
        ErrorCode.REFERENCE_DAMAGED, f"The reference bundle {name} is damaged: {what}."
    )


def _read_stamp(directory: Path) -> dict[str, list[int]]:
    try:
        found = json.loads((directory / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # no stamp: everything is hashed
    return found if isinstance(found, dict) else {}


def _facts(directory: Path, file: BundleFile) -> list[int] | None:
    """Size and time of modification in whole seconds, which copies and image layers keep."""
    try:
        status = (directory / file.path).stat()
    except OSError:
        return None
    return [status.st_size, int(status.st_mtime)]


def fault_of(directory: Path, file: BundleFile, on_bytes: OnBytes = lambda _: None) -> str | None:
    """What is wrong with the file, every byte of it looked at; None where nothing is."""
    path = directory / file.path
    if not path.is_file():
        return f"{file.path} is missing"
    if path.stat().st_size != file.size:
        return f"{file.path} has {path.stat().st_size:,} bytes, not {file.size:,}"
    if sha256_of(path, on_bytes) != file.sha256:
        return f"{file.path} does not have the recorded SHA-256"
    return None
