"""A letter before it has a form: both forms of a mail are made of the same one."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How the news is; the colour of a letter's upper edge."""

    GOOD = "good"
    PLAIN = "plain"
    WARN = "warn"
    ALARM = "alarm"


@dataclass(frozen=True)
class Link:
    """``label`` says what one finds there, since it is read without what is around it."""

    label: str
    url: str


@dataclass(frozen=True)
class Letter:
    """What a mail says. All of it is text: the forms see to it that it stays text.

    ``summary`` is what a list of mails shows beside the subject. ``notice`` stands out; it is
    what a service said, word for word. The first of ``links`` is what most readers want next.
    """

    subject: str
    tone: Tone
    heading: str
    summary: str
    paragraphs: tuple[str, ...]
    links: tuple[Link, ...]
    notice: str | None = None
    advice: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
