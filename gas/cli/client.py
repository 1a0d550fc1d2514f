"""A client of the REST interface, typed and asynchronous."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from gas.cli.connections import certificate_error, reason_of, trusted_authorities
from gas.cli.errors import UnreachableError
from gas.cli.problems import checked, checked_store
from gas.cli.transfer import CountingFile, Progress, save, target_path
from gas.cli.views import AccountView, DraftView, FileView, JobPage, JobView, PlanView, UploadView
from gas.domain.plan import Plan
from gas.messages import new_id

API = "/api/v1"
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_NO_PROXY = {"all://localhost": None, "all://127.0.0.1": None}  # a proxy could not reach these
_BUSY = frozenset({502, 503, 504})


@dataclass(frozen=True)
class Patience:
    """How often to look at a job (``first`` to ``longest``), and for how long to try a server."""

    first: timedelta = timedelta(seconds=0.5)
    longest: timedelta = timedelta(seconds=5)
    request: timedelta = timedelta(seconds=2)
    outage: timedelta = timedelta(minutes=1)


class GasClient:
    """One user's door to a GAS server.

    Errors: RefusedError where the server says no, UnreachableError where it does not answer.
    ``transport`` takes the place of the network in tests.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._patience = patience or Patience()
        authorities = trusted_authorities()
        self._api = httpx.AsyncClient(
            base_url=self.url + API,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=_TIMEOUT,
            transport=transport,
            mounts=_NO_PROXY,
            verify=authorities,
        )
        # The store gets a client of its own: our token is none of its business.
        self._store = httpx.AsyncClient(
            timeout=_TIMEOUT, transport=transport, mounts=_NO_PROXY, verify=authorities
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._api.aclose()
        await self._store.aclose()

    # Jobs

    async def create(
        self,
        file_name: str,
        *,
        genome: str | None = None,
        size: int | None = None,
        name: str | None = None,
    ) -> DraftView:
        """A draft with its upload instructions; ``size`` in bytes lets the server refuse early."""
        wanted = {"file_name": file_name, "genome": genome, "size": size, "name": name}
        body = {name: value for name, value in wanted.items() if value is not None}
        response = await self._call("POST", "/jobs", json=body)
        return DraftView.model_validate_json(response.content)

    async def upload(self, form: UploadView, path: Path, progress: Progress | None = None) -> None:
        """Send the file to the store, in a stream; the store itself holds it to the form."""
        with CountingFile(path, progress) as file:
            try:
                # httpx writes ``data`` before ``files``: the store wants the file last.
                response = await self._store.post(
                    form.url, data=form.fields, files={"file": (path.name, file)}
                )
            except httpx.TransportError as error:
                raise UnreachableError(f"The upload broke off: {reason_of(error)}.") from error
        checked_store(response, "upload")

    async def submit(self, job_id: str) -> JobView:
        return await self._job("POST", f"/jobs/{job_id}/submit")

    async def show(self, job_id: str) -> JobView:
        return await self._job("GET", f"/jobs/{job_id}")

    async def cancel(self, job_id: str) -> JobView:
        return await self._job("POST", f"/jobs/{job_id}/cancel")

    async def rerun(self, job_id: str) -> JobView:
        """A new job of the very same file, which is submitted."""
        return await self._job("POST", f"/jobs/{job_id}/rerun")

    async def delete(self, job_id: str) -> None:
        await self._call("DELETE", f"/jobs/{job_id}")

    async def jobs(self) -> AsyncIterator[JobView]:
        """All jobs, newest first, read page by page."""
        cursor: str | None = None
        while True:
            response = await self._call("GET", "/jobs", params={"cursor": cursor} if cursor else {})
            page = JobPage.model_validate_json(response.content)
            for job in page.jobs:
                yield job
            cursor = page.next_cursor
            if cursor is None:
                return

    async def wait(
        self,
        job_id: str,
        *,
        until: Callable[[JobView], bool] = lambda job: job.ended,
        seen: Callable[[JobView], None] = lambda _job: None,
    ) -> JobView:
        """Look at a job until it is as wanted; ``seen`` is told of every look.

        The looks grow apart while nothing changes. A server that does not answer for a while
        (``Patience.outage``) is no error.
        """
        pause, last = self._patience.first, None
        while True:
            response = await self._call("GET", f"/jobs/{job_id}", patience=self._patience.outage)
            job = JobView.model_validate_json(response.content)
            seen(job)
            if until(job):
                return job
            pause = self._patience.first if job != last else pause * 1.5
            pause, last = min(pause, self._patience.longest), job
            await asyncio.sleep(pause.total_seconds())

    # Results

    async def download(
        self, job_id: str, file: FileView, directory: Path, progress: Progress | None = None
    ) -> Path:
        """Fetch one result file, whole and verified, or raise; gives its path."""
        target = target_path(file, directory)
        response = await self._call("GET", f"/jobs/{job_id}/files/{quote(file.name)}")
        await save(self._store, response.headers["location"], file, target, progress)
        return target

    async def log(self, job_id: str) -> str:
        return (await self._call("GET", f"/jobs/{job_id}/log")).text

    # The account

    async def account(self) -> AccountView:
        response = await self._call("GET", "/account")
        return AccountView.model_validate_json(response.content)

    async def plan(self) -> PlanView:
        response = await self._call("GET", "/account/plan")
        return PlanView.model_validate_json(response.content)

    async def change_plan(self, plan: Plan) -> PlanView:
        response = await self._call("PUT", "/account/plan", json={"plan": plan})
        return PlanView.model_validate_json(response.content)

    # Requests

    async def _job(self, method: str, path: str) -> JobView:
        response = await self._call(method, path)
        return JobView.model_validate_json(response.content)

    async def _call(
        self, method: str, path: str, *, patience: timedelta | None = None, **content: Any
    ) -> httpx.Response:
        """One request, again where the server is away for a moment.

        A repeated POST carries the same Idempotency-Key, so that it counts once.
        """
        headers = {"Idempotency-Key": new_id()} if method == "POST" else {}
        clock = asyncio.get_running_loop().time
        give_up = clock() + (patience or self._patience.request).total_seconds()
        while True:
            late = clock() >= give_up
            try:
                response = await self._api.request(method, path, headers=headers, **content)
            except httpx.TransportError as error:
                if late or certificate_error(error):
                    raise UnreachableError(
                        f"No answer from {self.url}: {reason_of(error)}."
                    ) from error
            else:
                if late or response.status_code not in _BUSY:
                    return checked(response)
            await asyncio.sleep(self._patience.first.total_seconds())
