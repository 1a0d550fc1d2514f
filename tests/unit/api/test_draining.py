"""A server that is to stop lets go of its connections, one answer each."""

import httpx
from starlette.responses import PlainTextResponse

from services.api.http.server import LastAnswers


async def test_connections_end_with_their_next_answer() -> None:
    is_ending = False
    app = LastAnswers(PlainTextResponse("answer"), lambda: is_ending)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gas") as client:
        assert "Connection" not in (await client.get("/")).headers
        is_ending = True
        last = await client.get("/")
    assert (last.text, last.headers["Connection"]) == ("answer", "close")
