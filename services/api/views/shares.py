"""What the api says of share links."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field

from services.api.store.shares import Share
from services.api.views.base import View

SHARE_DAYS = (1, 7, 30, 90)
"""How long links may work; nothing is shared for ever by accident."""
DEFAULT_SHARE_DAYS = 7
MAX_SHARE_LABEL = 100


class ShareView(View):
    """A link to a job; what it says is kept by nobody but those who have it."""

    id: str
    label: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="Null if nobody has followed it yet")

    @classmethod
    def of(cls, share: Share) -> "ShareView":
        return ShareView(
            id=share.share_id,
            label=share.label,
            created_at=share.created_at,
            expires_at=share.expires_at,
            last_used_at=share.last_used_at,
        )


class NewShareView(ShareView):
    """The link itself is shown this once: only a hash of its token is kept."""

    url: str

    @classmethod
    def made(cls, share: Share, token: str, origin: str) -> Self:
        return cls(**ShareView.of(share).model_dump(), url=f"{origin}{shared_path(token)}")


class SharesView(View):
    shares: Sequence[ShareView]


def shared_path(token: str) -> str:
    return f"/shared/{token}"
