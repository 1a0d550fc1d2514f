"""What users say of themselves, which mails they want, how they pay, and their browsers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_TEXTS = postgresql.ARRAY(sa.Text)


def upgrade() -> None:
    for column in (
        sa.Column("institution", sa.Text, nullable=False, server_default=""),
        sa.Column("name_is_own", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("muted_mails", _TEXTS, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("payment_customer", sa.Text, unique=True),
        sa.Column("payment_subscription", sa.Text),
        sa.Column("payment_status", sa.Text),
        sa.Column("payment_ends_at", _TIME),
        sa.Column("payment_checked_at", _TIME),
    ):
        op.add_column("accounts", column)
    op.add_column("sessions", sa.Column("browser", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "payment_events",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
    )
    op.create_index("ix_payment_events_received_at", "payment_events", ["received_at"])


def downgrade() -> None:
    op.drop_table("payment_events")
    op.drop_column("sessions", "browser")
    for name in (
        "institution",
        "name_is_own",
        "muted_mails",
        "payment_customer",
        "payment_subscription",
        "payment_status",
        "payment_ends_at",
        "payment_checked_at",
    ):
        op.drop_column("accounts", name)
