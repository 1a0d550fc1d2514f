"""An OpenID Connect issuer that browsers and servers reach at two addresses.

In containers, browsers come to the issuer's public address through a load balancer, while the
api reaches the issuer itself, and not that address. There is still one issuer: its name, also in
every token, and the address of its form are the public ones for everybody (the front channel).
Only where a server asks for tokens, claims and keys (the back channel) is told by the address at
which the discovery document was asked for.
"""

import argparse
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import flask
from werkzeug.wsgi import get_host

DISCOVERY = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0, section 4

_BACK_CHANNEL = ("token_endpoint", "userinfo_endpoint", "jwks_uri")
_ASKED_AT = "gas.asked_at"


def origin(text: str) -> str:
    """``text`` as scheme, host and port alone. Raises argparse.ArgumentTypeError."""
    parts = urlsplit(text.rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form https://host:port")
    return f"{parts.scheme}://{parts.netloc}"


class AtPublicAddress:
    """WSGI middleware: lets ``app`` take every request for one to its public address."""

    def __init__(self, app: WSGIApplication, public_url: str) -> None:
        self._app = app
        self._scheme, _, self._host = public_url.partition("://")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = get_host(environ)
        # The load balancer keeps the host: who names the public one came by it, over its scheme.
        scheme = self._scheme if host == self._host else environ["wsgi.url_scheme"]
        environ[_ASKED_AT] = f"{scheme}://{host}"
        environ["wsgi.url_scheme"], environ["HTTP_HOST"] = self._scheme, self._host
        return self._app(environ, start_response)


def put_back_channel_right(response: flask.Response) -> flask.Response:
    """For ``after_request`` of an application within AtPublicAddress."""
    asked_at = flask.request.environ.get(_ASKED_AT)
    if asked_at and flask.request.path == DISCOVERY:
        metadata: dict[str, Any] = json.loads(response.get_data())
        metadata |= {name: asked_at + urlsplit(metadata[name]).path for name in _BACK_CHANNEL}
        response.set_data(json.dumps(metadata))
    return response
