"""What the api reads from its environment."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, SecretStr, field_validator
from pydantic_settings import NoDecode

from gas.annotation import Limits
from gas.annotation.preflight import PREFLIGHT_LIMITS
from gas.runtime.settings import CommonSettings

_FRONTEND = Path(__file__).parents[2] / "frontend"


class ApiSettings(CommonSettings):
    """All GAS_* variables of the api."""

    database_url: SecretStr = Field(
        description="PostgreSQL, as postgresql+psycopg://user:password@host/database"
    )
    database_pool_size: int = Field(10, ge=1, description="Connections to PostgreSQL at most")
    public_url: HttpUrl = Field(
        HttpUrl("http://127.0.0.1:8000"), description="This site's address as browsers see it"
    )
    host: str = Field("127.0.0.1", description="The address to listen on")
    port: int = Field(8000, ge=0, le=65_535, description="The port to listen on")

    oidc_issuer: HttpUrl = Field(
        HttpUrl("https://auth.globus.org"), description="The OpenID Connect issuer to sign in with"
    )
    oidc_client_id: str = Field(description="Our name at the issuer")
    oidc_client_secret: SecretStr | None = Field(
        None, description="Our secret at the issuer; none for a public client (PKCE alone)"
    )

    session_secret: SecretStr = Field(
        min_length=32,
        description="Signs the cookie of a sign-in in progress; 32 characters or more",
    )
    session_seconds: float = Field(
        7 * 86_400, gt=0, description="How long a session lasts at most, in use or not"
    )
    session_idle_seconds: float = Field(
        86_400, gt=0, description="How long a session lasts without use"
    )
    upload_form_seconds: float = Field(
        3_600, gt=0, le=604_800, description="How long an upload may begin after its draft was made"
    )
    download_url_seconds: float = Field(
        300, gt=0, le=604_800, description="How long the address of a download works"
    )
    projection_retry_seconds: float = Field(
        5, gt=0, description="How often to retry accounts that DynamoDB has not got yet"
    )

    genomes: Annotated[tuple[str, ...], NoDecode] = Field(
        ("rCRS",),
        min_length=1,
        description="Genomes on offer, comma-separated; the first is default",
    )
    preflight_seconds: float = Field(
        5, gt=0, le=60, description="How long the check of an upload may look at it"
    )
    preflight_memory_bytes: int = Field(1024**3, description="Memory of one check")
    preflight_concurrency: int = Field(2, ge=1, le=64, description="Uploads checked at a time")
    scratch_dir: Path | None = Field(
        None, description="Where uploads are checked; by default the system's temporary folder"
    )
    aws_pool_size: int = Field(50, ge=1, description="Connections to each AWS service at most")
    frontend_directory: Path = Field(
        _FRONTEND, description="Where templates/ and assets/ are", repr=False
    )

    @field_validator("genomes", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @property
    def origin(self) -> str:
        """Scheme, host and port of this site, as browsers put it into ``Origin``."""
        parts = urlsplit(str(self.public_url))
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_https(self) -> bool:
        return self.public_url.scheme == "https"

    @property
    def session_lifetime(self) -> timedelta:
        return timedelta(seconds=self.session_seconds)

    @property
    def session_idle(self) -> timedelta:
        return timedelta(seconds=self.session_idle_seconds)

    @property
    def upload_form_lifetime(self) -> timedelta:
        return timedelta(seconds=self.upload_form_seconds)

    @property
    def download_url_lifetime(self) -> timedelta:
        return timedelta(seconds=self.download_url_seconds)

    @property
    def preflight_budget(self) -> timedelta:
        return timedelta(seconds=self.preflight_seconds)

    @property
    def preflight_limits(self) -> Limits:
        return replace(PREFLIGHT_LIMITS, memory_bytes=self.preflight_memory_bytes)

    @property
    def projection_retry(self) -> timedelta:
        return timedelta(seconds=self.projection_retry_seconds)
