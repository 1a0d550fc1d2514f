"""What happened to a job, in words."""

from datetime import UTC, datetime, timedelta

from gas.domain import owner_steps, transitions
from gas.domain.errors import ErrorCode
from gas.domain.history import FIRST_KEPT, LAST_KEPT, Moment
from gas.domain.job import Failure, InputFile, Job
from gas.ports import SentMail
from services.api.web.timeline import is_shortened, timeline

START = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def submitted(**more: str) -> Job:
    upload = InputFile(key="k", file_name="a.vcf")
    job = transitions.create("ada", "1", "rCRS", upload, "c", at(0), **more).after
    return transitions.submit(job, upload, at(1)).after


def started(minutes: float = 3) -> Job:
    return transitions.claim(submitted(), timedelta(0), at(minutes)).after


def completed() -> Job:
    return transitions.complete(started(), (), timedelta(minutes=5), at(10)).after


def told(job: Job, mails: tuple[SentMail, ...] = ()) -> list[tuple[str, str]]:
    return [(entry.title, entry.note) for entry in timeline(job, mails)]


def test_a_job_that_went_well_has_its_times_and_how_long_things_took() -> None:
    assert told(completed()) == [
        ("Created", ""),
        ("Uploaded and submitted", ""),
        ("Annotation started", "Waited 2 minutes."),
        ("Annotated", "Took 7 minutes."),
    ]
    assert [entry.at for entry in timeline(completed())] == [at(0), at(1), at(3), at(10)]


def test_attempts_that_were_put_back_say_why() -> None:
    job = started()
    job = transitions.release(job, at(4), crashed=True).after
    job = transitions.claim(job, timedelta(0), at(5)).after
    job = transitions.release(job, at(6), excused=True).after
    job = transitions.claim(job, timedelta(0), at(7)).after
    job = transitions.release(job, at(8)).after

    titles = [title for title, _ in told(job)]
    notes = [note for title, note in told(job) if title == "Put back in line"]
    assert "Annotation started again (attempt 2)" in titles
    assert "Annotation started again (attempt 3)" in titles
    assert "crashed" in notes[0]
    assert "no fault of the file" in notes[1]
    assert "did not end well" in notes[2]


def test_a_failure_is_marked_and_says_what_was_wrong() -> None:
    failure = Failure(code=ErrorCode.NOT_A_VCF, message="This is no VCF.")
    last = timeline(transitions.fail(started(), failure, at(4)).after)[-1]

    assert (last.title, last.note, last.state) == ("Failed", "This is no VCF.", "alarm")


def test_the_way_to_the_archive_and_back_names_the_tier_and_how_long_it_took() -> None:
    job = transitions.begin_archive(completed(), timedelta(0), at(15)).after
    job = transitions.archive(job, {}, at(16)).after
    job = transitions.begin_restore(job, at(20)).after
    job = transitions.note_retrieval(job, "Expedited", at(21)).after
    job = transitions.restore(job, {}, timedelta(minutes=5), at(24)).after

    assert told(job)[4:] == [
        ("Archiving began", ""),
        ("Archived", "The Free plan keeps results at hand for a while only."),
        ("Retrieval requested", "Premium brings archived results back."),
        ("The archive accepted: Expedited", "That takes 1 to 5 minutes as a rule."),
        (
            "Back from the archive",
            "Took 4 minutes. Size and SHA-256 agree with what was archived.",
        ),
    ]


def test_mails_stand_where_they_belong_in_time() -> None:
    mails = (SentMail("completed", at(10.5)), SentMail("of a later version", at(12)))

    assert told(completed(), mails)[-3:] == [
        ("Annotated", "Took 7 minutes."),
        ("Mail sent: your result is ready", ""),
        ("Mail sent", ""),
    ]


def test_names_are_told_as_they_were_given() -> None:
    job = owner_steps.rename(submitted(), "<b>Trio</b>", at(2)).after
    job = owner_steps.rename(job, None, at(3)).after

    titles = [title for title, _ in told(job)]
    assert titles[-2:] == ["Renamed to “<b>Trio</b>”", "Named after its file again"]


def test_a_job_that_repeats_another_says_so() -> None:
    assert told(submitted(rerun_of="0"))[0] == ("Created", "From the upload of an earlier job.")


def test_a_record_from_before_there_was_a_history_shows_what_it_has() -> None:
    old = completed().model_copy(update={"history": ()})

    assert [title for title, _ in told(old)] == [
        "Created",
        "Uploaded and submitted",
        "Annotation started",
        "Annotated",
    ]
    failed = transitions.fail(
        started(), Failure(code=ErrorCode.NOT_A_VCF, message="No VCF."), at(4)
    ).after
    assert told(failed.model_copy(update={"history": ()}))[-1] == ("Failed", "No VCF.")


def test_what_a_later_version_remembers_is_not_lost() -> None:
    moment = Moment(what="sent_to_the_moon", at=at(2), detail="by rocket")
    job = submitted().model_copy(update={"history": (moment,)})

    assert told(job) == [("Sent to the moon", "")]


def test_a_history_that_is_full_says_that_it_is_not_all() -> None:
    moment = Moment(what="started", at=at(2))
    job = submitted()

    assert not is_shortened(job)
    assert is_shortened(job.model_copy(update={"history": (moment,) * (FIRST_KEPT + LAST_KEPT)}))
