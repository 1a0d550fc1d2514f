"""The life of a process: begun, stopped, cut off when it hangs, and refused by AWS."""

import asyncio
import os
import signal
from datetime import timedelta

import pytest

from gas.domain.errors import MisconfiguredError
from gas.runtime import service
from gas.runtime.service import health_beat, run_service, serve_until_signalled
from gas.runtime.settings import BackgroundSettings

SOON = timedelta(seconds=0.05)
LATE = timedelta(seconds=60)


async def terminated(serve: service.Serve, grace: timedelta) -> None:
    """Serve until a SIGTERM that comes soon."""
    loop = asyncio.get_running_loop()
    loop.call_later(0.1, os.kill, os.getpid(), signal.SIGTERM)
    try:
        async with asyncio.timeout(5):
            await serve_until_signalled("test", serve, grace)
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        loop.remove_signal_handler(signal.SIGINT)


async def test_a_service_that_listens_ends_in_order() -> None:
    ended = False

    async def serve(stop: asyncio.Event) -> None:
        nonlocal ended
        await stop.wait()
        await asyncio.sleep(0.05)
        ended = True

    await terminated(serve, LATE)
    assert ended


async def test_a_service_that_waits_for_aws_is_cut_off() -> None:
    tidied = False

    async def serve(_stop: asyncio.Event) -> None:
        nonlocal tidied
        try:
            await asyncio.Event().wait()
        finally:
            tidied = True

    await terminated(serve, SOON)
    assert tidied


async def test_an_error_of_the_service_is_an_error() -> None:
    async def serve(_stop: asyncio.Event) -> None:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        await serve_until_signalled("test", serve, LATE)


def test_what_only_an_operator_can_help_ends_with_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = BackgroundSettings(inputs_bucket="inputs", results_bucket="results")
    monkeypatch.setattr(service, "configure_logging", lambda *_: None)

    async def serve(_stop: asyncio.Event) -> None:
        raise MisconfiguredError("AWS does not take our credentials: expired")

    with pytest.raises(SystemExit) as ended:
        run_service("test", settings, serve)
    assert ended.value.code == 1
    output = "".join(capsys.readouterr())
    assert "AWS does not take our credentials: expired" in output
    assert "Traceback" not in output


def test_without_a_health_file_the_heart_beats_in_silence() -> None:
    health_beat(None)()
