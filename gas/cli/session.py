"""From the environment to a client."""

import os
from collections.abc import Awaitable, Callable
from typing import NoReturn

from gas.cli.client import GasClient
from gas.cli.errors import UsageError
from gas.cli.output import Output
from gas.cli.running import run

DEFAULT_URL = "http://localhost:8400"


def server_url() -> str:
    """What GAS_URL says, without a slash at its end."""
    url = os.environ.get("GAS_URL") or DEFAULT_URL
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"GAS_URL is no http address: {url}")
    return url.rstrip("/")


def client_from_environment() -> GasClient:
    """Reads GAS_URL and GAS_TOKEN."""
    url, token = server_url(), os.environ.get("GAS_TOKEN")
    if not token:
        raise UsageError(
            f"GAS_TOKEN is not set. Make an access token at {url}/tokens, then: "
            "export GAS_TOKEN=<the token>. For a server of your own with the local issuer: "
            "export GAS_TOKEN=$(python -m gas.cli.demo_user ada)"
        )
    return GasClient(url, token)


def run_with_client(
    command: Callable[[GasClient, Output], Awaitable[int]], *, as_json: bool
) -> NoReturn:
    """Run a command that talks to a server, and exit with its code."""

    async def whole() -> int:
        async with client_from_environment() as client:
            return await command(client, Output(as_json=as_json))

    run(whole)
