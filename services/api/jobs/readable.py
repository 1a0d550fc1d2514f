"""Which files of a result can be read now, and what is said of the others."""

from gas.domain.errors import ErrorCode
from gas.domain.job import Job, ResultFile
from gas.domain.states import Storage
from services.api.problems import Problem, refusal
from services.api.views.jobs import is_archived

_WHY_ARCHIVED = {
    Storage.ARCHIVING: "This file is being archived. The Premium plan brings it back.",
    Storage.ARCHIVED: "This file is in the archive. The Premium plan brings it back.",
    Storage.RESTORING: "This file is being brought back from the archive. Please wait.",
}


def readable_key(job: Job, name: str) -> str:
    """The key of a result file that can be read now; raises a Problem that says why not."""
    file: ResultFile | None = job.file(name)
    if file is None:
        raise refusal(ErrorCode.FILE_NOT_FOUND, "This job has no such file.")
    if file.lost:
        raise lost_file()
    if is_archived(file, job.storage) or file.key is None:
        sentence = _WHY_ARCHIVED[job.storage or Storage.ARCHIVED]
        raise refusal(ErrorCode.FILE_ARCHIVED, sentence)
    return file.key


def lost_file() -> Problem:
    sentence = "This file is lost: it is no longer where it was kept. Please submit the job again."
    return refusal(ErrorCode.FILE_LOST, sentence)
