"""The notifier: whoever owns a job hears by mail how it goes, once."""

from gas.domain.plan import Plan
from gas.domain.states import AVAILABLE, CANCELLED
from gas.messages import JobCompleted, serialise
from gas.runtime.topology import Queue
from tests.support.inputs import malformed_vcf
from tests.support.journey import Journey
from tests.support.users import Archived, User


async def test_owner_hears_of_every_step(journey: Journey, archived: Archived) -> None:
    user, job = archived.user, archived.job
    await user.client.change_plan(Plan.PREMIUM)
    await user.until(job.id, AVAILABLE)
    await journey.until_mailed(job.id, "Your result is back")
    mails = await journey.mails(job.id)
    assert [mail.subject for mail in mails] == [
        "Your annotated VCF is ready: sample.vcf",
        "Your result was archived: sample.vcf",
        "Your result is back: sample.vcf",
    ]
    assert {mail.to for mail in mails} == {user.email}
    link = f"{journey.stack.api_url}/?job={job.id}"
    assert all(link in mail.text for mail in mails)


async def test_owner_hears_why_there_is_no_result(journey: Journey, user: User) -> None:
    job = await user.submit(malformed_vcf(), "broken.vcf")
    mail = await journey.until_mailed(job.id, "GAS could not annotate broken.vcf")
    assert "(malformed_vcf)" in mail.text


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
