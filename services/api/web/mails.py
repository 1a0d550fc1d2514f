"""What GAS writes to its users, shown to who works on it: on a developer's own machine only."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gas.domain.mail_kinds import MailKind
from gas.mails import Mails
from gas.mails.samples import Sample, samples
from gas.ports import Mail
from services.api.dependencies import ContextOf, OptionalAccount
from services.api.http.security import content_security_policy
from services.api.web.access import pages_of

# Mail programs take no style sheets, so mails have their styles at the elements. That is allowed
# in the frame alone: a document of its own, without scripts, forms, or an origin to act for.
_POLICY_OF_MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
_POLICY_OF_PAGE = f"{content_security_policy()}; frame-src 'self'"


async def only_on_this_machine(context: ContextOf) -> None:
    """Others need not know that there is such a page."""
    if not context.settings.is_local:
        raise HTTPException(404)


router = APIRouter(
    prefix="/development/mails",
    include_in_schema=False,
    dependencies=[Depends(only_on_this_machine)],
)


async def samples_now(context: ContextOf) -> dict[str, Sample]:
    """By name."""
    made = samples(context.clock(), context.settings.free_retention)
    return {sample.name: sample for sample in made}


Samples = Annotated[dict[str, Sample], Depends(samples_now)]


@router.get("")
async def show_mails(
    request: Request,
    context: ContextOf,
    account: OptionalAccount,
    found: Samples,
    mail: str = "completed-free",
) -> Response:
    """All mails there are, and ``mail``, the name of one, in both forms."""
    sample = _sample(found, mail)
    kinds = [
        (kind.meaning, [s.name for s in found.values() if s.kind == kind]) for kind in MailKind
    ]
    return pages_of(request).show(
        request,
        "development_mails.html",
        headers={"Content-Security-Policy": _POLICY_OF_PAGE},
        account=account,
        kinds=kinds,
        name=sample.name,
        mail=_written(sample, context),
    )


@router.get("/{name}")
async def show_mail(name: str, context: ContextOf, found: Samples) -> Response:
    """The HTML form alone, as a mail program gets it."""
    mail = _written(_sample(found, name), context)
    return HTMLResponse(
        mail.html,
        headers={"Content-Security-Policy": _POLICY_OF_MAIL, "Cache-Control": "no-store"},
    )


def _sample(found: dict[str, Sample], name: str) -> Sample:
    if name not in found:
        raise HTTPException(404)
    return found[name]


def _written(sample: Sample, context: ContextOf) -> Mail:
    mails = Mails(context.settings.origin, context.settings.free_retention)
    return mails.write(sample.kind, sample.job, sample.account, context.clock())
