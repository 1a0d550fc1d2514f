"""Wiring of the notifier."""

import asyncio

from gas.adapters.aws.wiring import aws_ports
from gas.mails import Mails
from gas.runtime.service import run_service, work_on
from gas.runtime.topology import Queue
from services.notifier.handlers import Notifier
from services.notifier.settings import NotifierSettings


def main() -> None:
    settings = NotifierSettings.load()

    async def serve(stop: asyncio.Event) -> None:
        async with aws_ports(settings, pool_size=settings.concurrency * 4) as ports:
            notifier = Notifier(
                jobs=ports.jobs,
                accounts=ports.accounts,
                mailer=ports.mailer(settings.mail_from),
                sent=ports.sent_mails,
                mails=Mails(settings.public_url, settings.free_retention),
            )
            await work_on(ports.queue(Queue.NOTIFY), notifier.handle, settings, stop)

    run_service("notifier", settings, serve)


if __name__ == "__main__":
    main()
