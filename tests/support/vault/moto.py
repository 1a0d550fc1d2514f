"""moto's Glacier, a server on a port of its own: it keeps contents, and takes its time for jobs.

What it does not know (parts, descriptions, notifications, byte ranges) or gets wrong (an archive's
id is the MD5 of its content, so that two are one; it retrieves what was never stored) the strict
vault before it makes good.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from moto.server import ThreadedMotoServer

_SIGNED = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/glacier/aws4_request, "
    "SignedHeaders=host, Signature=none"
)
"""By the scope in this header moto knows which service is meant; it checks nothing else."""


class MotoVault:
    """One vault, named ``name``."""

    def __init__(self, client: httpx.AsyncClient, name: str) -> None:
        self._client = client
        self._path = f"/-/vaults/{name}"

    async def create(self) -> None:
        await self._ask("PUT", "")

    async def put(self, content: bytes, description: str) -> str:
        """Give it a content; its id, the same for the same content."""
        answer = await self._ask(
            "POST", "/archives", content=content, headers={"x-amz-archive-description": description}
        )
        return str(answer.headers["x-amz-archive-id"])

    async def remove(self, archive_id: str) -> None:
        await self._ask("DELETE", f"/archives/{archive_id}")

    async def begin(self, parameters: dict[str, Any]) -> str:
        answer = await self._ask("POST", "/jobs", json=parameters)
        return str(answer.headers["x-amz-job-id"])

    async def is_done(self, job_id: str) -> bool:
        return bool((await self._ask("GET", f"/jobs/{job_id}")).json()["Completed"])

    async def output(self, job_id: str) -> bytes:
        return (await self._ask("GET", f"/jobs/{job_id}/output")).content

    async def archives(self) -> int:
        """How many contents it has."""
        return int((await self._ask("GET", "")).json()["NumberOfArchives"])

    async def _ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        answer = await self._client.request(method, f"{self._path}{path}", **content)
        return answer.raise_for_status()


@asynccontextmanager
async def moto_vault(name: str) -> AsyncIterator[MotoVault]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # not every look at a job
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    await asyncio.to_thread(server.start)
    try:
        host, port = server.get_host_and_port()
        async with httpx.AsyncClient(
            base_url=f"http://{host}:{port}", headers={"Authorization": _SIGNED}, trust_env=False
        ) as client:
            vault = MotoVault(client, name)
            await vault.create()
            yield vault
    finally:
        await asyncio.to_thread(server.stop)
