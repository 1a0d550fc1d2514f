"""The ids of jobs to be made, so that a request that is sent twice makes one job."""

import json
from http import HTTPStatus
from typing import Any

from gas.messages import new_id
from services.api.context import Context
from services.api.problems import ApiCode, Problem


async def reserve(context: Context, user_id: str, key: str | None, request: Any) -> str:
    """The id of the job to make, or of the one that was made for this Idempotency-Key before.

    ``request`` is what it was asked with, as values of JSON. Raises a Problem when the key was used
    for another one, or when its job was deleted: an id is never used again.
    """
    if key is None:
        return new_id()
    told = json.dumps(request, sort_keys=True)
    reservation = await context.idempotency.reserve(user_id, key, told)
    if not reservation.same_request:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            ApiCode.IDEMPOTENCY_KEY_REUSED,
            "This Idempotency-Key was used for another request.",
        )
    if reservation.completed:
        await context.desk.find(user_id, reservation.job_id)
    return reservation.job_id


async def made(context: Context, user_id: str, key: str | None) -> None:
    """The job is there: from now on a missing one means that it was deleted."""
    if key is not None:
        await context.idempotency.complete(user_id, key)
