"""A look behind the scenes of a stack: what S3 really holds, which mails went out."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from gas.adapters.aws.clients import aws_clients
from gas.cli.mailboxes import SentMail, all_mails

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client

MARKER = "DELETE MARKER"

_POLL_INTERVAL = timedelta(seconds=0.2)


@dataclass(frozen=True)
class StoredObject:
    """One version of an object, by S3's own word; ``size`` in bytes.

    ``storage_class`` is MARKER for what only says that an object was deleted.
    """

    key: str
    size: int
    storage_class: str


async def stored_objects(s3: "S3Client", bucket: str, prefix: str) -> Sequence[StoredObject]:
    """Every version and every marker under a prefix."""
    found = []
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
    async for page in pages:
        for version in page.get("Versions", []):
            key = version["Key"]
            storage_class = await _storage_class(s3, bucket, key, version["VersionId"])
            if storage_class:
                found.append(StoredObject(key, version["Size"], storage_class))
        found += [StoredObject(mark["Key"], 0, MARKER) for mark in page.get("DeleteMarkers", [])]
    return found


async def _storage_class(s3: "S3Client", bucket: str, key: str, version_id: str) -> str | None:
    """None where it went a moment ago. A listing would not do: LocalStack's says STANDARD of all.

    S3 names every class but STANDARD.
    """
    try:
        head = await s3.head_object(Bucket=bucket, Key=key, VersionId=version_id)
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
        return None
    return head.get("StorageClass", "STANDARD")


async def until_stored(
    bucket: str, prefix: str, as_wanted: Callable[[Sequence[StoredObject]], bool]
) -> Sequence[StoredObject]:
    """Wait until what is stored is as wanted: copies that are left over go a little later.

    AWS is found by the SDK's own variables.
    """
    async with aws_clients(1, None) as clients:
        while True:
            found = await stored_objects(clients.s3, bucket, prefix)
            if as_wanted(found):
                return found
            await asyncio.sleep(_POLL_INTERVAL.total_seconds())


async def sent_mails(emulator_url: str, about: str) -> Sequence[SentMail]:
    """The mails that the emulator's SES took, whose text names ``about``; oldest first."""
    return [mail for mail in await all_mails(emulator_url) if about in mail.text]


async def until_mailed(emulator_url: str, about: str, subject: str) -> SentMail:
    """Wait for a mail whose subject begins so."""
    while True:
        for mail in await sent_mails(emulator_url, about):
            if mail.subject.startswith(subject):
                return mail
        await asyncio.sleep(_POLL_INTERVAL.total_seconds())
