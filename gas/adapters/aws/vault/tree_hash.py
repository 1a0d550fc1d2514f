"""Glacier's checksum: a tree of SHA-256 over pieces of one MiB.

Source: Amazon S3 Glacier Developer Guide, "Computing Checksums". The leaves are the digests of
each MiB (the last may be shorter); level by level, digests are joined in pairs and hashed again,
and one without a partner goes up as it is.
"""

import hashlib
from collections.abc import Sequence

MEBIBYTE = 1024**2


def leaves_of(content: bytes) -> list[bytes]:
    """The digests of a content's pieces; those of an empty one are that of no bytes.

    A content that is cut at whole MiB has the leaves of its parts, one after the other.
    """
    view = memoryview(content)
    starts = range(0, max(1, len(content)), MEBIBYTE)
    return [hashlib.sha256(view[start : start + MEBIBYTE]).digest() for start in starts]


def root_of(leaves: Sequence[bytes]) -> str:
    """The tree hash, in hex, of what has these leaves, of which there is at least one."""
    level = list(leaves)
    while len(level) > 1:
        pairs = [
            hashlib.sha256(left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + level[len(pairs) * 2 :]
    return level[0].hex()


def tree_hash(content: bytes) -> str:
    """The tree hash of a content, in hex."""
    return root_of(leaves_of(content))
