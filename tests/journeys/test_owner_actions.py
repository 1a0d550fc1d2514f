"""What owners do with their jobs: discard and take back, run again, and see why one waits."""

from pathlib import Path

from gas.annotation import LOG, VARIANTS_PARQUET
from gas.domain.states import AVAILABLE, RUNNING, SUBMITTED
from tests.support.inputs import large_vcf, small_vcf
from tests.support.journey import Journey
from tests.support.patience import until
from tests.support.users import User


async def test_discarded_job_can_be_taken_back(journey: Journey, premium: User) -> None:
    job = await premium.completed()

    discarded = await premium.ask("POST", f"/jobs/{job.id}/discard")
    assert discarded.status_code == 202
    assert (await premium.ask("GET", f"/jobs/{job.id}")).status_code == 404
    assert [found async for found in premium.client.jobs()] == []

    assert (await premium.ask("POST", f"/jobs/{job.id}/undiscard")).status_code == 200
    await journey.until_kept(premium, job.id)  # nothing is due any more, no erasing either
    assert [found.id async for found in premium.client.jobs()] == [job.id]


async def test_discarded_job_is_erased_when_nobody_takes_it_back(
    journey: Journey, premium: User
) -> None:
    job = await premium.completed()
    await premium.ask("POST", f"/jobs/{job.id}/discard")
    await journey.until_erased(premium, job.id)
    assert (await premium.ask("POST", f"/jobs/{job.id}/undiscard")).status_code == 404


async def test_job_that_runs_is_named_and_goes_on(journey: Journey, premium: User) -> None:
    job = await premium.submit(large_vcf(copies=40))
    await premium.until(job.id, RUNNING)
    named = await premium.ask("PATCH", f"/jobs/{job.id}", json={"name": "Ada's é"})
    assert named.json()["title"] == "Ada's é"
    log = await until(
        lambda: premium.client.log(job.id), lambda text: "annotating" in text, what="the log"
    )
    assert "UTC fetching the upload" in log

    done = await premium.until(job.id, AVAILABLE)

    record = await journey.record(premium, job.id)
    assert record is not None
    assert (record.name, record.attempt) == ("Ada's é", 1)
    told = [moment.what for moment in record.history if moment.what != "kept"]
    assert told == ["created", "submitted", "started", "renamed", "completed"]
    assert LOG in {file.name for file in done.files}


async def test_job_runs_again_with_the_same_result(premium: User, tmp_path: Path) -> None:
    first = await premium.completed()
    again = await premium.client.rerun(first.id)
    assert again.rerun_of == first.id
    await premium.client.delete(first.id)
    second = await premium.until(again.id, AVAILABLE)
    sums = {file.name: file.sha256 for file in second.files}
    assert sums[VARIANTS_PARQUET] == {f.name: f.sha256 for f in first.files}[VARIANTS_PARQUET]
    await premium.download(second, tmp_path)


async def test_waiting_job_tells_its_place(journey: Journey, premium: User) -> None:
    other = await journey.user()
    async with journey.stack.stopped("annotator"):
        first = await premium.submit(small_vcf())
        theirs = await other.submit(small_vcf())
        second = await premium.submit(small_vcf())
        assert second.state == str(SUBMITTED)

        async def places() -> list[tuple[int, int]]:
            views = [
                (await user.ask("GET", f"/jobs/{job.id}/queue")).json()["place"]
                for user, job in ((premium, first), (other, theirs), (premium, second))
            ]
            return [(view["position"], view["ahead_yours"]) for view in views]

        seen = await until(places, lambda found: found[0][0] < found[1][0], what="places")
        before = seen[0][0] - 1  # of other tests' jobs
        assert seen == [(before + 1, 0), (before + 2, 0), (before + 3, 1)]
    for user, job in ((premium, first), (other, theirs), (premium, second)):
        await user.until(job.id, AVAILABLE)
        answer = await user.ask("GET", f"/jobs/{job.id}/queue")
        assert answer.json() == {"place": None}
