"""An installed bundle's folder: finished generations, one of them current, one at work at a time."""

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gas.annotation.reference.bundle import ReferenceBundle, read_bundle
from gas.annotation.reference.installing.errors import unavailable
from gas.annotation.reference.manifest import MANIFEST_NAME, NAME
from gas.annotation.reference.places import CURRENT
from gas.annotation.reference.verification import verify

_INCOMING, _NEXT, _DOWNLOADS = ".incoming", ".next", ".downloads"


class Generations:
    """``root/name``. Whoever changes it holds `locked`; readers need no lock.

    A generation is a finished bundle and is never changed. ``current``, a symbolic link, is
    replaced by a rename. The generation before stays, for jobs that still read it, until the next
    install.
    """

    def __init__(self, root: Path, name: str) -> None:
        if not re.match(NAME, name):
            raise unavailable(f"A bundle cannot be named {name!r}.")
        self._folder = root / name
        self._lock = root / f".{name}.lock"
        self.name = name
        self.incoming = self._folder / _INCOMING
        self.downloads = self._folder / _DOWNLOADS

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Raises PermanentError REFERENCE_UNAVAILABLE while another process is at work."""
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise unavailable(
                    f"Another process is installing or removing {self.name} right now."
                ) from error
            yield

    def start(self) -> Path:
        """An empty folder to build in, and one for downloads, which may have some already."""
        shutil.rmtree(self.incoming, ignore_errors=True)
        self.incoming.mkdir(parents=True)
        self.downloads.mkdir(exist_ok=True)
        return self.incoming

    def switch_to_incoming(self) -> ReferenceBundle:
        """Make the finished bundle in ``incoming`` the current one."""
        manifest = (self.incoming / MANIFEST_NAME).read_bytes()
        digest = hashlib.sha256(manifest).hexdigest()[:12]
        bundle = read_bundle(self.incoming)
        generation = self._folder / f"{bundle.version}-{digest}"
        if generation.exists() and verify(generation, bundle.all_files()):
            generation.rename(self._folder / f".damaged-{generation.name}")
        if generation.exists():  # installed before, and whole
            shutil.rmtree(self.incoming)
        else:
            os.sync()  # the files first: a link to what a power cut took away would be worse
            self.incoming.rename(generation)
        before = self._current()
        link = self._folder / _NEXT
        link.unlink(missing_ok=True)
        link.symlink_to(generation.name)
        link.replace(self._folder / CURRENT)
        self._clear(keep={generation, before})
        return read_bundle(generation)

    def remove(self) -> None:
        """Raises PermanentError REFERENCE_UNAVAILABLE where nothing is installed."""
        current = self._folder / CURRENT
        if not current.is_symlink():
            raise unavailable(f"{self.name} is not installed here.")
        current.unlink()
        shutil.rmtree(self._folder)

    def _current(self) -> Path | None:
        link = self._folder / CURRENT
        return link.resolve() if link.exists() else None

    def _clear(self, keep: set[Path | None]) -> None:
        kept = {path.name for path in keep if path} | {CURRENT}
        for path in self._folder.iterdir():
            if path.name not in kept and path.is_dir():
                shutil.rmtree(path)
