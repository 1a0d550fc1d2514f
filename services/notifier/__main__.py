"""Wiring of the notifier."""

import asyncio

from gas.adapters.aws.wiring import aws_ports
from gas.runtime.service import health_beat, run_service, worker_options
from gas.runtime.topology import Queue
from gas.runtime.worker import Worker
from services.notifier.handlers import Notifier
from services.notifier.mails import Mails
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
            worker = Worker(
                ports.queue(Queue.NOTIFY),
                notifier.handle,
                worker_options(settings),
                beat=health_beat(settings.health_file),
            )
            await worker.run(stop)

    run_service("notifier", settings, serve)


if __name__ == "__main__":
    main()
