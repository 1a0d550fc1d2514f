"""The variables of a Compose stack: those of docker-compose.yml, and those of its clients."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

from gas.runtime import topology

_PREFIX = "gas"
_ACCOUNT_ID = "000000000000"
"""The account of every emulator."""

_MAIL_FROM = "gas@example.org"
_LOAD_BALANCER = 250
"""Its place in the subnet: the engine hands out the others from below."""

_FOREIGN = ("AWS_", "BOTO", "COMPOSE_", "GAS_")
"""What whoever starts us has set for a stack of their own, or for a real account."""


@dataclass(frozen=True)
class Ports:
    """What the stack publishes on the loopback interface."""

    https: int
    http: int
    s3: int
    issuer: int
    localstack: int


def compose_environment(
    ports: Ports, subnet: IPv4Network, settings: Mapping[str, str]
) -> dict[str, str]:
    """What docker and docker-compose.yml see."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.upper().startswith(_FOREIGN)
    }
    return {
        **inherited,
        "GAS_HTTPS_PORT": str(ports.https),
        "GAS_HTTP_PORT": str(ports.http),
        "GAS_S3_PORT": str(ports.s3),
        "GAS_ISSUER_PORT": str(ports.issuer),
        "GAS_LOCALSTACK_PORT": str(ports.localstack),
        "GAS_FRONT_SUBNET": str(subnet),
        "GAS_LOAD_BALANCER_ADDRESS": str(subnet[_LOAD_BALANCER]),
        "GAS_MAIL_FROM": _MAIL_FROM,
        **settings,
    }


def client_environment(
    aws_endpoint: str, ports: Ports, settings: Mapping[str, str]
) -> dict[str, str]:
    """What whoever looks behind the stack from this machine needs."""
    return {
        "AWS_ENDPOINT_URL": aws_endpoint,
        "AWS_ACCESS_KEY_ID": "test",  # LocalStack's account 000000000000
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "GAS_PREFIX": _PREFIX,
        "GAS_INPUTS_BUCKET": topology.inputs_bucket_name(_PREFIX, _ACCOUNT_ID),
        "GAS_RESULTS_BUCKET": topology.results_bucket_name(_PREFIX, _ACCOUNT_ID),
        "GAS_MAIL_FROM": _MAIL_FROM,
        "GAS_S3_PUBLIC_ENDPOINT": f"https://localhost:{ports.s3}",
        **settings,
    }
