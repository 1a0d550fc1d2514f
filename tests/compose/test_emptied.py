"""LocalStack's free edition keeps nothing: what happens when it comes up empty, and what stays."""

import pytest

from gas.cli.errors import RefusedError
from gas.compose import ComposeProject
from gas.compose.docker import docker
from gas.compose.environment import Ports, compose_environment
from gas.compose.networks import free_ports, free_subnet
from gas.domain.errors import ErrorCode
from gas.domain.plan import Plan
from gas.domain.states import ARCHIVED, AVAILABLE
from tests.support.containers import ids, restarts, until_well
from tests.support.journey import Journey
from tests.support.patience import until
from tests.support.results import until_one_result
from tests.support.users import User


async def test_object_that_was_deleted_behind_our_back_is_lost_and_no_other(
    journey: Journey, premium: User
) -> None:
    job = await premium.completed()
    record = await journey.record(premium, job.id)
    assert record is not None
    first, *others = record.files
    bucket = journey.settings.results_bucket
    await journey.s3.delete_object(Bucket=bucket, Key=first.key)
    gone = await premium.ask("GET", f"/jobs/{job.id}/files/{first.name}")
    assert (gone.status_code, gone.json()["code"]) == (410, ErrorCode.FILE_LOST)
    for file in others:
        assert (await premium.ask("GET", f"/jobs/{job.id}/files/{file.name}")).status_code == 307


async def test_emulator_that_restarts_is_deployed_to_again(
    project: ComposeProject, journey: Journey, user: User
) -> None:
    before = await restarts(project)
    job = await user.completed()
    await docker("restart", *await ids(project, "localstack"))
    await until_well(project)
    await require_lost(user, job.id)
    await require_like_new(journey, user, Plan.FREE)
    assert await restarts(project) == before, "nobody ended because of that"


async def test_accounts_outlive_containers(
    project: ComposeProject, journey: Journey, user: User, premium: User
) -> None:
    """And so does the load balancer's authority: clients would not trust another."""
    job = await premium.completed()
    await project.down()
    assert await project.containers() == []
    await project.up()
    for who in (user, premium):
        account = await who.client.account()
        assert (account.user_id, account.email) == (who.user_id, who.email)
    await require_lost(premium, job.id)
    await require_like_new(journey, user, Plan.FREE)
    await require_like_new(journey, premium, Plan.PREMIUM)
    assert set((await restarts(project)).values()) == {0}


async def test_down_with_volumes_leaves_nothing(project: ComposeProject) -> None:
    """Of a project with everything in it, of which the database has run."""
    other = ComposeProject(
        name=f"{project.name}-leftovers",
        files=project.files,
        environment=compose_environment(Ports(*free_ports(5)), await free_subnet(), {}),
        directory=project.directory,
    )
    try:
        await other.compose("create", "--no-build")
        await other.up("postgres")
        assert all((await left_of(other)).values())
    finally:
        await other.down(volumes=True)
    assert not any((await left_of(other)).values())


async def require_lost(user: User, job_id: str) -> None:
    """The honest sentence, as soon as a replica has seen that the store is another."""

    async def ask() -> str:
        answer = await user.ask("GET", f"/jobs/{job_id}")
        body = answer.json()
        return f"{answer.status_code} {body.get('code')} {body.get('detail')}"

    told = await until(
        ask, lambda told: "were lost when the job store was replaced" in told, what="told of it"
    )
    assert told.startswith(f"404 {ErrorCode.JOB_NOT_FOUND} ")
    with pytest.raises(RefusedError, match="were lost"):
        await user.client.show(job_id)
    assert (await user.ask("GET", "/jobs")).json()["jobs_lost_before"]


async def require_like_new(journey: Journey, user: User, plan: Plan) -> None:
    """New jobs go all the way: workers know the plan, without which none would ever be archived."""
    await until(
        lambda: journey.ports.accounts.get(user.user_id),
        lambda account: account is not None and account.plan is plan,
        what="the account projected anew",
    )
    job = await user.submit()
    await user.until(job.id, ARCHIVED if plan is Plan.FREE else AVAILABLE)
    await until_one_result(journey, user, job.id)
    await journey.until_mailed(job.id, "Your annotated VCF is ready")


async def left_of(project: ComposeProject) -> dict[str, list[str]]:
    mine = ("--quiet", "--filter", f"label=com.docker.compose.project={project.name}")
    return {
        "containers": (await docker("ps", "--all", *mine)).split(),
        "networks": (await docker("network", "ls", *mine)).split(),
        "volumes": (await docker("volume", "ls", *mine)).split(),
    }
