"""From what happened to a mail in both forms."""

import textwrap
from datetime import datetime, timedelta

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from gas.domain.job import Job
from gas.domain.mail_kinds import MailKind
from gas.domain.plan import Account
from gas.domain.wording import one_line
from gas.mails.addresses import Addresses
from gas.mails.letters import LETTERS, News
from gas.ports import Mail

_LINE = 76  # RFC 5322, section 2.1.1: at most 78


class Mails:
    """Writes mails. ``public_url`` is where users reach GAS."""

    def __init__(self, public_url: str, free_retention: timedelta) -> None:
        self._addresses = Addresses(public_url.rstrip("/"))
        self._free_retention = free_retention
        self._environment = Environment(
            loader=PackageLoader("gas.mails"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters["wrapped"] = _wrapped

    def write(self, kind: MailKind, job: Job, account: Account, now: datetime) -> Mail:
        """The mail about a job to its owner, as things are ``now``."""
        news = News(job, account, now, self._addresses, self._free_retention)
        letter = LETTERS[kind](news)
        values = {
            "letter": letter,
            "to": one_line(account.name),
            "name": news.name,
            "job_id": job.job_id,
            "addresses": self._addresses,
        }
        return Mail(
            to=account.email,
            subject=letter.subject,
            text=self._environment.get_template("mail.txt").render(values),
            html=self._environment.get_template("mail.html").render(values),
        )


def _wrapped(paragraph: str) -> str:
    """In lines of text; an address or a file's name is not broken, however long it is."""
    return textwrap.fill(paragraph, _LINE, break_long_words=False, break_on_hyphens=False)
