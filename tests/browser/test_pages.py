"""Every page in every state: readable in light, dark and narrow, and by WCAG 2.2 AA."""

import pytest

from gas.annotation import demo_vcf
from gas.domain.plan import Plan
from gas.domain.states import FAILED, RUNNING
from tests.browser.conftest import Seated
from tests.support.inputs import large_vcf, malformed_vcf
from tests.support.journey import Journey


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("jobs-none", "/jobs"),
        ("submit", "/jobs/new"),
        ("submit-example", "/jobs/new?example=1"),
        ("account", "/account"),
        ("plan", "/account/plan"),
        ("tokens", "/tokens"),
        ("mails", "/development/mails"),
        ("api", "/api/docs"),
    ],
)
async def test_pages_without_a_job(free: Seated, name: str, path: str) -> None:
    await free.open(path)
    await free.page.wait_for_load_state("networkidle")

    assert await free.inspect(name) == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("job", ""),
        ("explorer", "/variants"),
        ("explorer-filtered", "/variants?impact=HIGH&impact=MODERATE&gene=MT-ND1&sort=-position"),
        ("explorer-nothing", "/variants?gene=NOSUCH"),
        ("explorer-refused", "/variants?region=MT:200-100&sort=nosuch"),
        ("variant", "/variants/100"),
        ("genome", "/genome?locus=MT:3700-3760"),
    ],
)
async def test_pages_of_a_result(paying: Seated, name: str, path: str) -> None:
    job = await paying.user.completed(demo_vcf().read_bytes())
    await paying.open(f"/jobs/{job.id}{path}")
    await paying.page.wait_for_load_state("networkidle")

    assert await paying.inspect(name) == []


async def test_a_job_that_failed(paying: Seated) -> None:
    job = await paying.user.submit(malformed_vcf())
    await paying.user.until(job.id, FAILED)
    await paying.open(f"/jobs/{job.id}")
    await paying.page.get_by_role("button", name="Check the file line by line").click()
    await paying.page.get_by_text("somewhere").first.wait_for()

    assert await paying.inspect("job-failed") == []


async def test_jobs_that_wait_and_one_that_runs(paying: Seated, journey: Journey) -> None:
    """The annotator is stopped for the waiting; for the running it gets a file of many records."""
    async with journey.stack.stopped("annotator"):
        first = await paying.user.submit()
        second = await paying.user.submit()
        await paying.open(f"/jobs/{second.id}")
        assert await paying.inspect("job-waiting") == []
        waiting = await paying.page.locator("main").inner_text()
        await paying.open("/jobs")
        assert await paying.inspect("jobs-waiting") == []
        await paying.user.client.cancel(first.id)
        await paying.user.client.cancel(second.id)
    assert "2nd in line" in waiting or "1 before" in waiting

    long = await paying.user.submit(large_vcf(copies=30))
    await paying.user.until(long.id, RUNNING)
    await paying.open(f"/jobs/{long.id}")
    await paying.page.locator("#log").wait_for()
    assert await paying.inspect("job-running") == []
    await paying.user.client.cancel(long.id)


async def test_a_list_of_many_kinds_of_jobs(paying: Seated) -> None:
    done = await paying.user.completed()
    failed = await paying.user.submit(malformed_vcf(), "malformed.vcf")
    await paying.user.until(failed.id, FAILED)
    await paying.user.draft(file_name="a-draft-with-a-very-long-name-" + "x" * 90 + ".vcf.gz")
    cancelled = await paying.user.submit(large_vcf(), "cancelled.vcf")
    await paying.user.client.cancel(cancelled.id)
    await paying.user.ask("PATCH", f"/jobs/{done.id}", json={"name": "The father's exome"})
    await paying.open("/jobs")

    assert await paying.inspect("jobs") == []


async def test_a_shared_result(paying: Seated) -> None:
    job = await paying.user.completed(demo_vcf().read_bytes())
    await paying.open(f"/jobs/{job.id}")
    await paying.page.get_by_label("For whom or what").fill("My tutor")
    await paying.page.get_by_role("button", name="Make a link").click()
    link = await paying.page.get_by_label("The link").input_value()
    assert await paying.inspect("job-shared") == []

    await paying.page.goto(link)
    assert await paying.inspect("shared") == []


async def test_after_an_upgrade(free: Seated) -> None:
    await free.user.client.change_plan(Plan.PREMIUM)
    await free.open("/account/plan")

    assert await free.inspect("plan-premium") == []
