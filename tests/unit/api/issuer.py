"""What a user does at the issuer, and a browser on the way there and back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from services.api.settings import ApiSettings

DISCOVERY = "/.well-known/openid-configuration"


def settings_for(
    settings: ApiSettings, issuer: str, discovery_url: str | None = None
) -> ApiSettings:
    changed = {"oidc_issuer": issuer, "oidc_discovery_url": discovery_url}
    return ApiSettings.model_validate({**settings.model_dump(), **changed})


@asynccontextmanager
async def issuer(issuer_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=issuer_url, trust_env=False) as client:
        yield client


async def authorize(issuer_url: str, address: str, subject: str = "ada@example.org") -> str:
    """What the user does at the issuer; gives the address that leads back to us."""
    async with issuer(issuer_url) as client:
        response = await client.post(address, data={"sub": subject})
    assert response.status_code == 302, response.text
    return response.headers["Location"]


async def sign_in(
    browser: httpx.AsyncClient, issuer_url: str, subject: str = "ada@example.org", target: str = "/"
) -> httpx.Response:
    begun = await browser.get("/sign-in", params={"next": target})
    assert begun.status_code == 302
    return await browser.get(await authorize(issuer_url, begun.headers["Location"], subject))


def session_of(browser: httpx.AsyncClient) -> str | None:
    return browser.cookies.get("__Host-gas_session")
