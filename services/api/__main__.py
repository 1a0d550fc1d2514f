"""Wiring of the api: ``python -m services.api [migrate] [--help]``."""

import asyncio
import sys
from datetime import timedelta

import structlog

from gas.adapters.aws.wiring import aws_ports
from gas.domain.errors import MisconfiguredError
from gas.runtime.logging import configure_logging
from services.api.app import create_app
from services.api.http.server import server_for
from services.api.settings import ApiSettings
from services.api.store.database import Database
from services.api.store.migrate import migrate

log = structlog.get_logger()

_READ_TIMEOUT = timedelta(seconds=5)
"""Somebody waits for the answer, and is better told that AWS is away than kept waiting."""


async def serve(settings: ApiSettings) -> None:
    """Until SIGTERM or SIGINT; then requests in hand may end, for a while."""
    async with (
        aws_ports(settings, pool_size=settings.aws_pool_size, read_timeout=_READ_TIMEOUT) as ports,
        Database.open(
            settings.database_url.get_secret_value(), pool_size=settings.database_pool_size
        ) as database,
    ):
        await server_for(create_app(settings, ports, database), settings).serve()


def main() -> None:
    settings = ApiSettings.load()
    configure_logging(settings, "api")
    match sys.argv[1:]:
        case []:
            try:
                asyncio.run(serve(settings))
            except MisconfiguredError as error:
                log.critical("service cannot start", reason=str(error))
                raise SystemExit(1) from error
        case ["migrate"]:
            migrate(settings.database_url.get_secret_value())
            log.info("database is at the newest schema")
        case _:
            sys.stderr.write("usage: python -m services.api [migrate] [--help]\n")
            raise SystemExit(2)


if __name__ == "__main__":
    main()
