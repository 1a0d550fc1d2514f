"""From an event to a mail: at least once, and as a rule just once."""

from datetime import timedelta

import structlog

from gas.domain.errors import NotYetError, PermanentError
from gas.domain.job import Job
from gas.domain.mail_kinds import MailKind
from gas.domain.plan import Account
from gas.domain.states import AVAILABLE
from gas.mails import Mails, kind_of
from gas.messages import AnyMessage, JobMessage
from gas.ports import AccountStore, JobStore, Mailer, SentMails
from gas.runtime.records import Clock, utc_now

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
        clock: Clock = utc_now,
    ) -> None:
        self._jobs = jobs
        self._accounts = accounts
        self._mailer = mailer
        self._sent = sent
        self._mails = mails
        self._clock = clock

    async def handle(self, message: AnyMessage) -> None:
        kind = kind_of(message)
        if kind is None or not isinstance(message, JobMessage):
            return
        job = await self._jobs.get(message.user_id, message.job_id)
        if job is None or job.is_gone:
            return
        account = await self._accounts.get(message.user_id)
        if account is None:
            raise NotYetError("the address of the owner is unknown", _ACCOUNT_UNKNOWN_DELAY)
        if kind in account.muted_mails:
            log.info("mail not wanted", kind=kind)
            return
        if kind is MailKind.ARCHIVE_SOON and not self._is_still_ahead(job, account):
            return
        if await self._sent.contains(message.user_id, message.event_id, job_id=message.job_id):
            return
        await self._send(kind, message, job, account)

    def _is_still_ahead(self, job: Job, account: Account) -> bool:
        """A late announcement would be false: the plan may have changed, or the time be over."""
        if job.state != AVAILABLE or job.archive_due_at is None or account.keeps_results:
            return False
        return job.archive_due_at > self._clock()

    async def _send(self, kind: MailKind, message: JobMessage, job: Job, account: Account) -> None:
        mail = self._mails.write(kind, job, account, self._clock())
        try:
            await self._mailer.send(mail)
        except PermanentError as error:
            log.warning("mail refused for good", reason=error.message)
            return
        await self._sent.add(
            message.user_id, message.event_id, job_id=job.job_id, kind=kind, at=self._clock()
        )
        log.info("mail sent", subject=mail.subject)
