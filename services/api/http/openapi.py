"""The OpenAPI document: FastAPI's own, put right where it cannot know better."""

from typing import Any

from fastapi import FastAPI

from services.api.views.problems import ProblemView

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemView, "description": "A problem (RFC 9457)"}
    for status in ("4XX", "5XX")
}

_OPEN = "/api/v1/service-info"


def describe(app: FastAPI) -> None:
    """Say that errors are problem documents, and how requests are signed."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _put_right(generate())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to do so


def _put_right(schema: dict[str, Any]) -> dict[str, Any]:
    schema["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            if path != _OPEN:
                operation["security"] = [{"token": []}]
            for status in PROBLEMS:
                response = operation["responses"][str(status)]
                [body] = response["content"].values()
                response["content"] = {"application/problem+json": body}
    return schema
