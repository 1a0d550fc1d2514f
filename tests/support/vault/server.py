"""A strict vault on a port, for the length of a test session."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.support.vault.moto import moto_vault
from tests.support.vault.strict import Publish, StrictVault

_HOST = "127.0.0.1"
VAULT = "gas-results"


@asynccontextmanager
async def strict_vault(publish: Publish) -> AsyncIterator[tuple[StrictVault, str]]:
    """The vault and its address, for AWS_ENDPOINT_URL_GLACIER."""
    async with moto_vault(VAULT) as moto:
        vault = StrictVault(moto, VAULT, publish)
        runner = web.AppRunner(vault.create_app(), access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, _HOST, 0)
            await site.start()
            port = runner.addresses[0][1]
            yield vault, f"http://{_HOST}:{port}"
        finally:
            await runner.cleanup()
