"""The infrastructure that adapters are tried on: an emulator with our resources deployed."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from gas.compose import ComposeOptions, ComposeStack
from gas.embedded.options import StackOptions
from gas.embedded.stack import EmbeddedStack
from tests.support.live import is_compose


@dataclass(frozen=True)
class Stack:
    """Where the infrastructure is. AWS itself is found by the SDK's environment variables.

    ``restores_at_once`` where a retrieval from S3's Glacier class is over as soon as it begins.
    """

    endpoint: str
    inputs_bucket: str
    results_bucket: str
    restores_at_once: bool


@pytest.fixture(scope="session")
async def infrastructure(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """The stack that GAS_TEST_STACK chooses, without services to receive the tests' messages."""
    running = _on_localstack() if is_compose() else _on_ministack(tmp_path_factory.mktemp("stack"))
    async with running as environment:
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in environment.items():
                if variable.startswith("AWS_"):
                    patch.setenv(variable, value)
            yield Stack(
                environment["AWS_ENDPOINT_URL"],
                environment["GAS_INPUTS_BUCKET"],
                environment["GAS_RESULTS_BUCKET"],
                restores_at_once=is_compose(),
            )


@asynccontextmanager
async def _on_ministack(state: Path) -> AsyncIterator[Mapping[str, str]]:
    options = StackOptions(ports_from=0, state=state, free_retention=timedelta(0), services=())
    async with EmbeddedStack(options) as stack:
        yield stack.environment()


@asynccontextmanager
async def _on_localstack() -> AsyncIterator[Mapping[str, str]]:
    retention = {"GAS_FREE_RETENTION_SECONDS": "0"}
    options = ComposeOptions("gas-contract", retention, services=["localstack"])
    async with ComposeStack(options) as stack:
        yield stack.environment()
