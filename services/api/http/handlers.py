"""Which errors become which answers: problem documents, or a page where a browser asks for one."""

from collections.abc import Callable

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gas.domain.errors import TransientError
from services.api.problems import (
    Problem,
    from_http_exception,
    internal_error,
    invalid_request,
    problem_response,
    unavailable,
)
from services.api.web.access import SignInFirstError, to_sign_in
from services.api.web.rendering import Pages

log = structlog.get_logger()

ToProblem = Callable[[Exception], Problem]


def add_exception_handlers(app: FastAPI, pages: Pages) -> None:
    """Errors that nobody foresaw are not here: ``RequestScope`` has ``last_resort`` for them."""

    def answer_with(to_problem: ToProblem) -> Callable[[Request, Exception], Response]:
        return lambda request, error: _answer(pages, request, to_problem(error))

    app.add_exception_handler(HTTPException, answer_with(_refused))
    app.add_exception_handler(TransientError, answer_with(_store_away))
    for error in (OperationalError, InterfaceError, PoolTimeoutError):
        app.add_exception_handler(error, answer_with(_database_away))
    app.add_exception_handler(RequestValidationError, answer_with(_invalid))
    app.add_exception_handler(SignInFirstError, to_sign_in)


def last_resort(pages: Pages) -> Callable[[Request], Response]:
    """What is answered where something went wrong that nobody foresaw, the pages maybe."""

    def answer(request: Request) -> Response:
        problem = internal_error()
        try:
            return _answer(pages, request, problem)
        except Exception:
            log.exception("the page of an error failed")
            return problem_response(problem)

    return answer


def _answer(pages: Pages, request: Request, problem: Problem) -> Response:
    if _wants_page(request):
        return pages.problem(request, problem)
    return problem_response(problem)


def _wants_page(request: Request) -> bool:
    if request.url.path.startswith(("/api/", "/health/", "/metrics")):
        return False
    return "text/html" in request.headers.get("accept", "")


def _invalid(error: Exception) -> Problem:
    if not isinstance(error, RequestValidationError):
        raise error
    return invalid_request(error)


def _refused(error: Exception) -> Problem:
    if not isinstance(error, HTTPException):
        raise error
    return from_http_exception(error)


def _store_away(error: Exception) -> Problem:
    log.warning("a store is away", reason=str(error))
    return unavailable("The service is busy or partly away. Please try again.")


def _database_away(error: Exception) -> Problem:
    log.error("the database is away", reason=str(error))
    return unavailable("The service is partly away. Please try again.")
