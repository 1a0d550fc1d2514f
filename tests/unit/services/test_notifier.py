"""Mails: who gets one, how often, and what it says."""

from datetime import timedelta

import pytest

from gas.domain import transitions
from gas.domain.errors import ErrorCode, NotYetError
from gas.domain.job import Failure, InputFile, Job, ResultFile, input_key
from gas.domain.plan import Plan
from gas.messages import (
    AnyMessage,
    ArchiveRequested,
    JobCompleted,
    JobFailed,
    ResultArchived,
    ResultRestored,
    new_id,
)
from gas.ports import Mail
from services.notifier.handlers import Notifier
from services.notifier.mails import Mails
from tests.support.world import World

MAILS = Mails("https://gas.example.org/", timedelta(minutes=5))


def notifier(world: World) -> Notifier:
    return Notifier(
        jobs=world.ports.jobs,
        accounts=world.ports.accounts,
        mailer=world.ports.post_office,
        sent=world.ports.sent_mails,
        mails=MAILS,
    )


async def a_job(world: World, file_name: str = "a.vcf") -> Job:
    job_id = new_id()
    upload = InputFile(key=input_key(world.user_id, job_id), file_name=file_name)
    change = transitions.create(world.user_id, job_id, "rCRS", upload, "c", world.now)
    return await world.records.commit(change)


async def mailed(world: World, message: AnyMessage) -> Mail:
    await notifier(world).handle(message)
    [mail] = world.ports.post_office.sent
    return mail


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (JobCompleted, "Your annotated VCF is ready: a.vcf"),
        (JobFailed, "GAS could not annotate a.vcf"),
        (ResultArchived, "Your result was archived: a.vcf"),
        (ResultRestored, "Your result is back: a.vcf"),
    ],
)
async def test_each_event_has_its_mail_in_both_forms(
    kind: type[JobCompleted | JobFailed | ResultArchived | ResultRestored], subject: str
) -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    job = await a_job(world)
    mail = await mailed(world, kind(user_id=job.user_id, job_id=job.job_id, correlation_id="c"))
    assert mail.to == "ada@example.org"
    assert mail.subject == subject
    for form in (mail.text, mail.html):
        assert f"https://gas.example.org/?job={job.job_id}" in form
        assert "Ada" in form


async def test_a_duplicate_is_one_mail() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    job = await a_job(world)
    message = JobCompleted(user_id=job.user_id, job_id=job.job_id, correlation_id="c")
    await notifier(world).handle(message)
    await notifier(world).handle(message)
    assert len(world.ports.post_office.sent) == 1


async def test_a_failure_says_why() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    submitted = await world.submit()
    why = Failure(code=ErrorCode.MALFORMED_VCF, message="Line 3 has 2 columns.")
    job = await world.records.commit(transitions.fail(submitted, why, world.now))
    mail = await mailed(
        world, JobFailed(user_id=job.user_id, job_id=job.job_id, correlation_id="c")
    )
    assert "Line 3 has 2 columns. (malformed_vcf)" in mail.text


@pytest.mark.parametrize("kind", [ResultArchived, ResultRestored])
async def test_a_mail_about_a_move_names_what_was_lost_and_only_then(
    kind: type[ResultArchived | ResultRestored],
) -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    job = await a_job(world)
    account = await world.ports.accounts.get(job.user_id)
    assert account is not None
    message = kind(user_id=job.user_id, job_id=job.job_id, correlation_id="c")
    file = ResultFile(name="a.gz", size=1, sha256="00", key="k")
    whole = MAILS.about(message, job.model_copy(update={"files": (file,)}), account)
    short = MAILS.about(
        message, job.model_copy(update={"files": (file,)}).with_lost(["a.gz"]), account
    )
    assert whole is not None
    assert short is not None
    for form in (short.text, short.html):
        assert "lost: a.gz." in form
        assert "Nothing is lost" not in form
    assert "a.gz" not in whole.text + whole.html


async def test_a_file_name_cannot_write_headers_or_markup() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    job = await a_job(world, "a\r\nBcc: eve@example.org\r\n<script>.vcf")
    mail = await mailed(
        world, JobCompleted(user_id=job.user_id, job_id=job.job_id, correlation_id="c")
    )
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    assert "<script>" not in mail.html


async def test_a_deleted_job_is_not_written_about() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    job = await a_job(world)
    await world.records.commit(transitions.delete(job))
    message = JobCompleted(user_id=job.user_id, job_id=job.job_id, correlation_id="c")
    await notifier(world).handle(message)
    assert world.ports.post_office.sent == []


async def test_events_that_are_nobodys_news_are_dropped() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    job = await a_job(world)
    message = ArchiveRequested(user_id=job.user_id, job_id=job.job_id, correlation_id="c")
    await notifier(world).handle(message)
    assert world.ports.post_office.sent == []


async def test_an_unknown_owner_is_waited_for() -> None:
    world = World()
    job = await a_job(world)
    message = JobCompleted(user_id=job.user_id, job_id=job.job_id, correlation_id="c")
    with pytest.raises(NotYetError):
        await notifier(world).handle(message)


async def test_an_address_that_is_refused_for_good_is_not_tried_for_ever() -> None:
    world = World()
    await world.set_plan(Plan.FREE)
    world.ports.post_office.refused.add("ada@example.org")
    job = await a_job(world)
    message = JobCompleted(user_id=job.user_id, job_id=job.job_id, correlation_id="c")
    await notifier(world).handle(message)
    assert world.ports.post_office.sent == []
