"""Secrets that we hand out once, and keep only as a hash.

They hold 256 random bits, so a plain SHA-256 cannot be guessed back; a slow hash is for
passwords.
"""

import hashlib
import secrets

TOKEN_PREFIX = "gas_"  # noqa: S105 - no secret: it lets scanners recognise a leaked one
_BYTES = 32


def new_session_id() -> str:
    return secrets.token_urlsafe(_BYTES)


def new_token() -> str:
    return TOKEN_PREFIX + secrets.token_urlsafe(_BYTES)


def new_share_token() -> str:
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> bytes:
    """The SHA-256 of a secret: 32 bytes."""
    return hashlib.sha256(secret.encode()).digest()
