"""Errors as they leave the api: RFC 9457 problem documents with a stable ``code``."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from http import HTTPStatus

from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from structlog.contextvars import get_contextvars

from gas.domain.errors import ErrorCode
from services.api.views.problems import InvalidField, ProblemView

RETRY_AFTER_SECONDS = "5"


class ApiCode(StrEnum):
    """Codes of the door itself, beside those of the domain; never renamed, never reused."""

    NOT_SIGNED_IN = "not_signed_in"
    SESSION_REQUIRED = "session_required"
    CROSS_SITE_REQUEST = "cross_site_request"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_UNAVAILABLE = "sign_in_unavailable"
    INVALID_REQUEST = "invalid_request"
    INVALID_CURSOR = "invalid_cursor"
    INVALID_FILTER = "invalid_filter"
    NO_VARIANTS_TABLE = "no_variants_table"
    ROW_NOT_FOUND = "row_not_found"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    PAYMENT_REQUIRED = "payment_required"
    INVALID_SIGNATURE = "invalid_signature"
    TOKEN_NOT_FOUND = "token_not_found"  # noqa: S105 - a code, no secret
    SHARE_NOT_FOUND = "share_not_found"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    REQUEST_TOO_LARGE = "request_too_large"
    REQUEST_REFUSED = "request_refused"
    SERVICE_UNAVAILABLE = "service_unavailable"


_CODE_OF_STATUS = {
    HTTPStatus.NOT_FOUND: ApiCode.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: ApiCode.METHOD_NOT_ALLOWED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ApiCode.REQUEST_TOO_LARGE,
    HTTPStatus.BAD_REQUEST: ApiCode.INVALID_REQUEST,
}

_SENTENCE_OF_STATUS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take such a request.",
}

_STATUS_OF_CODE = {
    ErrorCode.JOB_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.FILE_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.FILE_LOST: HTTPStatus.GONE,
    ErrorCode.UPLOAD_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.UNKNOWN_GENOME: HTTPStatus.UNPROCESSABLE_ENTITY,
}


class Problem(HTTPException):
    """A refusal with a code and a sentence fit for the user.

    ``address`` is where a browser can do something about it, ``field`` the part of the request
    that is refused; ``faults`` are what is wrong with several.
    """

    def __init__(
        self,
        status: HTTPStatus,
        code: ApiCode | ErrorCode,
        sentence: str,
        headers: Mapping[str, str] | None = None,
        *,
        address: str | None = None,
        field: str | None = None,
        faults: Sequence[InvalidField] = (),
    ) -> None:
        super().__init__(status, sentence, dict(headers or {}))
        self.code = code
        self.address = address
        self.field = field
        self.faults = [InvalidField(location=field, message=sentence)] if field else [*faults]


def refusal(code: ErrorCode, sentence: str) -> Problem:
    """A refusal by the rules of the domain: 409 unless the code has a status of its own."""
    return Problem(_STATUS_OF_CODE.get(code, HTTPStatus.CONFLICT), code, sentence)


def unavailable(sentence: str) -> Problem:
    """Nothing is wrong with the request: the client may repeat it."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        ApiCode.SERVICE_UNAVAILABLE,
        sentence,
        {"Retry-After": RETRY_AFTER_SECONDS},
    )


def internal_error() -> Problem:
    """What the world learns of an error that nobody foresaw; the log has the rest."""
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        ErrorCode.INTERNAL_ERROR,
        "Something went wrong on our side. It has been logged under the id of this request.",
    )


def from_http_exception(error: HTTPException) -> Problem:
    """Errors that the framework raises: unknown routes, wrong methods, oversized bodies."""
    if isinstance(error, Problem):
        return error
    status = HTTPStatus(error.status_code)
    code = _CODE_OF_STATUS.get(status, ApiCode.REQUEST_REFUSED)
    sentence = _SENTENCE_OF_STATUS.get(status, status.description or status.phrase)
    return Problem(status, code, sentence, error.headers)


def problem_response(problem: Problem) -> JSONResponse:
    status = HTTPStatus(problem.status_code)
    view = ProblemView(
        title=status.phrase,
        status=status,
        detail=problem.detail,
        code=problem.code,
        request_id=get_contextvars().get("correlation_id", ""),
        address=problem.address,
        errors=problem.faults or None,
    )
    return JSONResponse(
        jsonable_encoder(view, exclude_none=True),
        status,
        {**(problem.headers or {}), "Cache-Control": "no-store"},
        media_type="application/problem+json",
    )


def invalid_request(error: RequestValidationError) -> Problem:
    """What is wrong, and where; never the value, which may be a secret."""
    fields = [
        InvalidField(
            location=".".join(str(part) for part in entry["loc"]), message=str(entry["msg"])
        )
        for entry in error.errors()
    ]
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        ApiCode.INVALID_REQUEST,
        "The request is not as it should be; see errors.",
        faults=fields,
    )
