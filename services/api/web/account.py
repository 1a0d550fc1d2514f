"""The page of one's account: profile, mails, plan and usage, browsers that are signed in."""

from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from gas.domain.mail_kinds import MailKind
from gas.domain.plan import Account
from services.api.accounts.profile_form import INSTITUTION_LENGTH, NAME_LENGTH, ProfileForm
from services.api.accounts.usage import usage_of
from services.api.context import Context
from services.api.dependencies import (
    ContextOf,
    CorrelationId,
    OptionalAccount,
    require_same_site,
    session_id_of,
)
from services.api.routes.sign_in import signed_out
from services.api.views.plans import PlanView
from services.api.web.access import PageAccount, pages_of, see_other

router = APIRouter(include_in_schema=False)

SAVED = "saved"


@router.get("/account")
async def show_account(
    request: Request, context: ContextOf, account: PageAccount, done: str | None = None
) -> Response:
    return await _show(request, context, account, is_saved=done == SAVED)


@router.post("/account", dependencies=[Depends(require_same_site)])
async def change_account(
    request: Request,
    context: ContextOf,
    account: PageAccount,
    correlation_id: CorrelationId,
    name: Annotated[str, Form()] = "",
    institution: Annotated[str, Form()] = "",
    mails: Annotated[tuple[str, ...], Form()] = (),
) -> Response:
    """The profile and the wanted ``mails``; what is not right is told beside its field."""
    muted = frozenset(kind for kind in MailKind if kind not in mails)
    try:
        form = ProfileForm(name=name, institution=institution, muted_mails=muted)
    except ValidationError as error:
        said = {"name": name, "institution": institution}
        return await _show(request, context, account, said=said, muted=muted, faults=_faults(error))
    await context.profiles.change(account.user_id, form.to_change(), correlation_id)
    await context.projector.try_project(account.user_id, correlation_id)
    return see_other(f"/account?done={SAVED}")


@router.post("/account/sign-out-everywhere", dependencies=[Depends(require_same_site)])
async def sign_out_everywhere(
    context: ContextOf,
    account: PageAccount,
    correlation_id: CorrelationId,
    tokens: Annotated[bool, Form()] = False,
) -> Response:
    """With ``tokens``, programs are shut out too."""
    if tokens:
        await context.tokens.revoke_all(account.user_id, correlation_id)
    await context.sessions.end_all(account.user_id, correlation_id)
    return signed_out(context)


@router.get("/signed-out")
async def show_signed_out(request: Request, account: OptionalAccount) -> Response:
    if account:
        return see_other("/")
    return pages_of(request).show(request, "account/signed_out.html")


async def _show(
    request: Request,
    context: Context,
    account: Account,
    *,
    is_saved: bool = False,
    said: Mapping[str, str] | None = None,
    muted: Collection[str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response:
    """``said`` and ``muted`` are what the form holds, where that is not saved; ``faults`` by field."""
    profile = await context.profiles.of(account.user_id)
    settings = context.settings
    return pages_of(request).show(
        request,
        "account/account.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        account=account,
        said=said or {"name": account.name, "institution": profile.institution},
        faults=faults or {},
        is_saved=is_saved,
        lengths={"name": NAME_LENGTH, "institution": INSTITUTION_LENGTH},
        kinds=list(MailKind),
        muted=account.muted_mails if muted is None else muted,
        plan=PlanView.of(account.plan, settings),
        standing=await context.billing.standing(account.user_id),
        usage=await usage_of(account.user_id, context.ports.jobs),
        sessions=await context.sessions.of(account.user_id, session_id_of(request, context)),
        tokens=await context.tokens.list(account.user_id),
    )


def _faults(error: ValidationError) -> dict[str, str]:
    """A sentence for each field that is not right."""
    sentences = {}
    for fault in error.errors():
        field = str(fault["loc"][0])
        is_ours = fault["type"] == "value_error"
        most = fault.get("ctx", {}).get("max_length")
        sentences[field] = (
            str(fault["ctx"]["error"]) if is_ours else f"At most {most} characters, please."
        )
    return sentences
