"""A call of AWS as it came over the wire, and the answer to it."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs, unquote

from multidict import CIMultiDict

from tests.support.facade.operations import s3_operation

S3 = "s3"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Place:
    """Where an object is in S3; no version means the latest."""

    bucket: str
    key: str
    version_id: str | None = None


@dataclass(frozen=True)
class Call:
    """A request. ``path`` and ``query`` are percent-encoded, as sent: signatures are about that."""

    method: str
    path: str
    query: str
    headers: CIMultiDict[str]
    body: bytes

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query, decoded; the last of several values."""
        found = parse_qs(self.query.replace("+", "%2B"), keep_blank_values=True)
        return {name: values[-1] for name, values in found.items()}

    @cached_property
    def service(self) -> str:
        """The service that the call is signed for; S3's forms are signed inside."""
        _, _, credential = self.headers.get("Authorization", "").partition("Credential=")
        scope = (credential or self.parameters.get("X-Amz-Credential", "")).split(",")[0]
        parts = scope.split("/")
        return parts[-2] if len(parts) > 1 else S3

    @cached_property
    def operation(self) -> str:
        """As AWS names it, such as ``PutItem``."""
        if target := self.headers.get("X-Amz-Target"):
            return target.rpartition(".")[2]
        if self.service != S3:
            return self.form.get("Action", "")
        return s3_operation(
            self.method, self.parameters.keys(), self.headers, of_object=bool(self.place.key)
        )

    @property
    def form(self) -> dict[str, str]:
        """The fields of a call in AWS's query protocol."""
        if not self.headers.get("Content-Type", "").startswith(_FORM):
            return {}
        return {name: values[-1] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def place(self) -> Place:
        """What an S3 call is about, addressed by path."""
        bucket, _, key = unquote(self.path.removeprefix("/")).partition("/")
        return Place(bucket, key, self.parameters.get("versionId"))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: CIMultiDict[str]
    body: bytes
