"""From an event to a mail: at least once, and as a rule just once."""

from datetime import timedelta

import structlog

from gas.domain.errors import NotYetError, PermanentError
from gas.domain.states import DELETING
from gas.messages import AnyMessage, JobMessage
from gas.ports import AccountStore, JobStore, Mailer, SentMails
from services.notifier.mails import Mails

log = structlog.get_logger()

_ACCOUNT_UNKNOWN_DELAY = timedelta(minutes=1)


class Notifier:
    """Mails the owner of a job."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        accounts: AccountStore,
        mailer: Mailer,
        sent: SentMails,
        mails: Mails,
    ) -> None:
        self._jobs = jobs
        self._accounts = accounts
        self._mailer = mailer
        self._sent = sent
        self._mails = mails

    async def handle(self, message: AnyMessage) -> None:
        if not isinstance(message, JobMessage):
            return
        job = await self._jobs.get(message.user_id, message.job_id)
        if job is None or job.state == DELETING:
            return
        account = await self._accounts.get(message.user_id)
        if account is None:
            raise NotYetError("the address of the owner is unknown", _ACCOUNT_UNKNOWN_DELAY)
        mail = self._mails.about(message, job, account)
        if mail is None or await self._sent.contains(message.user_id, message.event_id):
            return
        try:
            await self._mailer.send(mail)
        except PermanentError as error:
            log.warning("mail refused for good", reason=error.message)
            return
        await self._sent.add(message.user_id, message.event_id)
        log.info("mail sent", subject=mail.subject)
