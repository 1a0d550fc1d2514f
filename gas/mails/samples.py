"""One of each mail, about jobs that never were: for the page of previews, and for tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gas.domain.advice import ADVICE
from gas.domain.errors import ErrorCode
from gas.domain.job import Failure, InputFile, Job, ResultFile
from gas.domain.mail_kinds import MailKind
from gas.domain.plan import Account, Plan
from gas.domain.states import JobStatus, Storage

_FREE = Account(
    user_id="sample-user", email="ada@example.org", name="Ada", plan=Plan.FREE, plan_version=1
)
_PREMIUM = _FREE.model_copy(update={"plan": Plan.PREMIUM})
_JOB_ID = "019dc0a2-7c11-7000-8000-000000000000"
_FILES = {
    "annotated.vcf.gz": 48_213_552,
    "annotated.vcf.gz.tbi": 1_532_001,
    "variants.parquet": 23_418_004,
    "summary.json": 20_931,
}
_REASONS = {
    ErrorCode.MALFORMED_VCF: "Line 1,742: column 2 (POS) is 'chr2', which is no number.",
    ErrorCode.REFERENCE_MISMATCH: (
        "The REF of 371 of 1,000 records differs from GRCh38 (GRCh38.p14); first at line 88, "
        "1:69511, REF G. The file was made for another genome."
    ),
    ErrorCode.UNKNOWN_CONTIG: (
        "No record lies on a chromosome of rCRS (MT); the file's are: chr1, chr2, chr3, …."
    ),
    ErrorCode.NO_VARIANTS: "The file has a header but no variants.",
    ErrorCode.POISON_INPUT: (
        "The file makes the annotation tool crash, so it cannot be annotated."
    ),
    ErrorCode.UPLOAD_MISSING: "The uploaded file is no longer there.",
}
_A_HOSTILE_NAME = (
    'a very long name "that" <b>goes on</b> & on, '
    "trio_NA12878_NA12891_NA12892_joint_genotyped_filtered_and_then_some_more.hg38.vcf.gz"
)


@dataclass(frozen=True)
class Sample:
    """``name`` is for addresses and readers alike."""

    name: str
    kind: MailKind
    job: Job
    account: Account


def samples(now: datetime, retention: timedelta) -> tuple[Sample, ...]:
    """All kinds and their variants, of jobs that ended a few minutes before ``now``.

    ``retention`` is that of the Free plan.
    """
    return tuple(_samples(now, retention))


def _samples(now: datetime, retention: timedelta) -> Iterator[Sample]:
    ended = now - timedelta(minutes=4)
    due = {"archive_due_at": ended + retention}
    done = _completed(ended)
    free = done.model_copy(update=due)
    named = free.model_copy(update={"name": "Trio of family 7, second run"})
    soon = named.model_copy(
        update={"archive_due_at": now + min(retention, timedelta(days=20)) / 10}
    )
    gone = named.model_copy(update={"archived_at": now, "storage": Storage.ARCHIVED})
    back = named.model_copy(update={"restored_at": now})
    lost = ["variants.parquet"]
    yield Sample("completed-free", MailKind.COMPLETED, free, _FREE)
    yield Sample("completed-premium", MailKind.COMPLETED, done, _PREMIUM)
    yield Sample("completed-long-name", MailKind.COMPLETED, _called(free, _A_HOSTILE_NAME), _FREE)
    yield Sample("archive-soon", MailKind.ARCHIVE_SOON, soon, _FREE)
    yield Sample("archived-free", MailKind.ARCHIVED, gone, _FREE)
    yield Sample("archived-upgraded", MailKind.ARCHIVED, gone, _PREMIUM)
    yield Sample("archived-lost-file", MailKind.ARCHIVED, gone.with_lost(lost), _FREE)
    yield Sample("restored-premium", MailKind.RESTORED, back, _PREMIUM)
    yield Sample("restored-free", MailKind.RESTORED, back, _FREE)
    yield Sample("restored-lost-file", MailKind.RESTORED, back.with_lost(lost), _PREMIUM)
    for code in ADVICE:
        yield Sample(f"failed-{code}", MailKind.FAILED, _failed(code, ended), _FREE)


def _job(ended: datetime, status: JobStatus, **more: Any) -> Job:
    return Job(
        user_id=_FREE.user_id,
        job_id=_JOB_ID,
        correlation_id="sample",
        status=status,
        genome="GRCh38",
        input=InputFile(key="input", file_name="NA12878.vcf.gz", size=52_428_800),
        created_at=ended - timedelta(minutes=3),
        submitted_at=ended - timedelta(minutes=3),
        started_at=ended - timedelta(seconds=94),
        completed_at=ended,
        **more,
    )


def _completed(ended: datetime) -> Job:
    files = tuple(
        ResultFile(name=name, size=size, sha256="0" * 64, key=name) for name, size in _FILES.items()
    )
    return _job(ended, JobStatus.COMPLETED, storage=Storage.AVAILABLE, files=files)


def _failed(code: ErrorCode, ended: datetime) -> Job:
    message = _REASONS.get(code, "What the service says about it stands here, word for word.")
    return _job(ended, JobStatus.FAILED, failure=Failure(code=code, message=message))


def _called(job: Job, file_name: str) -> Job:
    return job.model_copy(update={"input": job.input.model_copy(update={"file_name": file_name})})
