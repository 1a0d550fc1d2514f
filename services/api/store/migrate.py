"""Bringing the database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

_MIGRATIONS = Path(__file__).parents[1] / "migrations"
_LOCK = 0x6761_7331  # any number, as long as every replica takes the same


def migrate(database_url: str) -> None:
    """Upgrade to the newest revision. Replicas wait for each other, the later ones do nothing.

    PostgreSQL changes schemas in transactions, so a failure leaves the schema as it was.
    """
    engine = create_engine(database_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
