"""Who gets a mail, how often, and who does not. What it says is in ``test_mails``."""

from datetime import timedelta

import pytest

from gas.domain import owner_steps, transitions
from gas.domain.announcing import archive_notice
from gas.domain.errors import ErrorCode, NotYetError
from gas.domain.job import Failure, InputFile, Job, input_key
from gas.domain.mail_kinds import MailKind
from gas.domain.plan import Account, Plan
from gas.mails import Mails
from gas.messages import (
    ArchiveRequested,
    JobCompleted,
    JobFailed,
    ResultArchived,
    ResultArchiveSoon,
    ResultRestored,
    new_id,
)
from gas.ports import Mail
from services.notifier.handlers import Notifier
from tests.support.world import RETENTION, Stage, World

News = (
    JobCompleted
    | JobFailed
    | ArchiveRequested
    | ResultArchiveSoon
    | ResultArchived
    | ResultRestored
)
NEWS: dict[type[News], tuple[str, MailKind]] = {
    JobCompleted: ("Your annotated VCF is ready: a.vcf", MailKind.COMPLETED),
    JobFailed: ("GAS could not annotate a.vcf", MailKind.FAILED),
    ResultArchived: ("Your result was archived: a.vcf", MailKind.ARCHIVED),
    ResultRestored: ("Your result is back: a.vcf", MailKind.RESTORED),
}


def notifier(world: World) -> Notifier:
    return Notifier(
        jobs=world.ports.jobs,
        accounts=world.ports.accounts,
        mailer=world.ports.post_office,
        sent=world.ports.sent_mails,
        mails=Mails("https://gas.example.org", RETENTION),
        clock=world.clock,
    )


async def a_job(world: World) -> Job:
    job_id = new_id()
    upload = InputFile(key=input_key(world.user_id, job_id), file_name="a.vcf")
    change = transitions.create(world.user_id, job_id, "rCRS", upload, "c", world.now)
    return await world.records.commit(change)


async def a_result(world: World) -> Job:
    """One that is at hand, and due for the archive after the retention."""
    await world.reach(Stage.COMPLETED)
    [job] = await world.jobs()
    world.ports.post_office.sent.clear()
    return job


async def hear(world: World, job: Job, kind: type[News]) -> list[Mail]:
    """Have the notifier hear such an event about a job, and give all mails there are."""
    message = kind(user_id=job.user_id, job_id=job.job_id, correlation_id="c")
    await notifier(world).handle(message)
    return world.ports.post_office.sent


async def mute(world: World, *kinds: str) -> None:
    account = await world.ports.accounts.get(world.user_id)
    assert account is not None
    muted = account.model_copy(update={"muted_mails": frozenset(kinds)})
    await world.ports.accounts.project(Account.model_validate(muted.model_dump()), None)


@pytest.mark.parametrize("kind", NEWS)
async def test_each_event_has_its_mail(kind: type[News]) -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    job = await a_job(world)
    [mail] = await hear(world, job, kind)
    subject, mail_kind = NEWS[kind]
    assert (mail.to, mail.subject) == ("ada@example.org", subject)
    [sent] = await world.ports.sent_mails.of_job(job.user_id, job.job_id)
    assert (sent.kind, sent.at) == (mail_kind, world.now)


async def test_a_duplicate_is_one_mail() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    job = await a_job(world)
    message = JobCompleted(user_id=job.user_id, job_id=job.job_id, correlation_id="c")
    await notifier(world).handle(message)
    await notifier(world).handle(message)
    assert len(world.ports.post_office.sent) == 1


async def test_a_failure_says_why_and_what_to_do() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    submitted = await world.submit()
    why = Failure(code=ErrorCode.MALFORMED_VCF, message="Line 3 has 2 columns.")
    job = await world.records.commit(transitions.fail(submitted, why, world.now))
    [mail] = await hear(world, job, JobFailed)
    assert "Line 3 has 2 columns. (malformed_vcf)" in mail.text
    assert "Correct the line that is named" in mail.text


