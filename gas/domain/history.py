"""What happened to a job, moment by moment, as its record remembers it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from gas.domain.states import Step

FIRST_KEPT = 10
LAST_KEPT = 90
"""DynamoDB takes items of 400 KB: of a job that is tried or moved for ever the middle goes."""


class What(StrEnum):
    """The kinds of moments; the values are part of the public interface."""

    CREATED = "created"
    SUBMITTED = "submitted"
    STARTED = "started"
    RELEASED = "released"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ARCHIVE_BEGAN = "archive_began"
    ARCHIVED = "archived"
    RETRIEVAL_REQUESTED = "retrieval_requested"
    RETRIEVAL_ACCEPTED = "retrieval_accepted"
    RESTORED = "restored"
    KEPT = "kept"
    RENAMED = "renamed"


class Moment(BaseModel):
    """One thing that happened.

    ``detail`` is the tier of an accepted retrieval, the code of a failure, why a job was released
    (``crashed`` or ``interrupted``), or the new name; None where there is nothing to add.
    """

    model_config = ConfigDict(frozen=True)

    what: str
    at: AwareDatetime
    detail: str | None = None


WHAT_OF_STEP: Mapping[Step, What] = {
    Step.SUBMIT: What.SUBMITTED,
    Step.CLAIM: What.STARTED,
    Step.RELEASE: What.RELEASED,
    Step.COMPLETE: What.COMPLETED,
    Step.FAIL: What.FAILED,
    Step.CANCEL: What.CANCELLED,
    Step.KEEP: What.KEPT,
    Step.BEGIN_ARCHIVE: What.ARCHIVE_BEGAN,
    Step.ABANDON_ARCHIVE: What.KEPT,
    Step.ARCHIVE: What.ARCHIVED,
    Step.BEGIN_RESTORE: What.RETRIEVAL_REQUESTED,
    Step.NOTE_RETRIEVAL: What.RETRIEVAL_ACCEPTED,
    Step.RESTORE: What.RESTORED,
    Step.RENAME: What.RENAMED,
}
"""The steps that a job's owner would want to hear of; the others are housekeeping."""


def remembered(
    history: tuple[Moment, ...], step: Step, at: datetime | None, detail: str | None = None
) -> tuple[Moment, ...]:
    """The history with a step added, if it is one to remember: then ``at`` says when it was."""
    what = WHAT_OF_STEP.get(step)
    if what is None:
        return history
    if at is None:
        raise ValueError(f"when was it {what}?")
    return added(history, Moment(what=what, at=at, detail=detail))


def added(history: tuple[Moment, ...], moment: Moment) -> tuple[Moment, ...]:
    """The history with one more moment, within its bounds."""
    longer = (*history, moment)
    if len(longer) <= FIRST_KEPT + LAST_KEPT:
        return longer
    return longer[:FIRST_KEPT] + longer[-LAST_KEPT:]
