"""What the api tells somebody of the own account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field

from gas.domain.mail_kinds import MailKind
from gas.domain.plan import Plan
from services.api.accounts.usage import Usage
from services.api.store.profiles import Profile
from services.api.store.sessions import SignedInBrowser
from services.api.store.tokens import Token
from services.api.views.base import View


class AccountView(View):
    user_id: str
    email: str = Field(description="As the sign-in service told it at the last sign-in")
    name: str
    institution: str
    muted_mails: Sequence[MailKind] = Field(description="Kinds of mails that you do not want")
    plan: Plan

    @classmethod
    def of(cls, profile: Profile) -> Self:
        account = profile.account
        return cls(
            user_id=account.user_id,
            email=account.email,
            name=account.name,
            institution=profile.institution,
            muted_mails=[kind for kind in MailKind if kind in account.muted_mails],
            plan=account.plan,
        )


class UsageView(View):
    """What you have here at this moment."""

    jobs: int
    active_jobs: int = Field(description="Submitted or running")
    results_at_hand: int
    results_archived: int = Field(description="Archived ones, and those that are on their way back")
    bytes: int = Field(description="Of all uploads and results, archived ones among them")
    is_whole: bool = Field(description="False: there is more than was counted")

    @classmethod
    def of(cls, usage: Usage) -> Self:
        return cls(
            jobs=usage.jobs,
            active_jobs=usage.active,
            results_at_hand=usage.at_hand,
            results_archived=usage.archived,
            bytes=usage.bytes,
            is_whole=usage.is_whole,
        )


class SessionView(View):
    browser: str = Field(description='As "Firefox on Linux"; empty where it is not known')
    signed_in_at: datetime
    seen_at: datetime
    is_this: bool = Field(description="Whether it is the browser that asks")

    @classmethod
    def of(cls, session: SignedInBrowser) -> Self:
        return cls(
            browser=session.browser,
            signed_in_at=session.signed_in_at,
            seen_at=session.seen_at,
            is_this=session.is_this,
        )


class SessionsView(View):
    sessions: Sequence[SessionView]


class TokenView(View):
    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None

    @classmethod
    def of(cls, token: Token) -> "TokenView":
        return TokenView(
            id=token.token_id,
            name=token.name,
            created_at=token.created_at,
            last_used_at=token.last_used_at,
            expires_at=token.expires_at,
        )


class NewTokenView(TokenView):
    token: str = Field(description="The secret. It is shown this once, and kept only as a hash")


class TokensView(View):
    tokens: Sequence[TokenView]
