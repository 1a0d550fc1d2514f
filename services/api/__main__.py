"""Wiring of the api: ``python -m services.api [migrate] [--help]``."""

import asyncio
import sys

import structlog
import uvicorn

from gas.adapters.aws.wiring import aws_ports
from gas.runtime.logging import configure_logging
from services.api.app import create_app
from services.api.settings import ApiSettings
from services.api.store.database import Database
from services.api.store.migrate import migrate

_DRAIN_SECONDS = 20

log = structlog.get_logger()


async def serve(settings: ApiSettings) -> None:
    """Until SIGTERM or SIGINT; then requests in hand may end, for a while."""
    async with (
        aws_ports(settings, pool_size=settings.aws_pool_size) as ports,
        Database.open(
            settings.database_url.get_secret_value(), pool_size=settings.database_pool_size
        ) as database,
    ):
        config = uvicorn.Config(
            create_app(settings, ports, database),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_DRAIN_SECONDS,
        )
        await uvicorn.Server(config).serve()


def main() -> None:
    settings = ApiSettings.load()
    configure_logging(settings, "api")
    match sys.argv[1:]:
        case []:
            asyncio.run(serve(settings))
        case ["migrate"]:
            migrate(settings.database_url.get_secret_value())
            log.info("database is at the newest schema")
        case _:
            sys.stderr.write("usage: python -m services.api [migrate] [--help]\n")
            raise SystemExit(2)


if __name__ == "__main__":
    main()
