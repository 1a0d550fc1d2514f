"""The environment of the services on this machine."""

import os
from collections.abc import Mapping

from gas.annotation import bundle_names
from gas.annotation.reference.places import reference_directory
from gas.embedded.options import StackOptions
from gas.embedded.ports import HOST, Ports
from gas.embedded.state import StateDirectory
from gas.runtime import topology

PREFIX = "gas"
ACCOUNT_ID = "000000000000"
"""The account of every emulator."""

MAIL_FROM = "gas@example.org"

_DEFAULT_GENOME = "rCRS"
"""The one that comes with GAS."""


def public_url(ports: Ports) -> str:
    """By name, not by number: a browser treats localhost as a secure origin."""
    return f"http://localhost:{ports.api}"


def issuer_url(ports: Ports) -> str:
    return f"http://localhost:{ports.issuer}"


def stack_environment(
    options: StackOptions,
    ports: Ports,
    state: StateDirectory,
    database_url: str,
    aws: Mapping[str, str],
) -> dict[str, str]:
    """What all services and any client of the stack need to know."""
    return {
        **aws,
        "GAS_PREFIX": PREFIX,
        "GAS_INPUTS_BUCKET": topology.inputs_bucket_name(PREFIX, ACCOUNT_ID),
        "GAS_RESULTS_BUCKET": topology.results_bucket_name(PREFIX, ACCOUNT_ID),
        "GAS_S3_PUBLIC_ENDPOINT": aws["AWS_ENDPOINT_URL"],
        "GAS_DATABASE_URL": database_url,
        "GAS_PUBLIC_URL": public_url(ports),
        "GAS_HOST": HOST,
        "GAS_PORT": str(ports.api),
        "GAS_OIDC_ISSUER": issuer_url(ports),
        "GAS_OIDC_CLIENT_ID": "gas",
        "GAS_OIDC_CLIENT_SECRET": state.secrets.oidc_client,
        "GAS_SESSION_SECRET": state.secrets.session,
        "GAS_MAIL_FROM": MAIL_FROM,
        "GAS_GENOMES": ",".join([_DEFAULT_GENOME, *_installed_genomes()]),
        "GAS_REFERENCE_DIRECTORY": str(reference_directory()),
        "GAS_LOG_FORMAT": "console",
        "GAS_FREE_RETENTION_SECONDS": f"{options.free_retention.total_seconds():g}",
        # What a minute or two mean on AWS may take seconds here, where somebody looks on.
        "GAS_RECONCILE_INTERVAL_SECONDS": "10",
        "GAS_VISIBILITY_SECONDS": "30",
        "GAS_LEASE_SECONDS": "30",
        **options.environment,
    }


def _installed_genomes() -> list[str]:
    return [name for name in bundle_names() if name != _DEFAULT_GENOME]


def service_environment(
    name: str, stack: Mapping[str, str], state: StateDirectory
) -> dict[str, str]:
    """The stack's environment, on top of ours without what could lead to a real AWS account."""
    inherited = {
        key: value
        for key, value in os.environ.items()
        if not key.upper().startswith(("AWS_", "BOTO", "GAS_")) and not _is_proxy(key)
    }
    return {
        **inherited,
        "PYTHONUNBUFFERED": "1",
        **stack,
        "GAS_HEALTH_FILE": str(state.health(name)),
        "GAS_SCRATCH_DIR": str(state.scratch(name)),
    }


def _is_proxy(key: str) -> bool:
    """Everything is on this machine; a proxy could not reach it."""
    return key.lower().endswith("_proxy")
