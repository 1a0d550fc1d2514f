"""From the environment to a client, and from errors to exit codes."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NoReturn

from gas.cli.client import GasClient
from gas.cli.errors import ClientError, UsageError
from gas.cli.output import Output

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
            "export GAS_TOKEN=<the token>. For a server started by gas up: "
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


def run(command: Callable[[], Coroutine[Any, Any, int]]) -> NoReturn:
    """Run a command and exit with its code, or with that of its error."""
    try:
        code = asyncio.run(command())
    except ClientError as error:
        sys.stderr.write(f"error: {error}\n")
        code = error.exit_code
    sys.exit(code)
