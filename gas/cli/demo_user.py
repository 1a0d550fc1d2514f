"""Signing in without a browser, at the issuer of the embedded stack.

``python -m gas.cli.demo_user ada`` prints an access token for Ada on the server at GAS_URL.
"""

import sys

import httpx

from gas.cli.connections import reason_of, trusted_authorities
from gas.cli.errors import OK, UnreachableError, UsageError
from gas.cli.running import run
from gas.cli.session import server_url

SIGN_IN = "/sign-in"
_TOKENS = "/api/v1/account/tokens"


async def sign_in(client: httpx.AsyncClient, url: str, subject: str) -> None:
    """Sign ``subject`` in at the GAS server ``url``; the session's cookie stays in ``client``.

    Does what a browser does: the server sends it to the issuer, whose form it fills in, and the
    issuer sends it back. Raises httpx.HTTPStatusError where one of them refuses.
    """
    form = await client.get(url + SIGN_IN, follow_redirects=True)
    form.raise_for_status()
    answer = await client.post(form.url, data={"sub": subject}, follow_redirects=True)
    answer.raise_for_status()


async def new_token(client: httpx.AsyncClient, url: str, name: str) -> str:
    """Make an access token for whoever is signed in with ``client``; gives its secret."""
    response = await client.post(
        url + _TOKENS,
        json={"name": name},
        headers={"Origin": url},  # as a browser says where the page that asks comes from
    )
    response.raise_for_status()
    secret: str = response.json()["token"]
    return secret


async def token_of(url: str, subject: str) -> str:
    """Sign ``subject`` in and make an access token, in one go."""
    async with httpx.AsyncClient(trust_env=False, verify=trusted_authorities()) as client:
        await sign_in(client, url, subject)
        return await new_token(client, url, "demo")


async def _print_token(arguments: list[str]) -> int:
    if len(arguments) != 1:
        raise UsageError("usage: python -m gas.cli.demo_user NAME")
    try:
        token = await token_of(server_url(), arguments[0])
    except httpx.HTTPError as error:
        raise UnreachableError(f"The sign-in did not succeed: {reason_of(error)}.") from error
    sys.stdout.write(token + "\n")
    return OK


if __name__ == "__main__":
    run(lambda: _print_token(sys.argv[1:]))
