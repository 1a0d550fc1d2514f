"""What pages say of a job that waits, and when they look again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gas.domain import transitions
from gas.domain.change import Change
from gas.domain.job import Job
from gas.domain.plan import Plan
from services.api.jobs.queue import Place
from services.api.web.job_rows import JobRow, fingerprint, next_look
from services.api.web.list_query import ListQuery, Tab
from services.api.web.rendering import Pages
from tests.support.jobs import draft

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)


def macro(template: str, name: str) -> Any:
    pages = Pages(Path(__file__).parents[3] / "frontend")
    return getattr(pages._templates.env.get_template(template).module, name)


def words(name: str, place: Place | None) -> str:
    return " ".join(str(macro("job/waiting.html", name)(place)).split())


@pytest.mark.parametrize(
    ("place", "short"),
    [
        (None, "Waiting"),
        (Place(1, 0, None), "Next in line"),
        (Place(2, 0, None), "2nd in line"),
        (Place(3, 0, None), "3rd in line"),
        (Place(11, 0, None), "11th in line"),
        (Place(112, 0, None), "112th in line"),
        (Place(1_021, 0, None), "1,021st in line"),
        (Place(1_001, 0, None, at_least=True), "Beyond the first 1,000 in line"),
    ],
)
def test_a_place_in_line_in_short(place: Place | None, short: str) -> None:
    assert words("place_in_words", place) == short


@pytest.mark.parametrize(
    ("place", "sentences"),
    [
        (None, "It was just queued: its place in line shows in a moment."),
        (
            Place(1, 0, timedelta(seconds=90)),
            (
                "No job is before it; it starts as soon as an annotator is free. It should start in "
                "about 90 seconds. That is an estimate, made from the jobs that run now."
            ),
        ),
        (
            Place(2, 1, timedelta(seconds=1)),
            "1 job is before it, and it is yours. It should start any moment.",
        ),
        (
            Place(4, 3, None),
            (
                "3 jobs are before it, all of them yours. When it starts cannot be told: nothing is "
                "being annotated right now that an estimate could go by."
            ),
        ),
        (Place(4, 2, MINUTE), "3 jobs are before it, 2 of them yours."),
        (Place(4, 0, MINUTE), "3 jobs are before it, none of them yours."),
        (Place(2, 0, MINUTE), "1 job is before it, and it is not yours."),
        (
            Place(1_001, 0, timedelta(hours=3), at_least=True),
            (
                "At least 1,000 jobs are before it, none of them yours. It should start in about "
                "3 hours or later."
            ),
        ),
    ],
)
def test_why_a_job_waits(place: Place | None, sentences: str) -> None:
    assert words("why", place).startswith(sentences)


def submitted() -> Job:
    job = draft("ada").after
    upload = job.input.model_copy(update={"size": 1})
    return transitions.submit(job, upload, NOW).after


def completed(retention: timedelta) -> Job:
    job = transitions.claim(submitted(), LEASE, NOW).after
    return transitions.complete(job, (), retention, NOW).after


def archived() -> Job:
    job = transitions.begin_archive(completed(MINUTE), LEASE, NOW).after
    change: Change = transitions.archive(job, {}, NOW)
    return change.after


@pytest.mark.parametrize(
    ("job", "plan", "seconds"),
    [
        (draft("ada").after, Plan.FREE, None),
        (submitted(), Plan.FREE, 2),
        (completed(timedelta(seconds=1)), Plan.FREE, 2),
        (completed(timedelta(seconds=9)), Plan.FREE, 9),
        (completed(timedelta(minutes=4)), Plan.FREE, 15),
        (completed(timedelta(days=9)), Plan.FREE, 300),
        (completed(timedelta(days=9)), Plan.PREMIUM, None),
        (archived(), Plan.FREE, None),
        (archived(), Plan.PREMIUM, 2),
    ],
)
def test_when_to_look_again(job: Job, plan: Plan, seconds: int | None) -> None:
    assert next_look([JobRow.of(job, plan, None)], NOW) == seconds


def test_the_first_of_the_rows_that_moves_says_when() -> None:
    jobs = [completed(timedelta(days=9)), submitted(), draft("ada").after]

    assert next_look([JobRow.of(job, Plan.FREE, None) for job in jobs], NOW) == 2
    assert next_look([], NOW) is None


def test_a_place_that_moved_up_is_something_new() -> None:
    job = submitted()
    third, second = (JobRow.of(job, Plan.FREE, Place(n, 0, None)) for n in (3, 2))

    assert fingerprint([third]) == fingerprint([third])
    assert fingerprint([third]) != fingerprint([second])
    assert fingerprint([third]) != fingerprint([third], "another view")


def test_a_view_of_the_list_is_its_address_and_back() -> None:
    view = ListQuery(Tab.DONE, 'a&b="c" é', "cursor+/=")
    address = view.address(seen="x")

    assert ListQuery.from_query(address.partition("?")[2]) == view
    assert ListQuery().address() == "/jobs"
    assert ListQuery.from_query("state=%00&q=+++&cursor=").is_everything
    assert view.but(tab=Tab.ALL) == ListQuery(Tab.ALL, 'a&b="c" é')
