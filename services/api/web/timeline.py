"""What happened to a job and what comes next, for people. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gas.domain.history import FIRST_KEPT, LAST_KEPT, Moment, What
from gas.domain.job import Job
from gas.domain.mail_kinds import MailKind
from gas.domain.wording import span
from gas.ports import SentMail
from services.api.web.retrieval_times import retrieval_takes

_MAILS = {
    MailKind.COMPLETED: "your result is ready",
    MailKind.FAILED: "the job failed",
    MailKind.ARCHIVE_SOON: "your result will be archived soon",
    MailKind.ARCHIVED: "your result was archived",
    MailKind.RESTORED: "your result is back",
}

_TITLES: Mapping[str, str] = {
    What.CREATED: "Created",
    What.SUBMITTED: "Uploaded and submitted",
    What.STARTED: "Annotation started",
    What.RELEASED: "Put back in line",
    What.COMPLETED: "Annotated",
    What.FAILED: "Failed",
    What.CANCELLED: "Cancelled",
    What.ARCHIVE_BEGAN: "Archiving began",
    What.ARCHIVED: "Archived",
    What.RETRIEVAL_REQUESTED: "Retrieval requested",
    What.RESTORED: "Back from the archive",
    What.KEPT: "Stays at hand",
    What.RENAMED: "Named after its file again",
}

_NOTES: Mapping[str, str] = {
    What.CANCELLED: "You stopped it.",
    What.ARCHIVED: "The Free plan keeps results at hand for a while only.",
    What.RETRIEVAL_REQUESTED: "Premium brings archived results back.",
    What.RESTORED: "Size and SHA-256 agree with what was archived.",
    What.KEPT: "Premium does not archive results.",
}

_SPANS: Mapping[str, tuple[str, str]] = {
    What.STARTED: (What.SUBMITTED, "Waited"),
    What.COMPLETED: (What.STARTED, "Took"),
    What.RESTORED: (What.RETRIEVAL_REQUESTED, "Took"),
}

_WORTH_TELLING = timedelta(seconds=1)
_RELEASED = {
    "crashed": "The annotation crashed on this file. It is tried once more, then given up.",
    "interrupted": "The worker had to stop, through no fault of the file. The job is tried again.",
}
_RELEASED_OTHERWISE = "The attempt did not end well. The job is tried again."


@dataclass(frozen=True)
class Entry:
    """One thing that happened."""

    title: str
    at: datetime
    note: str = ""
    state: Literal["", "alarm", "mail"] = ""


def timeline(job: Job, mails: Iterable[SentMail] = ()) -> Sequence[Entry]:
    """Oldest first. A job that was made before records had a history shows what it has."""
    moments = job.history or _moments_of_old(job)
    entries = _entries(job, moments)
    entries += [_mailed(mail) for mail in mails]
    return sorted(entries, key=lambda entry: entry.at)


def is_shortened(job: Job) -> bool:
    """Whether so much happened that the record has only the beginning and the end of it."""
    return len(job.history) >= FIRST_KEPT + LAST_KEPT


def _entries(job: Job, moments: Sequence[Moment]) -> list[Entry]:
    entries = []
    attempts = 0
    last: dict[str, datetime] = {}
    for moment in moments:
        attempts += moment.what == What.STARTED
        title, note = _title(moment, attempts), _note(job, moment, attempts, last)
        entries.append(Entry(title, moment.at, note, "alarm" if moment.what == What.FAILED else ""))
        last[moment.what] = moment.at
    return entries


def _title(moment: Moment, attempt: int) -> str:
    if moment.what == What.STARTED and attempt > 1:
        return f"Annotation started again (attempt {attempt})"
    if moment.what == What.RETRIEVAL_ACCEPTED:
        return f"The archive accepted: {moment.detail}"
    if moment.what == What.RENAMED and moment.detail:
        return f"Renamed to “{moment.detail}”"
    return _TITLES.get(moment.what, moment.what.replace("_", " ").capitalize())


def _note(job: Job, moment: Moment, attempt: int, last: Mapping[str, datetime]) -> str:
    """``last`` has when each kind of thing happened before."""
    match moment.what:
        case What.CREATED if job.rerun_of:
            return "From the upload of an earlier job."
        case What.RELEASED:
            return _RELEASED.get(moment.detail or "", _RELEASED_OTHERWISE)
        case What.FAILED if job.failure:
            return job.failure.message
        case What.RETRIEVAL_ACCEPTED:
            return typical(moment.detail)
    note = _NOTES.get(moment.what, "")
    begun, verb = _SPANS.get(moment.what, ("", ""))
    is_again = moment.what == What.STARTED and attempt > 1
    took = moment.at - last.get(begun, moment.at)
    if took < _WORTH_TELLING or is_again:
        return note
    return f"{verb} {span(took)}. {note}".strip()


def typical(tier: str | None) -> str:
    """How long a retrieval at this tier takes as a rule; empty where that is not known."""
    words = retrieval_takes(tier)
    return f"That takes {words} as a rule." if words else ""


def _mailed(mail: SentMail) -> Entry:
    words = _MAILS.get(MailKind(mail.kind)) if mail.kind in set(MailKind) else None
    return Entry(f"Mail sent: {words}" if words else "Mail sent", mail.at, state="mail")


def _moments_of_old(job: Job) -> Sequence[Moment]:
    known = (
        (What.CREATED, job.created_at, None),
        (What.SUBMITTED, job.submitted_at, None),
        (What.STARTED, job.started_at, None),
        (_END.get(job.status, What.COMPLETED), job.completed_at, None),
        (What.ARCHIVED, job.archived_at, None),
        (What.RESTORED, job.restored_at, None),
    )
    return [Moment(what=what, at=at, detail=detail) for what, at, detail in known if at]


_END = {"FAILED": What.FAILED, "CANCELLED": What.CANCELLED}
