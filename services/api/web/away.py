"""Why a part of a result cannot be looked at now, for the pages that would show it."""

from dataclasses import dataclass

from gas.domain.job import Job
from gas.domain.states import JobStatus, Storage
from services.api.views.jobs import is_archived

_UNFINISHED = {
    JobStatus.DRAFT: "This job was not submitted yet.",
    JobStatus.SUBMITTED: "This job waits for its annotation. Its variants are here when it is done.",
    JobStatus.RUNNING: "This job is being annotated. Its variants are here when it is done.",
    JobStatus.FAILED: "This job failed, so there is no result to look at.",
    JobStatus.CANCELLED: "This job was cancelled, so there is no result to look at.",
}
_ARCHIVED = {
    Storage.ARCHIVING: "This result is on its way to the archive.",
    Storage.ARCHIVED: "This result is in the archive.",
    Storage.RESTORING: "This result is being brought back from the archive.",
}


@dataclass(frozen=True)
class Away:
    """``is_archived``: an upgrade brings it back, unless it is on its way already."""

    sentence: str
    is_archived: bool = False
    is_coming: bool = False


def why_away(job: Job, *names: str) -> Away | None:
    """None where all files of these names can be read."""
    if job.status is not JobStatus.COMPLETED:
        return Away(_UNFINISHED.get(job.status, "This job has no result."))
    for name in names:
        file = job.file(name)
        if file is None:
            return Away(f"This job was made without {name}. Run it again to get it.")
        if file.lost:
            return Away(f"{name} is lost: it is no longer where it was kept. Run the job again.")
        if is_archived(file, job.storage):
            storage = job.storage or Storage.ARCHIVED
            sentence = _ARCHIVED.get(storage, _ARCHIVED[Storage.ARCHIVED])
            return Away(sentence, is_archived=True, is_coming=storage is Storage.RESTORING)
    return None
