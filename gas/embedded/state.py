"""The folder in which a stack keeps its state, for one stack at a time."""

import asyncio
import fcntl
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Self

from pydantic import BaseModel, Field

from gas.embedded.errors import StackError

_PATIENCE = timedelta(seconds=10)
"""How long what is left of a killed stack may take to end."""

_RETRY_INTERVAL = timedelta(seconds=0.2)


def _secret() -> str:
    return secrets.token_urlsafe(32)


class Secrets(BaseModel):
    """Made once for each state folder, so that sessions outlive a restart."""

    session: str = Field(default_factory=_secret)
    database: str = Field(default_factory=_secret)
    oidc_client: str = Field(default_factory=_secret)
    aws: str = Field(default_factory=_secret)


@dataclass
class StateDirectory:
    """Where everything is.

    ``data`` is what outlives a run: emulator and database, which must fit each other. The
    emulator writes its part when it ends in order. So when it was killed, both begin anew.
    """

    root: Path
    secrets: Secrets
    began_anew: bool
    _lock: IO[str]

    @classmethod
    async def claim(cls, root: Path) -> Self:
        """Lock the folder for us. Raises StackError when another stack holds it."""
        root = _made(root)
        lock = await _lock(root)
        began_anew = _is_torn(root)
        if began_anew:
            shutil.rmtree(root / "data")
        for name in ("data", "logs", "health", "scratch"):
            (root / name).mkdir(exist_ok=True)
        for log in (root / "logs").glob("*.log"):
            log.replace(log.with_suffix(".previous"))
        return cls(root, _secrets(root), began_anew, lock)

    def mark_in_use(self) -> None:
        """From now on the data changes, and only the emulator's next save is of worth."""
        _mark(self.root).touch()

    def release(self) -> None:
        self._lock.close()

    @property
    def lock_descriptor(self) -> int:
        return self._lock.fileno()

    @property
    def emulator(self) -> Path:
        return self.root / "data" / "emulator"

    @property
    def postgres(self) -> Path:
        return self.root / "data" / "postgres"

    def log(self, name: str) -> Path:
        return self.root / "logs" / f"{name}.log"

    def health(self, name: str) -> Path:
        return self.root / "health" / name

    def scratch(self, name: str) -> Path:
        return self.root / "scratch" / name


def _made(root: Path) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    return root.resolve()


async def _lock(root: Path) -> IO[str]:
    """Emulator and database hold this lock too: it is free when the last of them is gone."""
    lock = (root / "lock").open("a+", encoding="ascii")
    loop = asyncio.get_running_loop()
    patience_ends = loop.time() + _PATIENCE.total_seconds()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = int(lock.read() or "0")
            if _is_alive(holder) or loop.time() > patience_ends:
                lock.close()
                raise StackError(
                    f"another stack (process {holder}) keeps its state in {root}: "
                    "stop it, or choose another folder with --state"
                ) from None
            await asyncio.sleep(_RETRY_INTERVAL.total_seconds())
        else:
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            return lock


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid > 0


def _mark(root: Path) -> Path:
    return root / "data" / "in-use-since"


def _is_torn(root: Path) -> bool:
    """Whether the last run ended without the emulator writing down what it knew."""
    mark, saved = _mark(root), root / "data" / "emulator" / "saved" / "s3.json"
    if not mark.exists():
        return False
    return not saved.exists() or saved.stat().st_mtime < mark.stat().st_mtime


def _secrets(root: Path) -> Secrets:
    path = root / "data" / "secrets.json"
    if path.exists():
        return Secrets.model_validate_json(path.read_text(encoding="utf-8"))
    made = Secrets()
    path.touch(mode=0o600)
    path.write_text(made.model_dump_json(), encoding="utf-8")
    return made
