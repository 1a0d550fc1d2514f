"""Signing in by OpenID Connect: authorization code with PKCE, state and nonce, through Authlib.

Any issuer with a discovery document will do. It is first contacted when somebody signs in, so
an issuer that is away does not keep the api from starting. The document may be fetched elsewhere
than at the issuer's own address, but must be the issuer's: its name and the tokens' must agree.
"""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from services.api.problems import RETRY_AFTER_SECONDS, ApiCode, Problem
from services.api.settings import ApiSettings
from services.api.store.accounts import Identity

log = structlog.get_logger()

CALLBACK_PATH = "/sign-in/callback"

_DISCOVERY = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0, section 4
_ENDPOINTS = {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"}
_TIMEOUT = timedelta(seconds=10)


class SignIn:
    """The dance with the issuer. What it must remember is in ``request.session``, signed."""

    def __init__(self, settings: ApiSettings) -> None:
        self._issuer = str(settings.oidc_issuer).rstrip("/")
        self._discovery = str(settings.oidc_discovery_url or self._issuer + _DISCOVERY)
        self._client_id = settings.oidc_client_id
        self._callback = settings.origin + CALLBACK_PATH
        secret = settings.oidc_client_secret
        self._client = OAuth().register(
            name="issuer",
            server_metadata_url=self._discovery,
            client_id=settings.oidc_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
                "timeout": _TIMEOUT.total_seconds(),
            },
        )

    async def begin(self, request: Request) -> Response:
        """Send the browser to the issuer."""
        try:
            await self._discover()
            response: Response = await self._client.authorize_redirect(request, self._callback)
        except (httpx.HTTPError, ValueError) as error:
            raise self._unavailable(error) from error
        return response

    async def complete(self, request: Request) -> Identity:
        """Who came back, after the issuer's word was checked."""
        try:
            metadata = await self._discover()
            # Tokens need not name their key (RFC 7515, section 4.1.4), so a change of keys could
            # go unnoticed: they are fetched for each sign-in, since those are few.
            metadata.pop("jwks", None)
            token = await self._client.authorize_access_token(
                request,
                claims_options={
                    "iss": {"essential": True, "value": metadata["issuer"]},
                    "aud": {"essential": True, "value": self._client_id},
                },
            )
            claims = dict(token.get("userinfo") or {})
            if claims and not claims.get("email"):
                claims |= await self._contact_of(claims["sub"], token)
        except (httpx.HTTPError, ValueError) as error:
            raise self._unavailable(error) from error
        except (AuthlibBaseError, JoseError) as error:
            log.warning("sign-in refused", issuer=self._issuer, reason=str(error))
            raise _failed("The sign-in did not succeed. Please try again.") from error
        return _identity(claims)

    async def _discover(self) -> dict[str, Any]:
        """The issuer's own description; one that is not right is not kept."""
        metadata: dict[str, Any] = await self._client.load_server_metadata()
        named = str(metadata.get("issuer", "")).rstrip("/")
        missing = _ENDPOINTS - metadata.keys()
        if named != self._issuer or missing:
            self._client.server_metadata.clear()
            raise ValueError(f"it calls itself {named!r} and lacks {sorted(missing)}")
        return metadata

    async def _contact_of(self, subject: str, token: dict[str, Any]) -> dict[str, Any]:
        """Some issuers tell name and e-mail address only here."""
        claims: dict[str, Any] = await self._client.userinfo(token=token)
        if claims.get("sub") != subject:  # OpenID Connect Core 1.0, section 5.3.2
            return {}
        return {name: claims[name] for name in ("name", "email") if name in claims}

    def _unavailable(self, error: Exception) -> Problem:
        log.error(
            "issuer unavailable",
            issuer=self._issuer,
            discovery=self._discovery,
            reason=repr(error),
        )
        return Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            ApiCode.SIGN_IN_UNAVAILABLE,
            f"The sign-in service at {self._issuer} cannot be reached. Please try again later.",
            {"Retry-After": RETRY_AFTER_SECONDS},
        )


def safe_path(path: str | None) -> str:
    """``path`` if it is one of this site, else the start page (no open redirect)."""
    if path is None or not path.startswith("/") or path.startswith("//"):
        return "/"
    if "\\" in path or not path.isprintable():
        return "/"
    return path


def _identity(claims: dict[str, Any]) -> Identity:
    """Issuer and subject are the key; ``name`` falls back to what is before the @."""
    if not claims:
        raise _failed("The sign-in service did not say who you are.")
    email = claims.get("email")
    if not isinstance(email, str) or "@" not in email:
        raise _failed("The sign-in service did not tell your e-mail address, which we need.")
    name = claims.get("name") or email.partition("@")[0]
    return Identity(str(claims["iss"]), str(claims["sub"]), email, str(name))


def _failed(sentence: str) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, ApiCode.SIGN_IN_FAILED, sentence)
