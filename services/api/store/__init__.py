"""What PostgreSQL keeps: accounts, sessions, tokens, idempotency keys and the audit trail."""
