"""What a user may say of the own account, checked."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gas.domain.mail_kinds import MailKind
from services.api.store.profiles import ProfileChange

NAME_LENGTH = 100
INSTITUTION_LENGTH = 200


def _one_line(text: str) -> str:
    """Names get into the headers of mails, where a line break would begin another header."""
    line = " ".join(text.split())
    if not line.isprintable():
        raise ValueError("Please leave out characters that cannot be seen.")
    return line


def _some(text: str) -> str:
    if not text:
        raise ValueError("Please tell a name.")
    return text


class ProfileForm(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    name: (
        Annotated[
            str,
            Field(max_length=NAME_LENGTH),
            AfterValidator(_one_line),
            AfterValidator(_some),
        ]
        | None
    ) = None
    institution: (
        Annotated[str, Field(max_length=INSTITUTION_LENGTH), AfterValidator(_one_line)] | None
    ) = None
    muted_mails: frozenset[MailKind] | None = Field(
        None, description="Kinds of mails that you do not want"
    )

    def to_change(self) -> ProfileChange:
        return ProfileChange(self.name, self.institution, self.muted_mails)
