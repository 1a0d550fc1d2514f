"""Alembic's entry: runs within the transaction that ``services.api.store.migrate`` opened.

How to write a new revision is in docs/api.md.
"""

from alembic import context

from services.api.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
)
context.run_migrations()
