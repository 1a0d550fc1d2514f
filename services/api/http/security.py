"""A limit for what comes in, and headers that make browsers careful with what goes out."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def content_security_policy(store: Sequence[str] = (), *, forms: Sequence[str] = ()) -> str:
    """Everything from us alone; files go to the ``store``'s origins and come from there.

    ``forms`` are origins that a form may lead to, by a redirection of ours.
    """
    own_and_store = " ".join(["'self'", *store])
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            f"connect-src {own_and_store}",
            f"form-action {' '.join([own_and_store, *forms])}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


class SecurityHeaders:
    """Adds the headers to every answer; a header that a route has set stays.

    ``https_only`` has browsers refuse plain http to this host, on every port of it (RFC 6797,
    section 8.3): on localhost that would shut out other servers, ``gas up`` among them.
    ``store_origins`` says where browsers find the object store.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        https_only: bool,
        store_origins: Callable[[], Awaitable[Sequence[str]]],
    ) -> None:
        self._app = app
        self._store_origins = store_origins
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }
        if https_only:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = content_security_policy(await self._store_origins())

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", policy)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class BodyLimit:
    """Refuses to read a body beyond ``max_bytes``, whatever its length was said to be."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0

        async def receive_some() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self._app(scope, receive_some if scope["type"] == "http" else receive, send)
