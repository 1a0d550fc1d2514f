"""MiniStack, the AWS emulator, in the locked environment of its own (tools/ministack)."""

import os
import signal
from collections.abc import Mapping
from pathlib import Path

import httpx

from gas.embedded.errors import StackError
from gas.embedded.ports import HOST
from gas.embedded.process import Program

_PYTHON = Path("tools/ministack/.venv/bin/python")


class Emulator:
    """MiniStack on ``port``. It keeps its state in ``folder`` when it ends in order."""

    def __init__(self, project: Path, folder: Path, port: int, secret: str) -> None:
        self._python = project / _PYTHON
        self._folder = folder
        self._port = port
        self._secret = secret

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"

    @property
    def client_environment(self) -> Mapping[str, str]:
        """The SDK's own variables, for whoever talks to the emulator."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",  # MiniStack's name for the root of its account
            "AWS_SECRET_ACCESS_KEY": self._secret,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def program(self, log: Path, keep_open: tuple[int, ...]) -> Program:
        """Raises StackError when MiniStack is not installed."""
        if not self._python.exists():
            raise StackError(
                f"the AWS emulator is not installed ({self._python}): run `make install`"
            )
        self._folder.mkdir(mode=0o700, exist_ok=True)  # it holds what users upload
        temporary = self._folder / "tmp"
        temporary.mkdir(exist_ok=True)
        return Program(
            name="emulator",
            # Not `ministack`: that would open port 443 too, and a file in /tmp by the port.
            # No workers: one process, which is told when its parent dies.
            command=[
                *(str(self._python), "-m", "hypercorn", "ministack.app:app"),
                *("--bind", f"{HOST}:{self._port}", "--keep-alive", "75", "--workers", "0"),
            ],
            environment={
                "PATH": os.defpath,
                "HOME": str(temporary),
                "TMPDIR": str(temporary),
                "PYTHONUNBUFFERED": "1",
                "BIND_HOST": HOST,
                "MINISTACK_HOST": HOST,
                "GATEWAY_PORT": str(self._port),
                "AUTH": "true",  # signatures of forms and addresses count, so do CORS rules
                "AWS_ACCESS_KEY_ID": self.client_environment["AWS_ACCESS_KEY_ID"],
                "AWS_SECRET_ACCESS_KEY": self._secret,
                "PERSIST_STATE": "1",
                "STATE_DIR": str(self._folder / "saved"),
                "S3_PERSIST": "1",
                "S3_DATA_DIR": str(self._folder / "s3"),
                "SFTP_ENABLED": "0",
                "IOT_MTLS_ENABLED": "0",
                # At its start it clears away containers of other MiniStacks, if it finds Docker.
                "DOCKER_HOST": f"unix://{temporary}/no-docker",
            },
            log=log,
            directory=self._folder,
            death_signal=signal.SIGTERM,  # leaves it the time to save
            keep_open=keep_open,
        )

    async def is_ready(self) -> bool:
        return await answers(f"{self.url}/_ministack/health")


async def answers(url: str) -> bool:
    """Whether ``url`` answers 200 within two seconds."""
    try:
        async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
            return (await client.get(url)).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
