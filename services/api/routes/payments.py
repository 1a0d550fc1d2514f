"""What the payment service tells us, without being asked."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header
from starlette.requests import Request

from services.api.dependencies import ContextOf, CorrelationId
from services.api.problems import ApiCode, Problem

router = APIRouter(include_in_schema=False)


@router.post("/payments/stripe", status_code=HTTPStatus.NO_CONTENT)
async def hear_event(
    request: Request,
    context: ContextOf,
    correlation_id: CorrelationId,
    signature: Annotated[str | None, Header(alias="stripe-signature")] = None,
) -> None:
    """An event. Only its signature makes it one; any error has Stripe send it again later."""
    payments = context.billing.payments
    if payments is None:
        sentence = "No payments are taken on this server."
        raise Problem(HTTPStatus.NOT_FOUND, ApiCode.NOT_FOUND, sentence)
    event = payments.read_event(await request.body(), signature)
    await context.billing.hear(event, correlation_id)
