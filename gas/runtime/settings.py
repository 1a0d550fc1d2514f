"""Settings that services share. Each service has one class that extends these.

AWS itself is set up by the SDK's own variables (AWS_REGION, AWS_ENDPOINT_URL, …), never here.
"""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from gas.domain.announcing import archive_notice
from gas.domain.schedule import Timings


class CommonSettings(BaseSettings):
    """What every service needs to know."""

    # A value that does not fit may be a password, so errors show none.
    # Compose and the like hand on an empty value for what nobody has set.
    model_config = SettingsConfigDict(
        env_prefix="GAS_",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    prefix: str = Field("gas", description="What the names of queues, topics and tables begin with")
    # Bucket names are global on AWS, so there is no default that could be ours.
    inputs_bucket: str = Field(description="The bucket of uploads")
    results_bucket: str = Field(description="The bucket of results")
    s3_public_endpoint: str | None = Field(
        None, description="S3's address as browsers reach it, where it differs from ours"
    )
    archive: Literal["s3", "vault"] = Field(
        "s3", description="Where results are archived from now on: S3's Glacier class, or a vault"
    )
    vault: str = Field(
        "gas",
        pattern=r"^[A-Za-z0-9_.-]{1,255}$",  # Glacier API reference, "Create Vault"
        description="The Glacier vault, where GAS_ARCHIVE is vault",
    )
    log_format: Literal["json", "console"] = Field("json", description="How to write the log")
    log_level: str = Field("INFO", description="The least severe level that is logged")
    unheard_seconds: float = Field(
        120, gt=0, description="How long a message may show no effect before it is said again"
    )
    draft_lifetime_seconds: float = Field(
        86_400, gt=0, description="How long a draft may wait for its upload"
    )
    free_retention_seconds: float = Field(
        300, ge=0, description="How long the results of Free users stay at hand"
    )
    archive_notice_seconds: float | None = Field(
        None,
        ge=0,
        description="How long before its archiving the owner of a result is told, 0 for never; by "
        "default 48 hours, or a tenth of the retention where that is less",
    )

    @property
    def timings(self) -> Timings:
        return Timings(
            unheard=timedelta(seconds=self.unheard_seconds),
            draft_lifetime=timedelta(seconds=self.draft_lifetime_seconds),
            archive_notice=self.archive_notice,
        )

    @property
    def archive_notice(self) -> timedelta:
        if self.archive_notice_seconds is None:
            return archive_notice(self.free_retention)
        return timedelta(seconds=self.archive_notice_seconds)

    @property
    def free_retention(self) -> timedelta:
        return timedelta(seconds=self.free_retention_seconds)

    @classmethod
    def load(cls) -> Self:
        """Read the environment; with ``--help`` among the arguments, print it all and exit.

        Settings that are not right are told in sentences, and end the process with code 2.
        """
        if {"--help", "-h"} & set(sys.argv[1:]):
            sys.stdout.write(cls.describe())
            raise SystemExit(0)
        try:
            return cls()
        except ValidationError as error:
            sys.stderr.write(cls._faults(error))
            raise SystemExit(2) from error

    @classmethod
    def _faults(cls, error: ValidationError) -> str:
        """What is wrong with which variable, and never its value."""
        lines = [f"The settings of {cls._service()} are not right:"]
        for fault in error.errors():
            name = "".join(
                f"{cls.model_config['env_prefix']}{at}: ".upper() for at in fault["loc"][:1]
            )
            lines.append(f"  {name}{fault['msg'].removeprefix('Value error, ')}")
        lines.append(f"`python -m {cls._service()} --help` tells of all of them.")
        return "\n".join(lines) + "\n"

    @classmethod
    def _service(cls) -> str:
        return cls.__module__.rpartition(".")[0]

    @classmethod
    def describe(cls) -> str:
        """Every variable with its default and meaning, one a line."""
        prefix = cls.model_config["env_prefix"]
        lines = [f"Environment of {cls.__module__}:", ""]
        for name, field in cls.model_fields.items():
            default = "required" if field.is_required() else f"default {field.default}"
            lines.append(f"  {prefix}{name.upper()}  ({default})\n      {field.description}")
        return "\n".join(lines) + "\n"


class BackgroundSettings(CommonSettings):
    """What every service without an HTTP door needs to know besides."""

    health_file: Path | None = Field(
        None, description="Touched while the service's loop turns; stale means unhealthy"
    )
    metrics_port: int | None = Field(None, description="Where to expose Prometheus metrics")
    metrics_host: str = Field("127.0.0.1", description="On which address to expose them")


class WorkerSettings(BackgroundSettings):
    """What every worker of a queue needs to know besides."""

    concurrency: int = Field(4, ge=1, le=100, description="Messages worked on at a time")
    visibility_seconds: float = Field(
        120, gt=1, description="How long SQS hides a message; extended while work goes on"
    )
    lease_seconds: float = Field(
        120, gt=1, description="How long a claim on a job holds; extended while work goes on"
    )
    drain_seconds: float = Field(
        20, ge=0, description="How long work in hand may go on after SIGTERM"
    )

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)
