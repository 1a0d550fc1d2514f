"""Which job store we work with, so that another in its place is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_store",
        sa.Column("row_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("store_id", sa.Text, nullable=False),
        sa.Column("jobs_lost_before", sa.DateTime(timezone=True)),
        sa.CheckConstraint("row_id = 1", name="job_store_is_one"),
    )


def downgrade() -> None:
    op.drop_table("job_store")
