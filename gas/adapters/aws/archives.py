"""Two archives as one: new results go to the one chosen, old ones are where they went."""

from gas.adapters.aws.glacier import S3GlacierArchive
from gas.adapters.aws.vault.archive import VaultArchive
from gas.adapters.aws.vault.names import VaultId
from gas.ports import ResultArchive, RetrievalStatus, RetrievalTier


class EitherArchive:
    """A ResultArchive. An operator can change the choice: what is archived stays reachable."""

    def __init__(
        self, s3: S3GlacierArchive, vault: VaultArchive, *, new_ones_to_vault: bool
    ) -> None:
        self._s3 = s3
        self._vault = vault
        self._chosen: ResultArchive = vault if new_ones_to_vault else s3

    async def store(self, source_key: str, target_key: str, *, size: int, sha256: str) -> str:
        return await self._chosen.store(source_key, target_key, size=size, sha256=sha256)

    async def begin_retrieval(self, archive_id: str) -> RetrievalTier:
        return await self._home_of(archive_id).begin_retrieval(archive_id)

    async def retrieval_status(self, archive_id: str) -> RetrievalStatus:
        return await self._home_of(archive_id).retrieval_status(archive_id)

    async def bring_back(self, archive_id: str, target_key: str) -> None:
        await self._home_of(archive_id).bring_back(archive_id, target_key)

    async def delete(self, archive_id: str) -> None:
        """A bare key may be that of a vault's marker; the vault deletes either."""
        await self._vault.delete(archive_id)

    def _home_of(self, archive_id: str) -> ResultArchive:
        return self._vault if VaultId.find_in(archive_id) else self._s3
