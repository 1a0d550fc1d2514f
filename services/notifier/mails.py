"""What the mails say: one pair of templates, text and HTML, for each kind of event."""

from collections.abc import Mapping
from datetime import timedelta

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from gas.domain.job import Job
from gas.domain.plan import Account
from gas.messages import JobCompleted, JobFailed, Message, ResultArchived, ResultRestored
from gas.ports import Mail

_TEMPLATES: Mapping[type[Message], tuple[str, str]] = {
    JobCompleted: ("completed", "Your annotated VCF is ready: {file}"),
    JobFailed: ("failed", "GAS could not annotate {file}"),
    ResultArchived: ("archived", "Your result was archived: {file}"),
    ResultRestored: ("restored", "Your result is back: {file}"),
}


class Mails:
    """Writes mails."""

    def __init__(self, public_url: str, free_retention: timedelta) -> None:
        self._public_url = public_url.rstrip("/")
        self._free_retention = free_retention
        self._environment = Environment(
            loader=PackageLoader("services.notifier"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def about(self, message: Message, job: Job, account: Account) -> Mail | None:
        """The mail to write about an event, or None where there is nothing to say."""
        kind = _TEMPLATES.get(type(message))
        if kind is None:
            return None
        template, subject = kind
        values = {
            "account": account,
            "job": job,
            "lost": [file.name for file in job.files if file.lost],
            "url": f"{self._public_url}/?job={job.job_id}",
            "retention": _in_words(self._free_retention),
        }
        return Mail(
            to=account.email,
            subject=subject.format(file=_one_line(job.input.file_name)),
            text=self._environment.get_template(f"{template}.txt").render(values),
            html=self._environment.get_template(f"{template}.html").render(values),
        )


def _one_line(text: str) -> str:
    """A file's name is the user's own: no line break of it may end a mail header."""
    return " ".join(text.split())


def _in_words(span: timedelta) -> str:
    seconds = span.total_seconds()
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return "a moment"
