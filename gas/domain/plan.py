"""Plans, and what they allow."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Plan(StrEnum):
    """What a user pays for."""

    FREE = "free"
    PREMIUM = "premium"


FREE_UPLOAD_BYTES = 150 * 1024
PREMIUM_UPLOAD_BYTES = 5 * 1024**3  # what S3 takes in one POST


class Account(BaseModel):
    """What the workers know of a user: a projection of the api's account, written only by it.

    ``plan_version`` counts the changes of plan, so that a stale one is recognised.
    """

    model_config = ConfigDict(frozen=True)

    user_id: str
    email: str
    name: str
    plan: Plan
    plan_version: int

    @property
    def keeps_results(self) -> bool:
        """Whether results stay at hand, rather than go to the archive."""
        return self.plan is Plan.PREMIUM


def upload_limit(plan: Plan) -> int:
    """The largest upload of a plan, in bytes."""
    return FREE_UPLOAD_BYTES if plan is Plan.FREE else PREMIUM_UPLOAD_BYTES
