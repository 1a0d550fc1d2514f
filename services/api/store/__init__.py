"""What PostgreSQL keeps: accounts, sessions, tokens, keys, the audit trail, a store's identity."""
