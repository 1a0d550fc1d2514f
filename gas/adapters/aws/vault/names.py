"""What an archive in a Glacier vault is called: by Glacier, and by us."""

from typing import NamedTuple

_KEY_END = "@"
_VAULT_END = "/"


class VaultId(NamedTuple):
    """An archive id as records have it: ``key@vault/id-by-Glacier``.

    Glacier's id alone would not do: its notifications must lead to a job, which the key names,
    and an operator may take another vault for what is archived from now on.
    """

    key: str
    vault: str
    archive_id: str

    def __str__(self) -> str:
        return f"{self.key}{_KEY_END}{self.vault}{_VAULT_END}{self.archive_id}"

    @classmethod
    def find_in(cls, text: str) -> "VaultId | None":
        """None for what no vault made: a key of S3, which has no @."""
        key, found, place = text.partition(_KEY_END)
        vault, _, archive_id = place.partition(_VAULT_END)
        return cls(key, vault, archive_id) if found else None


class Description(NamedTuple):
    """What Glacier keeps beside an archive: the only thing that tells whose content it is.

    An inventory shows it, and so does the output of a retrieval; up to 1,024 characters of ASCII.
    """

    key: str
    content_type: str

    def __str__(self) -> str:
        return f"{self.key} {self.content_type}"

    @classmethod
    def of(cls, text: str) -> "Description":
        """Of an archive that is not ours, the key is nothing that any record names."""
        key, _, content_type = text.partition(" ")
        return cls(key, content_type or "application/octet-stream")
