"""The steps of the demo. Each shows what the server says, and fails when that is not right."""

import gzip
import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from itertools import islice
from pathlib import Path

from rich.filesize import decimal

from gas.annotation import ANNOTATED_VCF, SUMMARY, Summary
from gas.cli.behind import StoredObject, until_mailed, until_stored
from gas.cli.client import GasClient, Patience
from gas.cli.demo_stacks import DemoStack
from gas.cli.demo_user import token_of
from gas.cli.display import display_on, show_job
from gas.cli.errors import RefusedError
from gas.cli.story import StepFailedError, Story
from gas.cli.submitting import submit_file
from gas.cli.summary import summary_lines
from gas.cli.views import FileView, JobView
from gas.domain.errors import ErrorCode
from gas.domain.job import job_prefix
from gas.domain.plan import FREE_UPLOAD_BYTES, Plan
from gas.domain.states import JobStatus, Storage

USER = "ada"
DEMO_VCF = "haplogroups.vcf"
_PATIENCE = Patience(first=timedelta(seconds=0.1), longest=timedelta(seconds=0.5))
_SHOWN_VARIANTS = 3
_INFO = 7  # the column
_ARCHIVE_CLASS = "GLACIER"

Digests = Mapping[str, str]
"""SHA-256 in hex of each downloaded file, by its name."""


@dataclass(frozen=True)
class User:
    """Somebody who is signed in; ``bucket`` holds the results, ``emulator`` plays AWS."""

    client: GasClient
    user_id: str
    bucket: str
    emulator: str


async def sign_in(stack: DemoStack, story: Story) -> User:
    token = await token_of(stack.api_url, USER)
    client = GasClient(stack.api_url, token, patience=_PATIENCE)
    account = await client.account()
    story.say(f"{account.name} <{account.email}>, plan: {account.plan}")
    if account.plan is not Plan.FREE:
        raise StepFailedError("A new user should be on the Free plan.")
    bucket = stack.environment()["GAS_RESULTS_BUCKET"]
    return User(client, account.user_id, bucket, stack.aws_endpoint)


async def oversized_upload_is_refused(user: User, story: Story) -> None:
    """Once told of its size, and once as somebody who lies about it."""
    with tempfile.NamedTemporaryFile(suffix=".vcf") as file:
        file.truncate(FREE_UPLOAD_BYTES + 1024)
        large = Path(file.name)
        try:
            await user.client.create("large.vcf", size=FREE_UPLOAD_BYTES + 1024)
        except RefusedError as error:
            story.say(f"the api:  {error.status} {error}")
        else:
            raise StepFailedError("The api accepted it.")
        draft = await user.client.create("large.vcf")
        try:
            await user.client.upload(draft.upload, large)
        except RefusedError as error:
            story.say(f"S3:       {error.status} {error}")
        else:
            raise StepFailedError("S3 accepted it.")
        await user.client.delete(draft.job.id)


async def submit(user: User, story: Story) -> JobView:
    data = resources.files("gas.annotation") / "data" / "demo" / DEMO_VCF
    with resources.as_file(data) as vcf, display_on(story.console) as display:
        job = await submit_file(user.client, vcf, None, display, label=vcf.name)
    story.say(f"job {job.id}, genome {job.genome}, {decimal(job.size or 0)}")
    story.say_state(job)
    return job


async def annotate(user: User, job: JobView, story: Story) -> JobView:
    with display_on(story.console) as display:
        job = await user.client.wait(job.id, seen=lambda job: show_job(display, job.file_name, job))
    story.say_state(job)
    if job.status is not JobStatus.COMPLETED:
        raise StepFailedError(f"The job ended as {job.state}: {job.failure}")
    return job


async def download(user: User, job: JobView, story: Story) -> Digests:
    """All files, checked against the server's SHA-256; shows what is in them."""
    digests = {}
    with tempfile.TemporaryDirectory() as directory:
        for file in job.files:
            path = await user.client.download(job.id, file, Path(directory))
            digests[file.name] = _sha256(path)
            story.say(f"sha256 {digests[file.name]}  {file.name} ({decimal(file.size)})")
        for line in _content(Path(directory)):
            story.say(line)
    return digests


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _content(directory: Path) -> Iterator[str]:
    """The summary, and the first variants that change a protein, without their samples."""
    yield from summary_lines(Summary.model_validate_json((directory / SUMMARY).read_bytes()))
    with gzip.open(directory / ANNOTATED_VCF, "rt", encoding="utf-8") as vcf:
        variants = (line.split("\t") for line in vcf if not line.startswith("#"))
        missense = (columns for columns in variants if "=missense_variant" in columns[_INFO])
        for columns in islice(missense, _SHOWN_VARIANTS):
            yield "  ".join(columns[: _INFO + 1])


async def mail(user: User, job: JobView, subject: str, story: Story) -> None:
    sent = await until_mailed(user.emulator, job.id, subject)
    story.say(f"To: {sent.to}")
    story.say(f"Subject: {sent.subject}")
    for line in sent.text.rstrip().splitlines():
        story.say(f"| {line}")


async def archive(user: User, job: JobView, story: Story) -> JobView:
    job = await user.client.wait(
        job.id, until=lambda job: job.storage is Storage.ARCHIVED, seen=story.say_state
    )
    away = [file.name for file in job.files if file.archived]
    if not away:
        raise StepFailedError("No file of the result is archived.")
    stored = await until_stored(
        user.bucket,
        job_prefix(user.user_id, job.id),
        lambda found: _classes(found, away) == {_ARCHIVE_CLASS},
    )
    _say_stored(stored, story)
    await _cannot_be_downloaded(user, job, next(f for f in job.files if f.archived), story)
    return job


async def _cannot_be_downloaded(user: User, job: JobView, file: FileView, story: Story) -> None:
    try:
        await user.client.download(job.id, file, Path(tempfile.gettempdir()))
    except RefusedError as error:
        story.say(f"downloading {file.name}: {error.status} {error}")
        if error.code != ErrorCode.FILE_ARCHIVED:
            raise
    else:
        raise StepFailedError(f"{file.name} can be downloaded, though it is archived.")


async def upgrade_and_restore(user: User, job: JobView, story: Story) -> JobView:
    away = [file.name for file in job.files if file.archived]
    plan = await user.client.change_plan(Plan.PREMIUM)
    story.say(f"plan: {plan.plan}")
    job = await user.client.wait(
        job.id, until=lambda job: job.storage is Storage.AVAILABLE, seen=story.say_state
    )
    stored = await until_stored(
        user.bucket,
        job_prefix(user.user_id, job.id),
        lambda found: _classes(found, away) == {"STANDARD"},
    )
    story.say("the archived copies are gone; this is all that S3 holds:")
    _say_stored(stored, story)
    return job


def _classes(found: Iterable[StoredObject], names: Sequence[str]) -> set[str]:
    """The storage classes of everything that is stored under these names."""
    return {one.storage_class for one in found if Path(one.key).name in names}


def _say_stored(stored: Iterable[StoredObject], story: Story) -> None:
    for one in sorted(stored, key=lambda one: one.key):
        attempt_and_name = "/".join(one.key.split("/")[-2:])
        story.say(f"S3: {one.storage_class:8} {decimal(one.size):>9}  .../{attempt_and_name}")


async def compare(before: Digests, after: Digests, story: Story) -> None:
    for name, digest in before.items():
        again = after.get(name, "missing")
        story.say(f"{name}: {'the same' if digest == again else 'DIFFERENT'}")
        story.say(f"  before the archive: {digest}")
        story.say(f"  after it:           {again}")
    if before != after:
        raise StepFailedError("The files differ.")
