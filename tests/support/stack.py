"""The infrastructure that adapters are tried on: an emulator with our resources deployed."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from gas.embedded.options import StackOptions
from gas.embedded.stack import EmbeddedStack
from gas.runtime.topology import inputs_bucket_name, results_bucket_name

_PREFIX = "gas"
_EMULATORS_ACCOUNT = "000000000000"


@dataclass(frozen=True)
class Stack:
    """Where the infrastructure is. AWS itself is found by the SDK's environment variables."""

    endpoint: str
    inputs_bucket: str
    results_bucket: str


@pytest.fixture(scope="session")
async def infrastructure(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """The embedded stack without services, or, where AWS_ENDPOINT_URL is set, what is there.

    What is there must hold gas-resources.yaml, deployed with ArchiveDelaySeconds=0, and no
    services that would receive the messages of the tests.
    """
    buckets = {
        "inputs_bucket": os.environ.get("GAS_INPUTS_BUCKET")
        or inputs_bucket_name(_PREFIX, _EMULATORS_ACCOUNT),
        "results_bucket": os.environ.get("GAS_RESULTS_BUCKET")
        or results_bucket_name(_PREFIX, _EMULATORS_ACCOUNT),
    }
    if endpoint := os.environ.get("AWS_ENDPOINT_URL"):
        yield Stack(endpoint, **buckets)
        return
    options = StackOptions(
        ports_from=0,
        state=tmp_path_factory.mktemp("stack"),
        free_retention=timedelta(0),
        services=(),
    )
    async with EmbeddedStack(options) as stack:
        sdk = {k: v for k, v in stack.environment().items() if k.startswith("AWS_")}
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in sdk.items():
                patch.setenv(variable, value)
            yield Stack(stack.aws_endpoint, **buckets)
