"""The life of a result whose archive is a Glacier vault, with all services as they run.

The emulators have no vault: whatever the stack, it is on the machine of the tests.
"""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aioboto3
import pytest

from gas.domain.plan import Plan
from gas.domain.states import ARCHIVED, AVAILABLE
from gas.ports import RetrievalTier
from tests.support.journey import ENVIRONMENT, Journey, journey_on
from tests.support.live_embedded import live_embedded
from tests.support.patience import until
from tests.support.users import User, archived_files
from tests.support.vault.server import VAULT, strict_vault
from tests.support.vault.strict import StrictVault

SETTINGS = {
    **ENVIRONMENT,
    "GAS_ARCHIVE": "vault",
    "GAS_VAULT": VAULT,
    # Nobody looks for himself, or reminds others: what happens, happens by Glacier's word.
    "GAS_RETRIEVAL_POLL_SECONDS": "900",
    "GAS_UNHEARD_SECONDS": "900",
}


@pytest.fixture
async def glacier_and_address() -> AsyncIterator[tuple[StrictVault, str]]:
    """The vault comes before the stack, whose topics it tells."""
    sns = aioboto3.Session()

    async def publish(topic_arn: str, message: str) -> None:
        async with sns.client("sns") as client:
            await client.publish(TopicArn=topic_arn, Message=message)

    async with strict_vault(publish) as vault_and_address:
        yield vault_and_address


@pytest.fixture
def glacier(glacier_and_address: tuple[StrictVault, str]) -> StrictVault:
    return glacier_and_address[0]


@pytest.fixture
async def vault_journey(
    glacier_and_address: tuple[StrictVault, str], tmp_path: Path
) -> AsyncIterator[Journey]:
    _, address = glacier_and_address
    settings = {**SETTINGS, "AWS_ENDPOINT_URL_GLACIER": address}
    async with live_embedded(tmp_path, timedelta(seconds=1), settings) as stack:
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in stack.environment().items():
                patch.setenv(variable, value)
            async with journey_on(stack) as journey:
                yield journey


async def test_result_goes_into_the_vault_and_comes_back(
    vault_journey: Journey, glacier: StrictVault, tmp_path: Path
) -> None:
    user = await vault_journey.user()
    job = await user.completed()
    made = {file.name: file.sha256 for file in job.files}
    job = await user.until(job.id, ARCHIVED)
    away = {file.name: file.sha256 for file in archived_files(job)}
    assert away
    await only_the_small_files_are_in_s3(vault_journey, user, job.id, set(away))
    assert len(glacier.archives) == len(away)

    glacier.has_expedited_capacity = False
    await user.client.change_plan(Plan.PREMIUM)
    job = await user.until(job.id, AVAILABLE)
    record = await vault_journey.record(user, job.id)
    assert record is not None
    assert record.retrieval_tier == RetrievalTier.STANDARD
    back = await user.download(job, tmp_path / "back")
    assert {name: sha256(path) for name, path in back.items()} == made
    await until(
        glacier.moto.archives,
        lambda number: number == 0,
        what="the archives deleted",
    )
    assert glacier.archives == {}
    asked = {request for request in glacier.requests if request.startswith("initiate_job ")}
    assert asked == {"initiate_job Expedited", "initiate_job Standard"}


async def only_the_small_files_are_in_s3(
    journey: Journey, user: User, job_id: str, away: set[str]
) -> None:
    """No version of an archived file is left, nor the markers that told where it went."""
    await until(
        lambda: journey.results(user, job_id),
        lambda stored: bool(stored) and not away & {Path(one.key).name for one in stored},
        what=f"nothing of {sorted(away)} in S3",
        told=lambda stored: str([one.key for one in stored]),
    )


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
