"""Plans, and what they allow."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Plan(StrEnum):
    """What a user pays for."""

    FREE = "free"
    PREMIUM = "premium"


FREE_UPLOAD_BYTES = 150 * 1024
PREMIUM_UPLOAD_BYTES = 5 * 1024**3  # what S3 takes in one POST

FREE_ACTIVE_JOBS = 5
PREMIUM_ACTIVE_JOBS = 100
"""How many jobs of a user may wait or run at a time, unless settings say otherwise."""


class Account(BaseModel):
    """What the workers know of a user: a projection of the api's account, written only by it.

    ``plan_version`` counts the changes of plan, so that a stale one is recognised.
    ``muted_mails`` are the kinds of mails (``MailKind``) that the user does not want; a kind that
    a worker does not know is one that it does not send.
    """

    model_config = ConfigDict(frozen=True)

    user_id: str
    email: str
    name: str
    plan: Plan
    plan_version: int
    muted_mails: frozenset[str] = frozenset()

    @property
    def keeps_results(self) -> bool:
        """Whether results stay at hand, rather than go to the archive."""
        return self.plan is Plan.PREMIUM


def upload_limit(plan: Plan) -> int:
    """The largest upload of a plan, in bytes."""
    return FREE_UPLOAD_BYTES if plan is Plan.FREE else PREMIUM_UPLOAD_BYTES
