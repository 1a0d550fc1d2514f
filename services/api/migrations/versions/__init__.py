"""One module a revision; Alembic orders them by ``down_revision``."""
