"""A PostgreSQL for all tests of the api, emptied for each; a world; Ada and Ben in it."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import oidc_provider_mock  # type: ignore[import-untyped]  # it ships no hints
import pytest
from sqlalchemy import create_engine, text

from gas.adapters.memory import MemoryPorts, memory_ports
from gas.embedded.ports import claim_ports
from gas.embedded.postgres import Postgres
from gas.embedded.process import Process
from gas.embedded.readiness import until_ready
from services.api.app import create_app
from services.api.settings import ApiSettings
from services.api.store.database import Database
from services.api.store.migrate import migrate
from services.api.store.tables import Base
from tests.unit.api.world import ORIGIN, Clock, User, World


@pytest.fixture(scope="session")
async def server_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A PostgreSQL of our own, without tables, that goes with the tests."""
    folder = tmp_path_factory.mktemp("postgres")
    log = folder / "log"
    postgres = Postgres(folder / "cluster", claim_ports(0).postgres, "password", log, ())
    server = await Process.start(await postgres.program())
    try:
        await until_ready(
            "PostgreSQL",
            postgres.is_ready,
            lambda: not server.is_running,
            log,
            timedelta(seconds=30),
        )
        yield postgres.url
    finally:
        await server.stop(timedelta(seconds=8))


@pytest.fixture(scope="session")
def migrated_url(server_url: str) -> str:
    migrate(server_url)
    return server_url


@pytest.fixture
def database_url(migrated_url: str) -> str:
    engine = create_engine(migrated_url)
    with engine.begin() as connection:
        tables = ", ".join(Base.metadata.tables)
        connection.execute(text(f"TRUNCATE {tables}"))
    engine.dispose()
    return migrated_url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database.open(database_url, pool_size=5) as database:
        yield database


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> ApiSettings:
    return ApiSettings.model_validate(
        {
            "inputs_bucket": "inputs",
            "results_bucket": "results",
            "database_url": database_url,
            "public_url": ORIGIN,
            "oidc_issuer": "https://issuer.test",
            "oidc_client_id": "gas",
            "oidc_client_secret": "known to the issuer",
            "session_secret": "x" * 32,
            "genomes": "rCRS,GRCh38",
            "explorer_cache_dir": tmp_path / "cache",
        }
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ports(clock: Clock) -> MemoryPorts:
    return memory_ports(clock=clock)


@pytest.fixture
async def world(
    settings: ApiSettings, ports: MemoryPorts, database: Database, clock: Clock
) -> AsyncIterator[World]:
    world = World(create_app(settings, ports, database, clock), ports, clock)
    yield world
    await world.context.explorer.close()


@pytest.fixture
async def ada(world: World) -> AsyncIterator[User]:
    async with world.user("ada") as user:
        yield user


@pytest.fixture
async def ben(world: World) -> AsyncIterator[User]:
    async with world.user("ben") as user:
        yield user


@pytest.fixture(scope="session")
def issuer_url() -> Iterator[str]:
    """An OpenID Connect issuer that signs in anybody."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        with oidc_provider_mock.run_server_in_thread() as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is not signed in."""
    async with world.browser() as client:
        yield client
