"""The canonical request of Signature Version 4, as AWS's specification of it says.

Written anew and not taken from the SDK: it is the SDK's signatures that are verified with it.
"""

import hashlib
from collections.abc import Sequence
from urllib.parse import quote, unquote

from tests.support.facade.calls import S3, Call

_UNRESERVED = "-_.~"


def string_to_sign(
    call: Call, signed_headers: Sequence[str], payload: str, moment: str, scope: str
) -> str:
    """What is signed: ``moment`` is X-Amz-Date, ``payload`` a hash or what stands for one."""
    request = "\n".join(
        [
            call.method,
            _path(call),
            _query(call),
            *(f"{name}:{_header(call, name)}" for name in signed_headers),
            "",
            ";".join(signed_headers),
            payload,
        ]
    )
    digest = hashlib.sha256(request.encode()).hexdigest()
    return f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}"


def _path(call: Call) -> str:
    """As it was sent for S3, encoded once more for all others."""
    path = call.path or "/"
    return path if call.service == S3 else quote(path, safe="/" + _UNRESERVED)


def _query(call: Call) -> str:
    """Every parameter but the signature itself, in the order of the encoded names."""
    pairs = [part.partition("=") for part in call.query.split("&") if part]
    encoded = [(_encoded(name), _encoded(value)) for name, _, value in pairs]
    return "&".join(
        f"{name}={value}" for name, value in sorted(encoded) if name != "X-Amz-Signature"
    )


def _encoded(text: str) -> str:
    return quote(unquote(text), safe=_UNRESERVED)


def _header(call: Call, name: str) -> str:
    """All values of a header, each with its runs of spaces made one."""
    return ",".join(" ".join(value.split()) for value in call.headers.getall(name, []))
