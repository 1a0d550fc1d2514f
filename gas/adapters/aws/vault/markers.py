"""Where an archive's id is between its making and the record that names it.

Glacier has no names, and gives the id of an archive with its answer to the upload. An archiver
that dies before it writes the record would leave an archive behind that nobody can name. So an
empty object of S3, at the key that the record foresaw (rule R3), says what became of it.
"""

from typing import TYPE_CHECKING, NamedTuple

from gas.adapters.aws.errors import translated
from gas.adapters.aws.heads import head
from gas.adapters.aws.vault.names import VaultId
from gas.adapters.aws.versions import delete_all_versions

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client

_CONTENT_TYPE = "application/vnd.gas.archived"


class Marker(NamedTuple):
    """An archive that was made and verified: ``size`` in bytes, ``sha256`` in hex."""

    vault_id: VaultId
    size: int
    sha256: str


class VaultMarkers:
    """The markers in the bucket of results."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    async def find(self, key: str) -> Marker | None:
        """None where there is nothing, or something else."""
        try:
            found = await head(self._client, self._bucket, key)
        except FileNotFoundError:
            return None
        said = found["Metadata"]
        if found.get("ContentType") != _CONTENT_TYPE:
            return None
        vault_id = VaultId(key, said["vault"], said["archive-id"])
        return Marker(vault_id, int(said["archive-size"]), said["archive-sha256"])

    async def put(self, marker: Marker) -> None:
        key, vault, archive_id = marker.vault_id
        with translated():
            await self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=b"",
                ContentType=_CONTENT_TYPE,
                Metadata={
                    "vault": vault,
                    "archive-id": archive_id,
                    "archive-size": str(marker.size),
                    "archive-sha256": marker.sha256,
                },
            )

    async def delete(self, key: str) -> None:
        with translated():
            await delete_all_versions(self._client, self._bucket, key)
