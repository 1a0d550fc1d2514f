"""A download whose length nobody knows beforehand."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Self
from urllib.parse import quote

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send


class StreamedExport(StreamingResponse):
    """Pieces of a file; they are closed when it is sent, and when nobody wants the rest."""

    def __init__(self, pieces: AsyncGenerator[bytes], first: bytes, name: str, kind: str) -> None:
        self._pieces = pieces
        headers = {
            # RFC 6266; the name is percent-encoded as RFC 8187 has it.
            "Content-Disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}",
            "Cache-Control": "no-store",
        }
        super().__init__(self._all(first), headers=headers, media_type=kind)

    @classmethod
    async def begun(cls, pieces: AsyncGenerator[bytes], name: str, kind: str) -> Self:
        """With the first piece at hand: what is refused, is refused before anything is sent."""
        first = await anext(pieces, b"")
        return cls(pieces, first, name, kind)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._pieces):
            await super().__call__(scope, receive, send)

    async def _all(self, first: bytes) -> AsyncIterator[bytes]:
        yield first
        async for piece in self._pieces:
            yield piece
