"""The tables. Secrets are never among the columns, only their SHA-256."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from gas.domain.plan import Account, Plan


class Base(DeclarativeBase):
    """Text without a length, and times with a time zone."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own way to say it
        str: Text,
        bytes: LargeBinary,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: ARRAY(Text),
    }


def _owner() -> Mapped[str]:
    return mapped_column(ForeignKey("accounts.user_id", ondelete="CASCADE"), index=True)


class AccountRow(Base):
    """A user. The source of truth, of which DynamoDB has a projection.

    ``version`` counts every change, ``projected_version`` says which one DynamoDB is known to
    have. ``plan_version`` counts the changes of plan, ``announced_plan_version`` says which one
    the workers were told of.

    ``name_is_own`` says that the name is the user's choice, which no sign-in overwrites.
    ``payment_*`` is what the payment service said when it was last asked: see
    ``services.api.payments``.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        CheckConstraint("plan IN ('free', 'premium')", name="accounts_plan_is_known"),
        Index(
            "accounts_to_project",
            "updated_at",
            postgresql_where=text("projected_version < version"),
        ),
    )

    user_id: Mapped[str] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    email: Mapped[str]
    name: Mapped[str]
    plan: Mapped[str]
    plan_version: Mapped[int]
    announced_plan_version: Mapped[int]
    version: Mapped[int]
    projected_version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    institution: Mapped[str] = mapped_column(server_default="")
    name_is_own: Mapped[bool] = mapped_column(server_default=false())
    muted_mails: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    payment_customer: Mapped[str | None] = mapped_column(unique=True)
    payment_subscription: Mapped[str | None]
    payment_status: Mapped[str | None]
    payment_ends_at: Mapped[datetime | None]
    payment_checked_at: Mapped[datetime | None]

    def to_account(self) -> Account:
        return Account(
            user_id=self.user_id,
            email=self.email,
            name=self.name,
            plan=Plan(self.plan),
            plan_version=self.plan_version,
            muted_mails=frozenset(self.muted_mails),
        )


class SessionRow(Base):
    """A browser that is signed in; ``id_hash`` is the SHA-256 of what its cookie says.

    ``browser`` is its family and system alone, as "Firefox on Linux".
    """

    __tablename__ = "sessions"

    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[str] = _owner()
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    browser: Mapped[str] = mapped_column(server_default="")


class TokenRow(Base):
    """A bearer token of the CLI; ``token_hash`` is its SHA-256."""

    __tablename__ = "tokens"

    token_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = _owner()
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]


class IdempotencyRow(Base):
    """Which job a client's Idempotency-Key stands for.

    ``fingerprint`` is the SHA-256 of the request; ``completed`` says that the job was made.
    """

    __tablename__ = "idempotency_keys"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("accounts.user_id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    job_id: Mapped[str]
    completed: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(index=True)


class JobStoreRow(Base):
    """The one job store that we work with: see ``services.api.store_watch``.

    ``jobs_lost_before`` is set when it took the place of another.
    """

    __tablename__ = "job_store"
    __table_args__ = (CheckConstraint("row_id = 1", name="job_store_is_one"),)

    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    store_id: Mapped[str]
    jobs_lost_before: Mapped[datetime | None]


class PaymentEventRow(Base):
    """An event of the payment service that was carried out, and needs no second time."""

    __tablename__ = "payment_events"

    event_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(index=True)


class ShareRow(Base):
    """A link to one job for whoever has it; ``token_hash`` is the SHA-256 of what it says."""

    __tablename__ = "shares"
    __table_args__ = (Index("shares_of_a_job", "user_id", "job_id"),)

    share_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("accounts.user_id", ondelete="CASCADE"))
    job_id: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    label: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    last_used_at: Mapped[datetime | None]


class AuditRow(Base):
    """Who did what when. No foreign key: the trail outlives the account."""

    __tablename__ = "audit"

    audit_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    happened_at: Mapped[datetime]
    user_id: Mapped[str] = mapped_column(index=True)
    action: Mapped[str]
    correlation_id: Mapped[str]
    detail: Mapped[dict[str, Any]]
