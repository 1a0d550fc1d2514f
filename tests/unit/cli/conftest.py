"""A client, and the commands, before the fake server."""

import pytest

from gas.cli import session
from gas.cli.client import GasClient
from tests.unit.cli.fake_server import FakeServer, client_of


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def client(server: FakeServer) -> GasClient:
    return client_of(server)


@pytest.fixture
def signed_in(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands talk to the fake server."""
    monkeypatch.setattr(session, "client_from_environment", lambda: client_of(server))
