"""The kinds of mails that users get, and may not want."""

from enum import StrEnum


class MailKind(StrEnum):
    """Stable names: preferences and the memory of what was sent hold them."""

    COMPLETED = "completed"
    FAILED = "failed"
    ARCHIVE_SOON = "archive_soon"
    ARCHIVED = "archived"
    RESTORED = "restored"

    @property
    def meaning(self) -> str:
        """When such a mail comes, as users are asked whether they want it."""
        return _MEANINGS[self]


_MEANINGS: dict[MailKind, str] = {
    MailKind.COMPLETED: "A result is ready",
    MailKind.FAILED: "A file could not be annotated",
    MailKind.ARCHIVE_SOON: "A result will be archived soon",
    MailKind.ARCHIVED: "A result was archived",
    MailKind.RESTORED: "An archived result is back",
}
