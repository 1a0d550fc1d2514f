"""What users may write into fields of a job."""

from typing import Annotated

from pydantic import AfterValidator, Field


def _plain(name: str) -> str:
    """A name for showing and for saving: neither a path nor invisible characters."""
    if not name.isprintable() or not name.strip() or "/" in name or "\\" in name:
        raise ValueError("must be a plain file name")
    return name.strip()


def _one_line(name: str | None) -> str | None:
    """A name gets into the subject of a mail. One that is all blank is none."""
    if name is None:
        return None
    line = " ".join(name.split())
    if not line.isprintable():
        raise ValueError("must not have characters that cannot be seen")
    return line or None


MAX_NAME = 120

FileName = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_plain)]
JobName = Annotated[str | None, Field(max_length=MAX_NAME), AfterValidator(_one_line)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="In hexadecimal")]
