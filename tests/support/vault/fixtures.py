"""The ports on AWS with a Glacier vault as the archive, for the contract suite."""

from collections.abc import AsyncIterator

import aioboto3
import pytest

from gas.adapters.aws import AwsPorts, aws_ports
from gas.runtime.settings import CommonSettings
from tests.support.stack import Stack
from tests.support.vault.server import VAULT, strict_vault
from tests.support.vault.strict import StrictVault


@pytest.fixture(scope="session")
async def glacier(infrastructure: Stack) -> AsyncIterator[StrictVault]:
    """A strict vault that tells the topics of the infrastructure; the SDK finds it."""
    async with aioboto3.Session().client("sns") as sns:

        async def publish(topic_arn: str, message: str) -> None:
            await sns.publish(TopicArn=topic_arn, Message=message)

        async with strict_vault(publish) as (vault, url):
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("AWS_ENDPOINT_URL_GLACIER", url)
                yield vault


@pytest.fixture(scope="session")
async def on_vault(infrastructure: Stack, glacier: StrictVault) -> AsyncIterator[AwsPorts]:
    settings = CommonSettings(
        inputs_bucket=infrastructure.inputs_bucket,
        results_bucket=infrastructure.results_bucket,
        archive="vault",
        vault=VAULT,
    )
    async with aws_ports(settings, pool_size=10) as ports:
        yield ports
