"""The schema, and how it comes into the database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text

from services.api.store.migrate import migrate
from services.api.store.tables import Base


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    """A database without tables."""
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE empty"))
    yield make_url(server_url).set(database="empty").render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE empty"))
    engine.dispose()


def test_replicas_may_migrate_at_the_same_time(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, [empty_url] * 4))

    engine = create_engine(empty_url)
    with engine.connect() as connection:
        revisions = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    engine.dispose()
    assert len(revisions) == 1


def test_the_migrations_make_the_tables_that_the_code_knows(migrated_url: str) -> None:
    engine = create_engine(migrated_url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()

    assert differences == []


def test_tokens_and_sessions_go_with_their_account(migrated_url: str) -> None:
    engine = create_engine(migrated_url)
    rule = text(
        "SELECT conrelid::regclass::text FROM pg_constraint"
        " WHERE confrelid = 'accounts'::regclass AND confdeltype = 'c'"
    )
    with engine.connect() as connection:
        tables = set(connection.scalars(rule))
    engine.dispose()

    assert tables == {"sessions", "tokens", "shares", "idempotency_keys"}
