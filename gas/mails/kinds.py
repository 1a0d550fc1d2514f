"""Which event is which kind of mail."""

from collections.abc import Mapping

from gas.domain.mail_kinds import MailKind
from gas.messages import (
    JobCompleted,
    JobFailed,
    Message,
    ResultArchived,
    ResultArchiveSoon,
    ResultRestored,
)

_KINDS: Mapping[type[Message], MailKind] = {
    JobCompleted: MailKind.COMPLETED,
    JobFailed: MailKind.FAILED,
    ResultArchiveSoon: MailKind.ARCHIVE_SOON,
    ResultArchived: MailKind.ARCHIVED,
    ResultRestored: MailKind.RESTORED,
}


def kind_of(message: Message) -> MailKind | None:
    """The mail that an event calls for; None where it is nobody's news."""
    return _KINDS.get(type(message))