@pytest.mark.parametrize("kind", NEWS)
async def test_what_the_owner_does_not_want_is_not_sent(kind: type[News]) -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    job = await a_job(world)
    mail_kind = NEWS[kind][1]
    await mute(world, mail_kind)
    assert await hear(world, job, kind) == []
    assert await world.ports.sent_mails.of_job(job.user_id, job.job_id) == []

    await mute(world, *set(MailKind) - {mail_kind})
    assert len(await hear(world, job, kind)) == 1


async def test_a_deleted_job_is_not_written_about() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    job = await a_job(world)
    await world.records.commit(transitions.delete(job))
    assert await hear(world, job, JobCompleted) == []


async def test_a_discarded_job_is_not_written_about() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    job = await a_job(world)
    await world.records.commit(owner_steps.discard(job, timedelta(seconds=30), world.now))
    assert await hear(world, job, JobCompleted) == []


async def test_events_that_are_nobodys_news_are_dropped() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    assert await hear(world, await a_job(world), ArchiveRequested) == []


async def test_an_unknown_owner_is_waited_for() -> None:
    world = World()
    job = await a_job(world)
    with pytest.raises(NotYetError):
        await hear(world, job, JobCompleted)


async def test_an_address_that_is_refused_for_good_is_not_tried_for_ever() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    world.ports.post_office.refused.add("ada@example.org")
    job = await a_job(world)
    assert await hear(world, job, JobCompleted) == []
    assert await world.ports.sent_mails.of_job(job.user_id, job.job_id) == []


async def test_a_result_is_announced_before_it_is_archived_and_once() -> None:
    world = World()
    await a_result(world)
    world.now += RETENTION - archive_notice(RETENTION)
    for _ in range(3):
        await world.go_on(1)
    [mail] = world.ports.post_office.sent
    assert mail.subject == "Will be archived soon: a.vcf"

    await world.go_on(61)
    subjects = [mail.subject for mail in world.ports.post_office.sent]
    assert subjects == ["Will be archived soon: a.vcf", "Your result was archived: a.vcf"]


async def test_a_reconciler_that_comes_too_late_announces_nothing() -> None:
    world = World()
    await a_result(world)
    world.now += RETENTION
    await world.go_on(1)
    subjects = [mail.subject for mail in world.ports.post_office.sent]
    assert subjects == ["Your result was archived: a.vcf"]


async def test_nothing_is_announced_to_who_keeps_results() -> None:
    """The change of plan is not yet heard of, so that the record still has its due time."""
    world = World()
    await a_result(world)
    await world.set_plan(Plan.PREMIUM, said=False)
    world.now += RETENTION - archive_notice(RETENTION)
    await world.go_on(1)
    assert world.ports.post_office.sent == []
    [job] = await world.jobs()
    assert job.archive_announced_at is None
    assert job.due_at == job.archive_due_at, "the next look is at what is due then"


async def test_nothing_is_announced_where_the_plan_is_unknown() -> None:
    world = World()
    job = await a_result(world)
    del world.ports.accounts._table.accounts[world.user_id]
    world.now += RETENTION - archive_notice(RETENTION) + timedelta(seconds=1)
    await world.reconcile()
    [found] = await world.jobs()
    assert found.archive_announced_at is None
    assert found.due_at == job.archive_due_at


async def test_an_announcement_that_comes_late_is_not_made() -> None:
    world = World()
    job = await a_result(world)
    assert len(await hear(world, job, ResultArchiveSoon)) == 1
    world.now += RETENTION
    assert len(await hear(world, job, ResultArchiveSoon)) == 1, "it is due by now"
    await world.go_on(1)
    world.ports.post_office.sent.clear()
    assert await hear(world, job, ResultArchiveSoon) == [], "it is archived"


async def test_an_announcement_after_an_upgrade_is_not_made() -> None:
    world = World()
    job = await a_result(world)
    await world.set_plan(Plan.PREMIUM, said=False)
    assert await hear(world, job, ResultArchiveSoon) == []
