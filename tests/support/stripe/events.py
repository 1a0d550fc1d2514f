"""Events as Stripe posts them, signed as Stripe signs.

The files have the shape of https://docs.stripe.com/api/events/object, of its version 2026-10-28;
they were written after that documentation.
"""

import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any

SECRET = "whsec_of_these_tests"
_FOLDER = Path(__file__).parent


def event(name: str, **changes: Any) -> bytes:
    """The event of that file; ``changes`` are of the event, ``customer`` is that of its object."""
    document = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    customer = changes.pop("customer", None)
    if customer:
        document["data"]["object"]["customer"] = customer
    return json.dumps({**document, **changes}).encode()


def signature(body: bytes, *, secret: str = SECRET, at: float | None = None) -> str:
    """The header Stripe-Signature (https://docs.stripe.com/webhooks#verify-manually)."""
    moment = int(time.time() if at is None else at)
    signed = b"%d.%s" % (moment, body)
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
