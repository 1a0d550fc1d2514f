"""The façade as a server on a loopback port, in the event loop of the test."""

from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from tests.support.facade.archive import ArchiveClass
from tests.support.facade.calls import Answer, Call
from tests.support.facade.errors import AwsError, refusal
from tests.support.facade.faults import Fault, FaultPlan, Kind, failed, throttled
from tests.support.facade.forms import is_form, read_form
from tests.support.facade.post_policy import verify_form
from tests.support.facade.sigv4 import Clock, Credentials, Verifier
from tests.support.facade.upstream import Upstream

_HOST = "127.0.0.1"
_REGION = "us-east-1"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Facade:
    """Async context manager: inside it ``url`` is a strict AWS, with ``upstream`` behind it.

    ``faults`` meet only calls whose signatures are right. ``verified`` counts those by how they
    were signed, ``refused`` counts refusals by code. Bodies are held in memory.
    """

    url: str

    def __init__(
        self,
        upstream: str,
        credentials: Credentials,
        *,
        faults: Sequence[Fault] = (),
        restore_delay: timedelta = timedelta(0),
        expedited_available: bool = True,
        clock: Clock = _utc_now,
    ) -> None:
        self._upstream = Upstream(upstream, _REGION, credentials)
        self._verifier = Verifier(credentials, _REGION, clock)
        self._exits = AsyncExitStack()
        self.archive = ArchiveClass(
            self._upstream, delay=restore_delay, expedited_available=expedited_available
        )
        self.faults = FaultPlan(faults)
        self.verified: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as exits:
            await exits.enter_async_context(self._upstream)
            exits.push_async_callback(self.archive.close)
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", self._serve)
            # A client that goes away ends its long poll, or the poll would take a message along.
            runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
            await runner.setup()
            exits.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, _HOST, 0).start()
            self.url = f"http://{_HOST}:{runner.addresses[0][1]}"
            self._exits = exits.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._exits.aclose()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        call = await _read(request)
        fault: Kind | None = None
        try:
            if call.method != "OPTIONS":  # a browser signs no preflight
                self._verify(call)
                fault = self.faults.next(call)
            answer = await self._answer(call, fault)
        except AwsError as error:
            self.refused[error.code] += 1
            answer = refusal(call, error)
        except aiohttp.ClientError:
            fault = Kind.CUT  # as the emulator did to us
            answer = Answer(502, CIMultiDict(), b"")
        if fault is Kind.ANSWER_CUT and answer.body:
            return await _break_off(request, answer)
        if fault in {Kind.CUT, Kind.ANSWER_CUT}:
            return _cut(request)
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body or None)

    def _verify(self, call: Call) -> None:
        if is_form(call):
            verify_form(call, read_form(call), self._verifier)
            self.verified["form"] += 1
        elif "Authorization" in call.headers:
            self._verifier.headers(call)
            self.verified["header"] += 1
        elif "X-Amz-Signature" in call.parameters:
            self._verifier.address(call)
            self.verified["address"] += 1
        else:
            raise AwsError(403, "AccessDenied", "Access Denied")

    async def _answer(self, call: Call, fault: Kind | None) -> Answer:
        match fault:
            case Kind.THROTTLED:
                raise throttled(call.service)
            case Kind.FAILED:
                raise failed(call.service)
            case Kind.CUT:
                return Answer(502, CIMultiDict(), b"")
            case Kind.TWICE:
                await self.archive.answer(call)
        answer = await self.archive.answer(call)
        if fault is Kind.ANSWER_FAILED:
            raise failed(call.service)
        return answer


async def _read(request: web.Request) -> Call:
    path, _, query = request.raw_path.partition("?")
    headers = CIMultiDict(request.headers)
    return Call(request.method, path, query, headers, await request.content.read())


def _cut(request: web.Request) -> web.Response:
    """No answer, and no connection to send one on."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=502)


async def _break_off(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Half of what was announced."""
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    await response.write(answer.body[: len(answer.body) // 2])
    if request.transport is not None:
        request.transport.close()  # which sends what is written, other than abort
    return response
