"""The contracts of Mailer and SentMails."""

import pytest

from gas.domain.errors import PermanentError
from gas.messages import new_id
from gas.ports import Mail
from tests.contract.conftest import SENDER, Mailbox
from tests.support.ports import Ports


async def test_sends_both_forms(ports: Ports, user_id: str, mailbox: Mailbox) -> None:
    mail = Mail(f"{user_id}@example.org", "Your résult", "Text: ü", "<p>HTML: ü</p>")
    await ports.mailer(SENDER).send(mail)
    assert await mailbox(mail.to) == [mail]


async def test_a_bad_address_is_nothing_to_try_again(ports: Ports) -> None:
    with pytest.raises(PermanentError):
        await ports.mailer(SENDER).send(Mail("nobody", "s", "t", "<p>h</p>"))


async def test_remembers_what_was_mailed_about(ports: Ports, user_id: str) -> None:
    event_id = new_id()
    assert not await ports.sent_mails.contains(user_id, event_id)
    await ports.sent_mails.add(user_id, event_id)
    await ports.sent_mails.add(user_id, event_id)
    assert await ports.sent_mails.contains(user_id, event_id)
    assert not await ports.sent_mails.contains(user_id, new_id())
    assert not await ports.sent_mails.contains(new_id(), event_id)
