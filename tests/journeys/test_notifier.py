"""The notifier: whoever owns a job hears by mail how it goes, once."""

from gas.domain.mail_kinds import MailKind
from gas.domain.plan import Plan
from gas.domain.states import AVAILABLE, CANCELLED
from gas.domain.wording import moment
from gas.messages import JobCompleted, serialise
from gas.runtime.topology import Queue
from tests.support.inputs import malformed_vcf
from tests.support.journey import ARCHIVE_SOON, Journey
from tests.support.patience import until
from tests.support.users import Archived, User


async def test_owner_hears_of_every_step(journey: Journey, archived: Archived) -> None:
    user, job = archived.user, archived.job
    await user.client.change_plan(Plan.PREMIUM)
    await user.until(job.id, AVAILABLE)
    await journey.until_mailed(job.id, "Your result is back")
    assert await journey.news(job.id) == [
        "Your annotated VCF is ready: sample.vcf",
        "Your result was archived: sample.vcf",
        "Your result is back: sample.vcf",
    ]
    mails = await journey.mails(job.id)
    assert {mail.to for mail in mails} == {user.email}
    link = f"{journey.stack.api_url}/jobs/{job.id}"
    assert all(link in form for mail in mails for form in (mail.text, mail.html))


async def test_owner_hears_before_a_result_is_archived(journey: Journey, user: User) -> None:
    job = await user.completed()
    record = await journey.record(user, job.id)
    assert record is not None
    assert record.archive_due_at is not None
    mail = await journey.until_mailed(job.id, f"{ARCHIVE_SOON}: sample.vcf")
    assert moment(record.archive_due_at) in " ".join(mail.text.split())
    await journey.until_mailed(job.id, "Your result was archived")
    assert [mail.subject for mail in await journey.mails(job.id)] == [
        "Your annotated VCF is ready: sample.vcf",
        "Will be archived soon: sample.vcf",
        "Your result was archived: sample.vcf",
    ]


async def test_owner_hears_why_there_is_no_result(journey: Journey, user: User) -> None:
    job = await user.submit(malformed_vcf(), "broken.vcf")
    mail = await journey.until_mailed(job.id, "GAS could not annotate broken.vcf")
    assert "(malformed_vcf)" in mail.text
    assert "What to do:" in mail.text


async def test_what_the_owner_does_not_want_is_not_sent(journey: Journey, user: User) -> None:
    """As told to the api, which has it projected to where the notifier looks."""
    await user.ask("PATCH", "/account", json={"muted_mails": [MailKind.COMPLETED]})
    await until(
        lambda: journey.ports.accounts.get(user.user_id),
        lambda account: account is not None and MailKind.COMPLETED in account.muted_mails,
        what="the wish projected",
    )
    job = await user.completed()
    await journey.until_mailed(job.id, "Your result was archived")
    assert await journey.news(job.id) == ["Your result was archived: sample.vcf"]


async def test_event_told_twice_is_mailed_once(journey: Journey, premium: User) -> None:
    job = await premium.completed()
    await journey.until_mailed(job.id, "Your annotated VCF is ready")
    event = JobCompleted(user_id=premium.user_id, job_id=job.id, correlation_id=job.id)
    for _ in range(3):
        await journey.ports.queue(Queue.NOTIFY).send(serialise(event))
        await journey.until_idle(Queue.NOTIFY)
    assert len(await journey.mails(job.id)) == 2  # the job's own event, and ours


async def test_cancelled_job_is_no_news(journey: Journey, user: User) -> None:
    async with journey.stack.frozen("annotator"):
        job = await user.submit()
        await user.client.cancel(job.id)
    await user.until(job.id, CANCELLED)
    await journey.until_idle(Queue.ANNOTATE)
    await journey.until_idle(Queue.NOTIFY)
    assert await journey.mails(job.id) == []
