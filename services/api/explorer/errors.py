"""What the explorer refuses, in problem documents."""

from http import HTTPStatus

from services.api.problems import ApiCode, Problem


def invalid_filter(field: str, sentence: str) -> Problem:
    """A filter that makes no sense, or that this file cannot serve; ``field`` names it."""
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        ApiCode.INVALID_FILTER,
        f"{field}: {sentence}",
        field=field,
    )


def no_variants_table() -> Problem:
    return Problem(
        HTTPStatus.NOT_FOUND,
        ApiCode.NO_VARIANTS_TABLE,
        "This job has no table of variants. It may have been annotated by another engine, "
        "or is not finished yet.",
    )


def no_such_row() -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, ApiCode.ROW_NOT_FOUND, "The result has no such row.")
