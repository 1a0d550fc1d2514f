"""The embedded stack: all of GAS on one machine without Docker (``gas up``).

An AWS emulator, a PostgreSQL and an OpenID Connect issuer, each a process of its own, then the
very same services that run in production. See docs/decisions/0002-embedded-stack.md.
"""
