"""A result's manifest.json, as pages read it: how the result was made, and from what."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    """Fields that a later version adds are no reason to show nothing."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Source(_Part):
    """Where reference data came from."""

    name: str
    version: str = ""
    licence: str = ""
    attribution: str = ""
    url: str = ""

    @property
    def link(self) -> str | None:
        """Only where it is a web address: a bundle that somebody built may say anything."""
        return self.url if self.url.startswith(("https://", "http://")) else None


class Reference(_Part):
    """The reference bundle."""

    name: str
    version: str = ""
    build: str = ""
    description: str = ""
    sources: Sequence[Source] = ()


class Content(_Part):
    """A file by its content: ``size`` in bytes, ``sha256`` in hex."""

    size: int
    sha256: str


class Version(_Part):
    version: str = ""


class ManifestView(_Part):
    """Written by ``gas.annotation.results.publish``."""

    gas: Version
    engine: Mapping[str, Any]
    reference: Reference
    input: Content
    outputs: Mapping[str, Content] = Field(default_factory=dict)

    @property
    def tools(self) -> Sequence[tuple[str, str]]:
        """The engine's programs or properties, each with its version or value as text."""
        return [(name, _text(value)) for name, value in self.engine.items()]


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
