"""What is in a vault, for the sweep that looks for archives that no record names.

Glacier lists a vault by a job that takes hours, from an inventory that it makes once a day. A page
of it is read once; the next round begins when Glacier has forgotten the jobs of this one, which is
a day after they ended. So a round costs a request a day for each page.
"""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gas.adapters.aws.vault.archive import VaultArchive
from gas.adapters.aws.vault.errors import asking_glacier, is_gone
from gas.adapters.aws.vault.jobs import SUCCEEDED, jobs_of
from gas.adapters.aws.vault.names import Description, VaultId
from gas.ports import Page

if TYPE_CHECKING:
    from types_aiobotocore_glacier import GlacierClient
    from types_aiobotocore_glacier.type_defs import (
        GlacierJobDescriptionTypeDef,
        InventoryRetrievalJobInputTypeDef,
    )

PAGE_ARCHIVES = 10_000
"""Some 5 MB of JSON."""


class VaultInventory:
    """Archives by their ids as records have them.

    It is old news, which is all that a sweep needs: an archive whose attempt is over, and which
    the record does not name, is never named again.
    """

    def __init__(
        self,
        client: "GlacierClient",
        vault: str,
        archive: VaultArchive,
        *,
        page_archives: int = PAGE_ARCHIVES,
    ) -> None:
        self._client = client
        self._vault = vault
        self._archive = archive
        self._page_archives = page_archives
        self._read: set[str] = set()

    async def list_page(self, prefix: str, *, cursor: str | None = None) -> Page[str]:
        """Empty, and to be asked for again with the same cursor, while Glacier is at it."""
        jobs = await self._jobs_of_page(cursor)
        if not jobs:
            await self._order(cursor)
        for job in jobs:
            if job["StatusCode"] == SUCCEEDED and job["JobId"] not in self._read:
                archives = await self._output(job["JobId"])
                self._read.add(job["JobId"])
                following = job.get("InventoryRetrievalParameters") or {}
                ids = (self._id_of(archive) for archive in archives)
                return Page([i for i in ids if i.startswith(prefix)], following.get("Marker"))
        return Page([], cursor)

    async def delete(self, key: str) -> None:
        await self._archive.delete(key)

    async def _jobs_of_page(self, cursor: str | None) -> list["GlacierJobDescriptionTypeDef"]:
        name = _name_of_page(cursor)
        jobs = [
            job
            async for job in jobs_of(self._client, self._vault)
            if job["Action"] == "InventoryRetrieval" and job.get("JobDescription") == name
        ]
        return sorted(jobs, key=lambda job: job["CreationDate"], reverse=True)

    async def _order(self, cursor: str | None) -> None:
        part: InventoryRetrievalJobInputTypeDef = {"Limit": str(self._page_archives)}
        if cursor:
            part["Marker"] = cursor
        with asking_glacier():
            try:
                await self._client.initiate_job(
                    vaultName=self._vault,
                    jobParameters={
                        "Type": "inventory-retrieval",
                        "Format": "JSON",
                        "Description": _name_of_page(cursor),
                        "InventoryRetrievalParameters": part,
                    },
                )
            except ClientError as error:
                if not is_gone(error):  # as the inventory is of a vault on its first day
                    raise

    async def _output(self, job_id: str) -> list[dict[str, Any]]:
        with asking_glacier():
            answer = await self._client.get_job_output(vaultName=self._vault, jobId=job_id)
            async with answer["body"]:
                content = json.loads(await answer["body"].read())
        archives: list[dict[str, Any]] = content["ArchiveList"]
        return archives

    def _id_of(self, archive: dict[str, Any]) -> str:
        description = Description.of(archive["ArchiveDescription"])
        return str(VaultId(description.key, self._vault, archive["ArchiveId"]))


def _name_of_page(cursor: str | None) -> str:
    """Tells the job of a page from those of others, also after a restart; 1,024 characters fit."""
    return f"GAS inventory {hashlib.sha256((cursor or '').encode()).hexdigest()}"
