"""The templates and their surroundings."""

import hashlib
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import Scope
from structlog.contextvars import get_contextvars

from gas.domain import wording
from services.api.problems import Problem
from services.api.web import filters
from services.api.web.retrieval_times import retrieval_takes

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"


class Pages:
    """Renders pages. Addresses of assets carry a hash of the content, so they may be kept.

    ``frontend`` has ``templates/``, and ``dist/`` as ``npm run build`` makes it.
    """

    def __init__(self, frontend: Path) -> None:
        self._assets = frontend / "dist"
        self._versions: dict[str, str] = {}
        self._templates = Jinja2Templates(env=_environment(frontend / "templates"))
        self._templates.env.globals["asset"] = self.asset

    def asset(self, name: str) -> str:
        """The address of a built asset."""
        if name not in self._versions:
            content = (self._assets / name).read_bytes()
            self._versions[name] = hashlib.sha256(content).hexdigest()[:16]
        return f"/assets/{name}?v={self._versions[name]}"

    def show(
        self,
        request: Request,
        template: str,
        *,
        status: int = HTTPStatus.OK,
        headers: dict[str, str] | None = None,
        **context: Any,
    ) -> Response:
        """Never stored by a cache: pages say who is signed in."""
        return self._templates.TemplateResponse(
            request,
            template,
            {"account": None, **context},
            status_code=status,
            headers={"Cache-Control": "no-store", **(headers or {})},
        )

    def problem(self, request: Request, problem: Problem) -> Response:
        return self.show(
            request,
            "problem.html",
            status=problem.status_code,
            headers=dict(problem.headers or {}),
            title=HTTPStatus(problem.status_code).phrase.capitalize(),
            sentence=problem.detail,
            faults=problem.faults,
            code=problem.code,
            request_id=get_contextvars().get("correlation_id", ""),
        )


class Assets(StaticFiles):
    """Files of the front end; what is asked for with its version may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        is_versioned = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = _FOR_EVER if is_versioned else _ASK_EACH_TIME
        return response


def _environment(templates: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=select_autoescape(["html", "svg"]),
        undefined=StrictUndefined,  # a name that is not there is a mistake, not an empty place
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": filters.number,
        "size": wording.size,
        "span": filters.span,
        "percent": filters.percent,
    }
    environment.globals["moment"] = filters.moment
    environment.globals["retrieval_takes"] = retrieval_takes
    environment.globals["version"] = version("gas")
    return environment
