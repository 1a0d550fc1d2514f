"""Errors as AWS words them, in the protocol of the service that was called."""

import json
from collections.abc import Mapping
from xml.sax.saxutils import escape

from multidict import CIMultiDict

from tests.support.facade.calls import S3, Answer, Call

_REQUEST_ID = "FACADE0000000000"


class AwsError(Exception):
    """What AWS would answer; ``details`` are further elements of S3's error document."""

    def __init__(
        self, status: int, code: str, message: str, details: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.details = details or {}


def refusal(call: Call, error: AwsError) -> Answer:
    """The error as an answer to ``call``."""
    if call.service == S3:
        return _s3(call, error)
    if "X-Amz-Target" in call.headers:
        return _json(error)
    return _query(error)


def _s3(call: Call, error: AwsError) -> Answer:
    """An answer to HEAD has no body, so nothing but its status says what is wrong."""
    elements = {
        "Code": error.code,
        "Message": error.message,
        **error.details,
        "RequestId": _REQUEST_ID,
    }
    document = f"<Error>{_xml(elements)}</Error>" if call.method != "HEAD" else ""
    return _answer(error, "application/xml", document)


def _json(error: AwsError) -> Answer:
    document = json.dumps({"__type": error.code, "message": error.message})
    return _answer(error, "application/x-amz-json-1.0", document)


def _query(error: AwsError) -> Answer:
    at_fault = "Sender" if error.status < 500 else "Receiver"
    elements = _xml({"Type": at_fault, "Code": error.code, "Message": error.message})
    document = (
        f"<ErrorResponse><Error>{elements}</Error>"
        f"<RequestId>{_REQUEST_ID}</RequestId></ErrorResponse>"
    )
    return _answer(error, "text/xml", document)


def _xml(elements: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in elements.items())


def _answer(error: AwsError, content_type: str, document: str) -> Answer:
    headers = CIMultiDict({"Content-Type": content_type, "x-amz-request-id": _REQUEST_ID})
    return Answer(error.status, headers, document.encode())
