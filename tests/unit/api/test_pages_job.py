"""The page of a job: what it says in every state."""

import re
from datetime import timedelta

import pytest

from gas.domain import transitions
from gas.domain.errors import ErrorCode
from gas.domain.job import Failure, Progress
from tests.unit.api.job_pages import LEASE, XSS, page, poll_of, premium, running
from tests.unit.api.results import annotated, archive, retrieve
from tests.unit.api.world import User, World


async def test_a_draft_says_what_is_missing(ada: User) -> None:
    text = await page(ada, (await ada.draft())["job"]["id"])

    assert "Not submitted" in text
    assert "waits for its file" in text
    assert poll_of(text) is None


async def test_a_waiting_job_tells_its_place_and_can_be_cancelled(ada: User) -> None:
    job_id = await ada.submitted()
    text = await page(ada, job_id)

    assert "in line" in text
    assert f'action="/jobs/{job_id}/cancel"' in text
    assert f'action="/jobs/{job_id}/rerun"' not in text
    assert poll_of(text) == 2


async def test_a_running_job_shows_progress_and_its_log_as_it_grows(ada: User) -> None:
    job_id = await ada.submitted()
    job = await ada.change(job_id, running(ada))
    progress = Progress(stage="annotating", fraction=0.64, records=12_345, log=("16:20 a", XSS))
    await ada.world.ports.jobs.renew_lease(job, ada.now + LEASE, progress)

    text = await page(ada, job_id)

    assert "64 %" in text
    assert "12,345 records" in text
    assert 'value="0.64"' in text
    assert "16:20 a\n&lt;img" in text
    assert poll_of(text) == 2


async def test_a_failed_job_says_why_and_what_to_do(ada: User) -> None:
    job_id = await ada.submitted()
    await ada.change(job_id, running(ada))
    failure = Failure(code=ErrorCode.MALFORMED_VCF, message=f"Line 3: {XSS}")
    await ada.change(job_id, lambda j: transitions.fail(j, failure, ada.now))

    text = await page(ada, job_id)

    assert "Line 3: &lt;img" in text
    assert "<code>malformed_vcf</code>" in text
    assert "Correct the line that is named" in text
    assert f'action="/jobs/{job_id}/rerun"' in text
    assert f'hx-post="/jobs/{job_id}/check"' in text


async def test_a_cancelled_job_can_be_run_again_and_is_left_alone(ada: User, world: World) -> None:
    job_id = await ada.submitted()
    await ada.change(job_id, lambda j: transitions.cancel(j, ada.now))
    world.clock.advance(timedelta(minutes=3))

    text = await page(ada, job_id)

    assert "You cancelled this job" in text
    assert f'action="/jobs/{job_id}/rerun"' in text
    assert poll_of(text) is None


async def test_a_finished_job_shows_summary_files_and_how_it_was_made(ada: User) -> None:
    job_id = await annotated(ada)
    text = await page(ada, job_id)

    assert f'href="/jobs/{job_id}/variants"' in text
    assert f'href="/jobs/{job_id}/genome"' in text
    assert ">98 %</a>" in text
    assert f'href="/jobs/{job_id}/variants?consequence=missense_variant"' in text
    assert f'href="/jobs/{job_id}/files/annotated.vcf.gz"' in text
    assert f'href="/jobs/{job_id}/files/input"' in text
    assert "bcftools 1.24" in text
    assert "gas annotate ada.vcf -o ./ada.annotated.vcf.gz --genome rCRS --all-files" in text
    assert "the annotation.log" in text
    for file in (await ada.job(job_id)).files:
        assert f"{file.sha256}  ada.{file.name}\n" in text


async def test_the_free_plan_counts_down_to_the_archive_and_premium_does_not(ada: User) -> None:
    job_id = await annotated(ada)
    due = (await ada.job(job_id)).archive_due_at
    assert due
    free = await page(ada, job_id)
    await premium(ada)
    kept = await page(ada, job_id)

    assert f'<time datetime="{due.isoformat()}" data-relative>' in free
    assert "Next: archived" in free
    assert "Next: archived" not in kept
    assert "will be archived" not in kept


async def test_an_archived_job_says_what_is_left_and_what_an_upgrade_brings_back(
    ada: User,
) -> None:
    job_id = await annotated(ada)
    await archive(ada, job_id)

    text = await page(ada, job_id)

    assert "Still here:" in text
    assert "4 files, " in text
    assert 'href="/account/plan"' in text
    assert 'id="plot-consequences"' in text
    assert "bcftools 1.24" in text
    assert "the annotation.log" in text
    assert "/variants?" not in text
    assert f'href="/jobs/{job_id}/files/annotated.vcf.gz"' not in text
    assert f'href="/jobs/{job_id}/files/summary.json"' in text


async def test_an_archived_job_of_a_premium_user_is_about_to_come_back(ada: User) -> None:
    job_id = await annotated(ada)
    await archive(ada, job_id)
    await premium(ada)

    text = await page(ada, job_id)

    assert "the retrieval begins in a moment" in text
    assert 'href="/account/plan"' not in text
    assert poll_of(text) == 2


@pytest.mark.parametrize(
    ("tier", "words", "polls"),
    [("Expedited", "1 to 5 minutes", 2), ("Standard", "3 to 5 hours", 15)],
)
async def test_a_retrieval_tells_its_tier_and_when_to_expect_the_result(
    ada: User, tier: str, words: str, polls: int
) -> None:
    job_id = await annotated(ada)
    await archive(ada, job_id)
    await retrieve(ada, job_id, tier)

    text = await page(ada, job_id)

    assert f"At the {tier} tier, which takes {words}" in text
    assert "Expected back <time" in text
    assert poll_of(text) == polls


async def test_a_retrieval_that_takes_long_is_called_late_and_not_lost(
    ada: User, world: World
) -> None:
    job_id = await annotated(ada)
    await archive(ada, job_id)
    await retrieve(ada, job_id, "Expedited")
    world.clock.advance(timedelta(minutes=6))

    text = await page(ada, job_id)

    assert "longer than usual" in text
    assert "Expected back" not in text


async def test_files_that_are_being_copied_back_say_so(ada: User) -> None:
    job_id = await annotated(ada)
    await archive(ada, job_id)
    await retrieve(ada, job_id, "Standard")
    await ada.change(job_id, lambda j: transitions.begin_thaw(j, LEASE, ada.now))

    text = await page(ada, job_id)

    assert text.count(": being copied back") == 4
    assert poll_of(text) == 2


async def test_a_lost_file_is_an_alarm(ada: User) -> None:
    job_id = await annotated(ada)
    await ada.change(job_id, lambda j: transitions.begin_archive(j, timedelta(0), ada.now))
    await ada.change(
        job_id,
        lambda j: transitions.archive(
            j,
            {file.name: "x" for file in j.archivable},
            ada.now,
            lost={"annotated.vcf.gz"},
        ),
    )

    text = await page(ada, job_id)

    assert "1 file of this result is lost" in text
    assert "Nothing is lost" not in text
    assert re.search(
        r"annotated\.vcf\.gz</strong>\s*<span class=\"badge\" data-state=\"alarm\">", text
    )
