"""The contracts of Mailer and SentMails."""

from datetime import timedelta

import pytest

from gas.domain.errors import PermanentError
from gas.messages import new_id
from gas.ports import Mail, SentMail
from tests.contract.conftest import SENDER, Mailbox
from tests.support.jobs import now
from tests.support.ports import Ports


async def test_sends_both_forms(ports: Ports, user_id: str, mailbox: Mailbox) -> None:
    mail = Mail(f"{user_id}@example.org", "Your résult", "Text: ü", "<p>HTML: ü</p>")
    await ports.mailer(SENDER).send(mail)
    assert await mailbox(mail.to) == [mail]


async def test_a_bad_address_is_nothing_to_try_again(ports: Ports) -> None:
    with pytest.raises(PermanentError):
        await ports.mailer(SENDER).send(Mail("nobody", "s", "t", "<p>h</p>"))


async def test_remembers_what_was_mailed_about(ports: Ports, user_id: str) -> None:
    event_id, job_id = new_id(), new_id()
    mails = ports.sent_mails
    assert not await mails.contains(user_id, event_id, job_id=job_id)
    for _ in range(2):
        await mails.add(user_id, event_id, job_id=job_id, kind="completed", at=now())
    assert await mails.contains(user_id, event_id, job_id=job_id)
    assert not await mails.contains(user_id, new_id(), job_id=job_id)
    assert not await mails.contains(user_id, event_id, job_id=new_id())
    assert not await mails.contains(new_id(), event_id, job_id=job_id)


async def test_gives_the_mails_of_a_job_oldest_first(ports: Ports, user_id: str) -> None:
    job_id, at = new_id(), now()
    later = at + timedelta(minutes=5)
    mails = ports.sent_mails
    await mails.add(user_id, new_id(), job_id=job_id, kind="archived", at=later)
    await mails.add(user_id, new_id(), job_id=job_id, kind="completed", at=at)
    await mails.add(user_id, new_id(), job_id=new_id(), kind="failed", at=at)
    await mails.add(new_id(), new_id(), job_id=job_id, kind="failed", at=at)
    assert await mails.of_job(user_id, job_id) == [
        SentMail("completed", at),
        SentMail("archived", later),
    ]
    assert await mails.of_job(user_id, new_id()) == []
