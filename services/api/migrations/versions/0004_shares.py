"""Links by which anybody may look at one result."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    owner = sa.ForeignKey("accounts.user_id", ondelete="CASCADE")
    op.create_table(
        "shares",
        sa.Column("share_id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, owner, nullable=False),
        sa.Column("job_id", sa.Text, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("last_used_at", _TIME),
    )
    op.create_index("shares_of_a_job", "shares", ["user_id", "job_id"])
    op.create_index("ix_shares_expires_at", "shares", ["expires_at"])


def downgrade() -> None:
    op.drop_table("shares")
