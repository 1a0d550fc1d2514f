"""An OpenID Connect issuer to sign in with on this machine: ``python -m gas.embedded.issuer PORT``.

With ``--host`` and ``--public-url`` it serves the same from a container, behind a load balancer.

oidc-provider-mock is the issuer. It signs anyone in who is chosen or typed in its form, with any
client and secret. It ignores PKCE, which would let a mistake of ours pass; so we check it here.
"""

import argparse
import base64
import hashlib
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from wsgiref.types import WSGIApplication

import flask
import jinja2
import oidc_provider_mock  # type: ignore[import-untyped]  # it ships no hints
import uvicorn

from gas.embedded.ports import HOST
from gas.embedded.public_address import AtPublicAddress, origin, put_back_channel_right

_AUTHORIZE = "/oauth2/authorize"
_TOKEN = "/oauth2/token"  # noqa: S105 - a path
_PAGES = Path(__file__).with_name("issuer_pages")
_DRAIN_SECONDS = 2

DEMO_USERS = {
    "ada": {"name": "Ada Lovelace", "email": "ada@example.org"},
    "ben": {"name": "Ben Franklin", "email": "ben@example.org"},
}


def create_issuer(public_url: str | None = None) -> WSGIApplication:
    """The issuer, as a WSGI application.

    ``public_url`` (scheme, host and port) is its name and where browsers find it; without one,
    it takes whatever address it is asked at for its own.
    """
    users = [
        oidc_provider_mock.User(sub=sub, claims={**claims, "email_verified": True})
        for sub, claims in DEMO_USERS.items()
    ]
    app: flask.Flask = oidc_provider_mock.app(user_claims=users)
    app.jinja_env.loader = jinja2.ChoiceLoader(
        [jinja2.FileSystemLoader(_PAGES), jinja2.PackageLoader(oidc_provider_mock.__name__)]
    )
    _require_pkce(app)
    if public_url is None:
        return app
    app.after_request(put_back_channel_right)
    return AtPublicAddress(app, public_url)


def _require_pkce(app: flask.Flask) -> None:
    challenges: dict[str, str] = {}  # authorization code -> code challenge

    def refuse_without_pkce() -> flask.typing.ResponseReturnValue | None:
        request = flask.request
        if request.path == _AUTHORIZE and request.args.get("code_challenge_method") != "S256":
            return _error("invalid_request", "PKCE with code_challenge_method=S256 is required")
        if request.path == _TOKEN and "code" in request.form:
            expected = challenges.pop(request.form["code"], None)
            if expected != _challenge(request.form.get("code_verifier", "")):
                return _error("invalid_grant", "code_verifier does not fit the code_challenge")
        return None

    def remember_challenge(response: flask.Response) -> flask.Response:
        code = parse_qs(urlsplit(response.headers.get("Location", "")).query).get("code")
        if flask.request.path == _AUTHORIZE and code:
            challenges[code[0]] = flask.request.args.get("code_challenge", "")
        return response

    app.before_request(refuse_without_pkce)
    app.after_request(remember_challenge)


def _error(code: str, description: str) -> flask.typing.ResponseReturnValue:
    return {"error": code, "error_description": description}, 400


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m gas.embedded.issuer", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--host", default=HOST, help="the address to listen on (%(default)s)")
    parser.add_argument(
        "--public-url",
        type=origin,
        help="where browsers find it, as https://host:port, if not at the address it listens on",
    )
    arguments = parser.parse_args()
    # It speaks plain HTTP, on loopback or to a load balancer beside it.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    uvicorn.run(
        create_issuer(arguments.public_url),
        interface="wsgi",
        host=arguments.host,
        port=arguments.port,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )


if __name__ == "__main__":
    _main()
