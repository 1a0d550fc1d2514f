"""The upload of a draft's file, straight to the store."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.api.dependencies import ContextOf, CurrentAccount
from services.api.jobs.uploads import Layout, PartAddress
from services.api.views.base import View
from services.api.views.jobs import UploadView

router = APIRouter(prefix="/jobs/{job_id}/upload", tags=["uploads"])

_ADDRESSES_AT_A_TIME = 100


class FileToUpload(BaseModel):
    """``size`` in bytes, the same in every request about one file."""

    model_config = ConfigDict(extra="forbid")

    size: int = Field(ge=1)


class PartsToUpload(FileToUpload):
    numbers: list[Annotated[int, Field(ge=1)]] = Field(
        min_length=1, max_length=_ADDRESSES_AT_A_TIME
    )


class PartsView(View):
    part_bytes: int = Field(description="Of every part but the last, which has the rest")
    count: int
    there: Sequence[int] = Field(description="Numbers, from 1, of the parts that need not be sent")

    @classmethod
    def of(cls, layout: Layout, there: Sequence[int]) -> Self:
        return cls(part_bytes=layout.part_bytes, count=layout.count, there=there)


class UploadPlanView(View):
    """Either ``done``, or a form to be sent, or parts."""

    done: bool = Field(description="Whether a file of this size is there already")
    form: UploadView | None
    parts: PartsView | None
    kept_until: datetime = Field(description="When an upload that is not submitted is deleted")


class PartAddressView(View):
    number: int
    size: int = Field(description="Bytes: the address takes exactly so many")
    url: str = Field(description="PUT the part here, without any header of your own")

    @classmethod
    def of(cls, address: PartAddress) -> Self:
        return cls(number=address.number, size=address.size, url=address.url)


class PartAddressesView(View):
    parts: Sequence[PartAddressView]
    expires_at: datetime


class UploadedView(View):
    size: int


@router.post("")
async def begin_upload(
    job_id: str, file: FileToUpload, account: CurrentAccount, context: ContextOf
) -> UploadPlanView:
    """How to upload a draft's file, or what of it is still missing. To ask again changes nothing.

    Small files go by a form, in one piece; larger ones in parts, in any order, several at a time.
    """
    upload = await context.uploads.begin(account, job_id, file.size)
    return UploadPlanView(
        done=upload.done,
        form=UploadView.of(upload.form, context.uploads.expires_at) if upload.form else None,
        parts=PartsView.of(upload.layout, upload.there) if upload.layout else None,
        kept_until=upload.kept_until,
    )


@router.post("/parts")
async def address_parts(
    job_id: str, parts: PartsToUpload, account: CurrentAccount, context: ContextOf
) -> PartAddressesView:
    """Where to PUT parts of the file, some at a time: the addresses work for a while only."""
    addresses = await context.uploads.addresses(account, job_id, parts.size, parts.numbers)
    return PartAddressesView(
        parts=[PartAddressView.of(address) for address in addresses],
        expires_at=context.uploads.expires_at,
    )


@router.post("/complete")
async def complete_upload(
    job_id: str, file: FileToUpload, account: CurrentAccount, context: ContextOf
) -> UploadedView:
    """All parts are sent: make them one file. To do it again changes nothing."""
    info = await context.uploads.complete(account, job_id, file.size)
    return UploadedView(size=info.size)


@router.delete("", status_code=HTTPStatus.NO_CONTENT)
async def abort_upload(job_id: str, account: CurrentAccount, context: ContextOf) -> None:
    """Give up an upload in parts. The draft stays."""
    await context.uploads.abort(account, job_id)
