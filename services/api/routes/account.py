"""The account, what is in it, its plan, and the browsers that are signed in to it."""

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from gas.domain.plan import Plan
from services.api.accounts.profile_form import ProfileForm
from services.api.accounts.usage import usage_of
from services.api.dependencies import ContextOf, CorrelationId, CurrentAccount, session_id_of
from services.api.problems import ApiCode, Problem
from services.api.views.account import AccountView, SessionsView, SessionView, UsageView
from services.api.views.plans import PlanView

router = APIRouter(prefix="/account", tags=["account"])


class ChosenPlan(BaseModel):
    model_config = ConfigDict(extra="forbid")

    plan: Plan


@router.get("")
async def show_account(account: CurrentAccount, context: ContextOf) -> AccountView:
    return AccountView.of(await context.profiles.of(account.user_id))


@router.patch("")
async def change_account(
    form: ProfileForm, account: CurrentAccount, context: ContextOf, correlation_id: CorrelationId
) -> AccountView:
    """Change what is given. A name that is given here stays, whatever the sign-in service says."""
    profile = await context.profiles.change(account.user_id, form.to_change(), correlation_id)
    await context.projector.try_project(account.user_id, correlation_id)
    return AccountView.of(profile)


@router.get("/usage")
async def show_usage(account: CurrentAccount, context: ContextOf) -> UsageView:
    return UsageView.of(await usage_of(account.user_id, context.ports.jobs))


@router.get("/plan")
async def show_plan(account: CurrentAccount, context: ContextOf) -> PlanView:
    standing = await context.billing.standing(account.user_id)
    return PlanView.of(account.plan, context.settings, standing.ends_at)


@router.put("/plan")
async def change_plan(
    chosen: ChosenPlan,
    account: CurrentAccount,
    context: ContextOf,
    correlation_id: CorrelationId,
) -> PlanView:
    """Change the plan. Archived results come back with Premium, in their own time.

    Where Premium costs something: 402 `payment_required`, with the `address` to pay at; and
    Premium that is paid for stays until the end of that time, which the answer tells.
    """
    choice = await context.billing.choose(account.user_id, chosen.plan, correlation_id)
    if choice.pay_at:
        raise Problem(
            HTTPStatus.PAYMENT_REQUIRED,
            ApiCode.PAYMENT_REQUIRED,
            f"Premium is paid for in a browser: {choice.pay_at}",
            address=choice.pay_at,
        )
    standing = choice.standing
    return PlanView.of(standing.account.plan, context.settings, standing.ends_at)


@router.get("/sessions")
async def list_sessions(
    request: Request, account: CurrentAccount, context: ContextOf
) -> SessionsView:
    """The browsers that are signed in, the one that asks first."""
    sessions = await context.sessions.of(account.user_id, session_id_of(request, context))
    return SessionsView(sessions=[SessionView.of(session) for session in sessions])


@router.delete("/sessions", status_code=HTTPStatus.NO_CONTENT)
async def end_sessions(
    account: CurrentAccount, context: ContextOf, correlation_id: CorrelationId
) -> None:
    """Sign out everywhere, here too. Access tokens go on working."""
    await context.sessions.end_all(account.user_id, correlation_id)
