"""Glacier's tree hash, against the SDK's own and by its definition."""

import hashlib
from io import BytesIO

import pytest
from botocore.utils import calculate_tree_hash

from gas.adapters.aws.vault.tree_hash import MEBIBYTE, leaves_of, root_of, tree_hash

SIZES = [
    *(0, 1, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1),
    *(n * MEBIBYTE + extra for n in (2, 3, 5, 6, 7, 8) for extra in (0, 7)),
]


def content_of(size: int) -> bytes:
    """No two pieces of it are alike."""
    pieces = (hashlib.sha256(str(n).encode()).digest() * 32768 for n in range(size // MEBIBYTE + 1))
    return b"".join(pieces)[:size]


@pytest.mark.parametrize("size", SIZES)
def test_is_what_the_sdk_computes(size: int) -> None:
    content = content_of(size)
    expected = calculate_tree_hash(BytesIO(content))  # type: ignore[arg-type] # the stub is wrong
    assert tree_hash(content) == expected


def test_small_content_has_its_plain_sha256() -> None:
    assert tree_hash(b"GAS") == hashlib.sha256(b"GAS").hexdigest()


def test_a_digest_without_a_partner_goes_up_as_it_is() -> None:
    first, second, third = leaves_of(content_of(2 * MEBIBYTE + 1))
    pair = hashlib.sha256(first + second).digest()
    assert root_of([first, second, third]) == hashlib.sha256(pair + third).hexdigest()


@pytest.mark.parametrize("part_bytes", [MEBIBYTE, 2 * MEBIBYTE, 4 * MEBIBYTE])
def test_parts_together_have_the_hash_of_the_whole(part_bytes: int) -> None:
    content = content_of(7 * MEBIBYTE + 9)
    parts = [content[start : start + part_bytes] for start in range(0, len(content), part_bytes)]
    leaves = [leaf for part in parts for leaf in leaves_of(part)]
    assert root_of(leaves) == tree_hash(content)
