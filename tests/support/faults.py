"""Faults that no emulator makes, injected where the AWS SDK calls out."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any


@contextmanager
def expedited_refused(s3_client: Any) -> Iterator[list[str]]:
    """S3 has no expedited capacity: it answers 503, and only takes Standard retrievals.

    Gives the tiers that were asked for, in order.
    """
    asked: list[str] = []

    def refuse(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
        tier = "Expedited" if b"<Tier>Expedited</Tier>" in params["body"] else "Standard"
        asked.append(tier)
        if tier == "Standard":
            return None
        code = "GlacierExpeditedRetrievalNotAvailable"
        error = {"Code": code, "Message": "Try again later, or use another tier."}
        answer = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 503}}
        return SimpleNamespace(status_code=503), answer

    s3_client.meta.events.register("before-call.s3.RestoreObject", refuse)
    try:
        yield asked
    finally:
        s3_client.meta.events.unregister("before-call.s3.RestoreObject", refuse)
