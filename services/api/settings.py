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
from gas.domain.plan import FREE_ACTIVE_JOBS, PREMIUM_ACTIVE_JOBS, PREMIUM_UPLOAD_BYTES, Plan
from gas.runtime.settings import CommonSettings

_FRONTEND = Path(__file__).parents[2] / "frontend"

_PARTS = 10_000  # that S3 takes of one object

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
    upload_part_bytes: int = Field(
        16 * 1024**2,
        ge=-(-PREMIUM_UPLOAD_BYTES // _PARTS),
        description="How large the parts of an upload are; smaller files go in one piece. "
        "S3 takes parts of 5 MiB and more",
    )
    download_url_seconds: float = Field(
        300, gt=0, le=604_800, description="How long the address of a download works"
    )
    free_active_jobs: int = Field(
        FREE_ACTIVE_JOBS, ge=1, description="Jobs of a Free user that may wait or run at a time"
    )
    premium_active_jobs: int = Field(
        PREMIUM_ACTIVE_JOBS, ge=1, description="Jobs of a Premium user that may, too"
    )
    undo_seconds: float = Field(
        30, ge=0, description="How long a deletion on the page can be undone"
    )
    stripe_secret_key: SecretStr | None = Field(
        None, description="Our key at Stripe; without it Premium costs nothing here"
    )
    stripe_webhook_secret: SecretStr | None = Field(
        None, description="Signs the events that Stripe posts to PUBLIC_URL/payments/stripe"
    )
    stripe_price: str | None = Field(
        None, pattern=r"^price_\w+$", description="The recurring price of Premium at Stripe"
    )
    stripe_api_url: HttpUrl = Field(
        HttpUrl("https://api.stripe.com"), description="Where Stripe's API is"
    )
    stripe_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        ("https://checkout.stripe.com", "https://billing.stripe.com"),
        description="Where Stripe's pages are, comma-separated; others with a domain of your own",
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
    explorer_cache_dir: Path | None = Field(
        None,
        description="Where results that are looked through are kept meanwhile; by default in "
        "GAS_SCRATCH_DIR, or the system's temporary folder",
    )
    explorer_cache_bytes: int = Field(
        2 * 1024**3, ge=1, description="Results kept there at most, by all who look through them"
    )
    explorer_memory_bytes: int = Field(
        512 * 1024**2, ge=64 * 1024**2, description="Memory of all questions to results at a time"
    )
    explorer_threads: int = Field(2, ge=1, le=64, description="Threads that answer them")
    explorer_concurrency: int = Field(4, ge=1, le=64, description="How many are answered at a time")
    explorer_query_seconds: float = Field(
        10, gt=0, le=60, description="How long the answer to one may take"
    )
    explorer_exports: int = Field(2, ge=1, le=64, description="Exports made at a time")
    explorer_export_seconds: float = Field(
        300, gt=0, description="How long it may take to write one"
    )
    explorer_export_bytes: int = Field(
        2 * 1024**3, ge=1, description="Size of an export on disk; one as VCF needs none"
    )
    aws_pool_size: int = Field(50, ge=1, description="Connections to each AWS service at most")
    frontend_directory: Path = Field(
        _FRONTEND, description="Where templates/ and assets/ are", repr=False
    )

    @field_validator("genomes", "stripe_origins", mode="before")
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

    @model_validator(mode="after")
    def _has_all_of_stripe_or_nothing(self) -> Self:
        given = {
            "GAS_STRIPE_SECRET_KEY": self.stripe_secret_key,
            "GAS_STRIPE_WEBHOOK_SECRET": self.stripe_webhook_secret,
            "GAS_STRIPE_PRICE": self.stripe_price,
        }
        missing = [name for name, value in given.items() if value is None]
        if 0 < len(missing) < len(given):
            raise ValueError(f"To take payments, set {' and '.join(missing)} too")
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
    def undo(self) -> timedelta:
        return timedelta(seconds=self.undo_seconds)

    def active_jobs(self, plan: Plan) -> int:
        """How many jobs of a user may wait or run at a time."""
        return self.free_active_jobs if plan is Plan.FREE else self.premium_active_jobs

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
