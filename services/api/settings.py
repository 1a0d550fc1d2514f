"""What the api reads from its environment."""

import socket
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from gas.annotation import Limits
from gas.annotation.preflight import PREFLIGHT_LIMITS
from gas.runtime.settings import CommonSettings

_FRONTEND = Path(__file__).parents[2] / "frontend"

_NO_SECRET = "only-for-this-machine"  # noqa: S105 - not one that protects anything
"""Part of what docker-compose.yml has for secrets that nobody has set: everybody knows it."""


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
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (),
        description="Addresses and CIDR networks of load balancers, comma-separated; only what "
        "these say in X-Forwarded-For and X-Forwarded-Proto is believed",
    )
    instance: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="What this replica calls itself in X-Gas-Instance; by default its host's name",
    )

    oidc_issuer: HttpUrl = Field(
        HttpUrl("https://auth.globus.org"), description="The OpenID Connect issuer to sign in with"
    )
    oidc_discovery_url: HttpUrl | None = Field(
        None,
        description="Where to fetch the issuer's discovery document, where it is not reached at "
        "the issuer's own address; by default ISSUER/.well-known/openid-configuration",
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
        return _listed(value) if isinstance(value, str) else value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _parse_networks(cls, value: object) -> object:
        return tuple(map(_network, _listed(value))) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_secrets_of_its_own(self) -> Self:
        if not self.is_local and _NO_SECRET in self.session_secret.get_secret_value():
            raise ValueError(
                "GAS_SESSION_SECRET is the one that everybody knows, and GAS_PUBLIC_URL says that "
                "others reach this site: set a secret of your own (openssl rand -hex 32)"
            )
        return self

    @property
    def origin(self) -> str:
        """Scheme, host and port of this site, as browsers put it into ``Origin``."""
        parts = urlsplit(str(self.public_url))
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_https(self) -> bool:
        return self.public_url.scheme == "https"

    @property
    def is_local(self) -> bool:
        """Whether browsers reach this site on their own machine, which others share with it."""
        host = self.public_url.host or ""
        return host == "localhost" or host.endswith(".localhost")

    @property
    def instance_name(self) -> str:
        return self.instance or socket.gethostname()

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


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _network(text: str) -> IPv4Network | IPv6Network:
    """Of one address, or in CIDR notation. Raises ValueError with a sentence for the operator."""
    try:
        network = ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no IP address and no CIDR network: {error}") from error
    if network.prefixlen == 0:
        raise ValueError(f"{text!r} is everybody: then anybody could claim any address")
    return network
