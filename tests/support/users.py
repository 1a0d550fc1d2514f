"""Users of GAS, who know nothing but its REST interface."""

import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from gas.cli.client import GasClient
from gas.cli.views import FileView, JobView
from gas.domain.states import AVAILABLE, CANCELLED, FAILED, State
from tests.support.inputs import small_vcf
from tests.support.patience import PATIENCE, until

_DEAD_ENDS = {FAILED, CANCELLED}


@dataclass(frozen=True)
class User:
    """Somebody who is signed in."""

    client: GasClient
    user_id: str
    email: str

    async def draft(self, content: bytes | None = None, file_name: str = "sample.vcf") -> JobView:
        """A job whose file is uploaded, and which is not submitted yet."""
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / file_name
            path.write_bytes(small_vcf() if content is None else content)
            draft = await self.client.create(file_name)
            await self.client.upload(draft.upload, path)
        return draft.job

    async def submit(self, content: bytes | None = None, file_name: str = "sample.vcf") -> JobView:
        return await self.client.submit((await self.draft(content, file_name)).id)

    async def completed(self, content: bytes | None = None) -> JobView:
        """A job with a result at hand."""
        return await self.until((await self.submit(content)).id, AVAILABLE)

    async def until(self, job_id: str, *states: State, within: timedelta = PATIENCE) -> JobView:
        """The job once it is in one of these states; at once an error where it never will be."""
        dead_ends = {str(state) for state in _DEAD_ENDS - set(states)}
        wanted = {str(state) for state in states}
        job = await until(
            lambda: self.client.show(job_id),
            lambda job: job.state in wanted | dead_ends,
            what=f"job {job_id} as {' or '.join(sorted(wanted))}",
            told=lambda job: job.state,
            within=within,
        )
        assert job.state in wanted, f"job {job_id} ended as {job.state}: {job.failure}"
        return job

    async def download(self, job: JobView, directory: Path) -> dict[str, Path]:
        """All files of a result, verified by the client; paths by name."""
        return {
            file.name: await self.client.download(job.id, file, directory) for file in job.files
        }

    async def ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        """One request to the REST interface as it is, whatever the answer."""
        return await self.client._api.request(method, path, **content)


@dataclass(frozen=True)
class Archived:
    """A Free user whose only result is archived."""

    user: User
    job: JobView


def archived_files(job: JobView) -> Collection[FileView]:
    return [file for file in job.files if file.archived]
