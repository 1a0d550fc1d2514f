"""What the letter of each kind says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gas.domain.advice import advice
from gas.domain.job import Job
from gas.domain.mail_kinds import MailKind
from gas.domain.plan import Account
from gas.domain.wording import moment, one_line, size, span
from gas.mails.addresses import Addresses
from gas.mails.letter import Letter, Link, Tone

_LONGEST_IN_SUBJECT = 80
_ON_ITS_PAGE = (
    "On the page of the job you see the summary, filter the variants, and download the files."
)
_OUT_OF_REACH = (
    "From then on its variants cannot be explored, and its files cannot be downloaded. Nothing is "
    "deleted."
)
_STAYS = "The summary, the log and the manifest stay readable."
_HOW_TO_KEEP = (
    "To keep the files, download them before. Or upgrade to Premium: then this result stays at "
    "hand, and all that was archived comes back."
)
_IS_BACK = (
    "The result is back from the archive. Its variants can be explored and its files downloaded "
    "again; size and SHA-256 of each were checked."
)


@dataclass(frozen=True)
class News:
    """What a letter is about, and to whom. ``retention`` is that of the Free plan."""

    job: Job
    account: Account
    now: datetime
    addresses: Addresses
    retention: timedelta

    @property
    def name(self) -> str:
        return one_line(self.job.title)

    @property
    def subject_name(self) -> str:
        return one_line(self.job.title, _LONGEST_IN_SUBJECT)

    @property
    def open_job(self) -> Link:
        return Link("Open the job", self.addresses.job(self.job))

    @property
    def upgrade(self) -> Link:
        return Link("Upgrade to Premium", self.addresses.plan)

    @property
    def is_to_be_archived(self) -> bool:
        return self.job.archive_due_at is not None and not self.account.keeps_results

    def facts(self, *more: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
        """What the record has of the job, then ``more``; what is not known is left out."""
        known = [
            ("File", one_line(self.job.input.file_name)),
            ("Genome", self.job.genome),
            ("Upload", size(self.job.input.size) if self.job.input.size is not None else None),
            *more,
        ]
        return tuple((label, value) for label, value in known if value is not None)


def completed(news: News) -> Letter:
    job = news.job
    paragraphs = [
        f"Your file was annotated against {job.genome}. {_ON_ITS_PAGE}",
    ]
    links = [
        Link("Open the result", news.addresses.job(job)),
        Link("Explore the variants", news.addresses.variants(job)),
    ]
    if news.is_to_be_archived:
        until = f", until {moment(job.archive_due_at)}" if job.archive_due_at else ""
        paragraphs.append(
            f"On the Free plan a result stays at hand for {span(news.retention)}{until}. Then it "
            "moves to the archive, from where Premium brings it back."
        )
        links.append(news.upgrade)
    return Letter(
        subject=f"Your annotated VCF is ready: {news.subject_name}",
        tone=Tone.GOOD,
        heading="Your annotated VCF is ready",
        summary=f"Annotated against {job.genome}: see the summary, filter the variants, download.",
        paragraphs=tuple(paragraphs),
        facts=news.facts(("Annotated in", _work(job)), ("Result", _files(job))),
        links=tuple(links),
    )


def failed(news: News) -> Letter:
    failure = news.job.failure
    return Letter(
        subject=f"GAS could not annotate {news.subject_name}",
        tone=Tone.ALARM,
        heading="Your file could not be annotated",
        summary=one_line(failure.message) if failure else "There is no result.",
        paragraphs=("There is no result for this file.",),
        notice=f"{one_line(failure.message)} ({failure.code})" if failure else None,
        advice=advice(failure.code) if failure else None,
        facts=news.facts(),
        links=(news.open_job, Link("Annotate another file", news.addresses.new_job)),
    )


def archive_soon(news: News) -> Letter:
    due = news.job.archive_due_at
    when = f"on {moment(due)}, in {span(due - news.now)}" if due else "soon"
    return Letter(
        subject=f"Will be archived soon: {news.subject_name}",
        tone=Tone.WARN,
        heading="Your result will be archived soon",
        summary=f"It moves to the archive {when}. Download it, or keep it with Premium.",
        paragraphs=(
            (
                f"On the Free plan a result stays at hand for {span(news.retention)}. This one moves "
                f"to the archive {when}."
            ),
            f"{_OUT_OF_REACH} {_STAYS}",
            _HOW_TO_KEEP,
        ),
        facts=news.facts(
            ("Result", _files(news.job)), ("At hand until", moment(due) if due else None)
        ),
        links=(Link("Download the files", news.addresses.files(news.job)), news.upgrade),
    )


def archived(news: News) -> Letter:
    at = news.job.archived_at
    lost = _lost(news.job)
    kept = "Nothing is lost: with" if not lost else f"Some files are lost: {lost}. With"
    back = (
        f"{kept} the Premium plan, which you have, what was archived is retrieved."
        if news.account.keeps_results
        else f"{kept} the Premium plan everything that was archived is retrieved."
    )
    return Letter(
        subject=f"Your result was archived: {news.subject_name}",
        tone=Tone.PLAIN,
        heading="Your result was archived",
        summary=_STAYS,
        paragraphs=(f"The result was moved to the archive. {_STAYS}", back),
        facts=news.facts(("Result", _files(news.job)), ("Archived on", moment(at) if at else None)),
        links=(news.open_job,) if news.account.keeps_results else (news.open_job, news.upgrade),
    )


def restored(news: News) -> Letter:
    job, at, due = news.job, news.job.restored_at, news.job.archive_due_at
    paragraphs = [_IS_BACK]
    if lost := _lost(job):
        paragraphs.append(f"Some files did not come back, for they are lost: {lost}.")
    if due and news.is_to_be_archived:
        paragraphs.append(f"You are on the Free plan: on {moment(due)} it is archived again.")
    return Letter(
        subject=f"Your result is back: {news.subject_name}",
        tone=Tone.GOOD,
        heading="Your result is back",
        summary="It can be explored and downloaded again.",
        paragraphs=tuple(paragraphs),
        facts=news.facts(("Result", _files(job)), ("Back since", moment(at) if at else None)),
        links=(
            Link("Open the result", news.addresses.job(job)),
            Link("Explore the variants", news.addresses.variants(job)),
        ),
    )


LETTERS: Mapping[MailKind, Callable[[News], Letter]] = {
    MailKind.COMPLETED: completed,
    MailKind.FAILED: failed,
    MailKind.ARCHIVE_SOON: archive_soon,
    MailKind.ARCHIVED: archived,
    MailKind.RESTORED: restored,
}


def _lost(job: Job) -> str:
    return ", ".join(file.name for file in job.files if file.lost)


def _files(job: Job) -> str | None:
    """How many files a result has, and their size together."""
    if not job.files:
        return None
    count = len(job.files)
    return f"{count} file{'s' if count != 1 else ''}, {size(sum(f.size for f in job.files))}"


def _work(job: Job) -> str | None:
    if job.started_at is None or job.completed_at is None:
        return None
    return span(job.completed_at - job.started_at)
