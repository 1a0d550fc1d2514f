"""A look behind the scenes of the embedded stack: what S3 really holds, which mails went out."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import httpx

from gas.adapters.aws.clients import aws_clients

_SENT_MAILS = "/_ministack/ses/messages"
_POLL_INTERVAL = timedelta(seconds=0.2)


@dataclass(frozen=True)
class StoredObject:
    """One version of an object, by S3's own word; ``size`` in bytes."""

    key: str
    size: int
    storage_class: str


@dataclass(frozen=True)
class SentMail:
    to: str
    subject: str
    text: str


async def stored_objects(bucket: str, prefix: str) -> Sequence[StoredObject]:
    """Every version under a prefix. AWS is found by the SDK's own variables."""
    async with aws_clients(1, None) as clients:
        pages = clients.s3.get_paginator("list_object_versions").paginate(
            Bucket=bucket, Prefix=prefix
        )
        return [
            StoredObject(version["Key"], version["Size"], version["StorageClass"])
            async for page in pages
            for version in page.get("Versions", [])
        ]


async def until_stored(
    bucket: str, prefix: str, as_wanted: Callable[[Sequence[StoredObject]], bool]
) -> Sequence[StoredObject]:
    """Wait until what is stored is as wanted: copies that are left over go a little later."""
    while True:
        found = await stored_objects(bucket, prefix)
        if as_wanted(found):
            return found
        await asyncio.sleep(_POLL_INTERVAL.total_seconds())


async def sent_mails(emulator_url: str, about: str) -> Sequence[SentMail]:
    """The mails that the emulator's SES took, whose text names ``about``; oldest first."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = (await client.get(emulator_url + _SENT_MAILS)).raise_for_status().json()
    return [
        SentMail(", ".join(mail["To"]), mail["Subject"], mail["BodyText"])
        for account in answer["messages"].values()
        for mail in account
        if about in mail["BodyText"]
    ]


async def until_mailed(emulator_url: str, about: str, subject: str) -> SentMail:
    """Wait for a mail whose subject begins so."""
    while True:
        for mail in await sent_mails(emulator_url, about):
            if mail.subject.startswith(subject):
                return mail
        await asyncio.sleep(_POLL_INTERVAL.total_seconds())
