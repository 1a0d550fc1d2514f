"""Steps of the demo: a failed one ends the story and shows the logs that may tell why."""

import asyncio
import io
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from gas.cli.errors import UnreachableError
from gas.cli.story import EndOfLog, StepFailedError, Story, StoryEndedError
from gas.cli.views import JobView
from gas.domain.states import JobStatus, Storage


@pytest.fixture
def told() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def story(told: io.StringIO) -> Story:
    async def end_of_log(service: str) -> EndOfLog:
        return EndOfLog(f"{service}.log", [f"what {service} did"])

    console = Console(file=told, markup=False, highlight=False, soft_wrap=True)
    return Story(console, end_of_log)


async def answer(value: int) -> int:
    return value


async def fail(error: Exception) -> None:
    raise error


async def test_steps_are_numbered_and_give_what_they_found(story: Story, told: io.StringIO) -> None:
    assert await story.step("Look", answer(1), ["api"]) == 1
    assert await story.step("Look again", answer(2), ["api"]) == 2
    assert "1. Look\n" in told.getvalue()
    assert "2. Look again\n" in told.getvalue()


@pytest.mark.parametrize(
    "error",
    [
        StepFailedError("It is not so."),
        UnreachableError("It is not so."),
        OSError("It is not so."),
    ],
)
async def test_failed_step_tells_why_and_where(
    story: Story, told: io.StringIO, error: Exception
) -> None:
    with pytest.raises(StoryEndedError):
        await story.step("Thaw", fail(error), ["thawer", "restorer"])
    text = told.getvalue()
    assert "FAILED: It is not so." in text
    assert "the end of thawer.log:\n" in text
    assert "what thawer did\n" in text
    assert "the end of restorer.log:\n" in text


async def test_step_that_takes_too_long_fails(story: Story, told: io.StringIO) -> None:
    with pytest.raises(StoryEndedError):
        await story.step("Wait", asyncio.sleep(60), ["thawer"], timedelta(milliseconds=10))
    assert "did not happen within 0.01 s" in told.getvalue()


async def test_defect_of_the_demo_itself_is_not_hidden(story: Story) -> None:
    with pytest.raises(KeyError):
        await story.step("Look", fail(KeyError("oops")), ["thawer"])


def test_state_is_told_once_with_the_tier_while_restoring(story: Story, told: io.StringIO) -> None:
    job = JobView(
        id="job-1",
        status=JobStatus.COMPLETED,
        storage=Storage.RESTORING,
        genome="rCRS",
        file_name="a.vcf",
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        retrieval_tier="Standard",
    )
    back = job.model_copy(update={"storage": Storage.AVAILABLE})
    for seen in (job, job, back):
        story.say_state(seen)
    assert told.getvalue().split("\n") == [
        "    state: COMPLETED/RESTORING (Standard)",
        "    state: COMPLETED/AVAILABLE",
        "",
    ]
