"""Glacier's jobs: everything that it gives back, it gives as the output of one."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gas.adapters.aws.vault.errors import asking_glacier, is_gone

if TYPE_CHECKING:
    from types_aiobotocore_glacier import GlacierClient
    from types_aiobotocore_glacier.type_defs import (
        GlacierJobDescriptionResponseTypeDef,
        GlacierJobDescriptionTypeDef,
    )

    Job = GlacierJobDescriptionTypeDef | GlacierJobDescriptionResponseTypeDef

SUCCEEDED = "Succeeded"
FAILED = "Failed"

_OURS = "-"
"""The account that signs; the SDK puts it in by itself everywhere else."""


class Retrievals:
    """The retrievals of archives that Glacier knows: it forgets one a day after its end.

    Glacier can only list the jobs of a whole vault, so the ids of jobs are remembered.
    """

    def __init__(self, client: "GlacierClient") -> None:
        self._client = client
        self._job_ids: dict[tuple[str, str], str] = {}

    async def find(self, vault: str, archive_id: str) -> "Job | None":
        """The retrieval of a whole archive that is finished, or else one in progress, if any."""
        job_id = self._job_ids.get((vault, archive_id))
        known = await self._describe(vault, job_id) if job_id else None
        if known is not None and known["StatusCode"] != FAILED:
            return known
        found: dict[str, Job] = {}
        async for job in jobs_of(self._client, vault):
            if _is_good(job) and found.get(job["ArchiveId"], job)["StatusCode"] != SUCCEEDED:
                found[job["ArchiveId"]] = job
        self._forget_all_of(vault)
        self._job_ids |= {(vault, archive): job["JobId"] for archive, job in found.items()}
        return found.get(archive_id)

    async def begin(self, vault: str, parameters: Any) -> None:
        """Start one. Raises ClientError as Glacier says it."""
        started = await self._client.initiate_job(vaultName=vault, jobParameters=parameters)
        self._job_ids[vault, parameters["ArchiveId"]] = started["jobId"]

    async def _describe(self, vault: str, job_id: str) -> "Job | None":
        with asking_glacier():
            try:
                return await self._client.describe_job(vaultName=vault, jobId=job_id)
            except ClientError as error:
                if is_gone(error):
                    return None
                raise

    def _forget_all_of(self, vault: str) -> None:
        self._job_ids = {key: job for key, job in self._job_ids.items() if key[0] != vault}


def _is_good(job: "GlacierJobDescriptionTypeDef") -> bool:
    """Whether it brings, or brought, a whole archive: somebody may retrieve a part by hand."""
    if job["Action"] != "ArchiveRetrieval" or job["StatusCode"] == FAILED:
        return False
    size, part = job.get("ArchiveSizeInBytes"), job.get("RetrievalByteRange")
    return not part or part == f"0-{(size or 0) - 1}"


async def jobs_of(
    client: "GlacierClient", vault: str
) -> AsyncIterator["GlacierJobDescriptionTypeDef"]:
    """All jobs of a vault, in no order."""
    pages = aiter(client.get_paginator("list_jobs").paginate(accountId=_OURS, vaultName=vault))
    while True:
        with asking_glacier():
            page = await anext(pages, None)
        if page is None:
            return
        for job in page["JobList"]:
            yield job
