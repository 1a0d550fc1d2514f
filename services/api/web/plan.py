"""The page of one's plan: what each allows, what a change does, and paying for it."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gas.domain.plan import Account, Plan
from services.api.accounts.usage import usage_of
from services.api.context import Context
from services.api.dependencies import ContextOf, CorrelationId, require_same_site
from services.api.http.security import content_security_policy
from services.api.problems import ApiCode, Problem
from services.api.views.plans import PlanView
from services.api.web.access import PageAccount, is_htmx, pages_of, see_other

router = APIRouter(prefix="/account/plan", include_in_schema=False)

CHANGED = "changed"


@router.get("")
async def show_plan(
    request: Request, context: ContextOf, account: PageAccount, done: str | None = None
) -> Response:
    """Also the page on which a change is confirmed: it says what each change does."""
    payments = context.billing.payments
    return _show(
        request,
        context,
        "account/plan.html",
        account=account,
        plans=[PlanView.of(plan, context.settings) for plan in Plan],
        standing=await context.billing.standing(account.user_id),
        usage=await usage_of(account.user_id, context.ports.jobs),
        takes_payment=payments is not None,
        is_changed=done == CHANGED,
    )


@router.post("", dependencies=[Depends(require_same_site)])
async def change_plan(
    context: ContextOf,
    account: PageAccount,
    correlation_id: CorrelationId,
    plan: Annotated[Plan, Form()],
) -> Response:
    """Change it, or go where it is paid for first."""
    choice = await context.billing.choose(account.user_id, plan, correlation_id)
    if choice.pay_at:
        return RedirectResponse(choice.pay_at, HTTPStatus.SEE_OTHER)
    return see_other(f"/account/plan?done={CHANGED}")


@router.get("/thanks")
async def show_thanks(
    request: Request, context: ContextOf, account: PageAccount, correlation_id: CorrelationId
) -> Response:
    """Back from paying. Whether it was paid is asked where it was, each time this is shown."""
    standing = await context.billing.refresh(account.user_id, correlation_id)
    return _show(
        request,
        context,
        "account/plan_thanks_fragment.html" if is_htmx(request) else "account/plan_thanks.html",
        account=standing.account,
        standing=standing,
        usage=await usage_of(account.user_id, context.ports.jobs),
    )


@router.post("/payments", dependencies=[Depends(require_same_site)])
async def open_portal(context: ContextOf, account: PageAccount) -> Response:
    """To the payment service's own page of card and invoices."""
    portal = await context.billing.portal(account.user_id)
    if portal is None:
        sentence = "There is nothing that you pay for here."
        raise Problem(HTTPStatus.NOT_FOUND, ApiCode.NOT_FOUND, sentence)
    return RedirectResponse(portal, HTTPStatus.SEE_OTHER)


def _show(
    request: Request, context: Context, template: str, *, account: Account, **values: Any
) -> Response:
    """With leave for the forms to lead to the payment service, which no other page has."""
    payments = context.billing.payments
    policy = content_security_policy(forms=payments.origins if payments else ())
    headers = {"Content-Security-Policy": policy}
    return pages_of(request).show(request, template, headers=headers, account=account, **values)
