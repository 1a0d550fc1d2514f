"""What mails say, in both forms, and that nothing a user typed becomes more than text."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from gas.domain.advice import ADVICE, advice
from gas.domain.errors import ErrorCode
from gas.domain.job import Job
from gas.domain.mail_kinds import MailKind
from gas.domain.plan import Account
from gas.mails import Mails
from gas.mails.samples import Sample, samples
from gas.ports import Mail

NOW = datetime(2026, 11, 22, 16, 20, tzinfo=UTC)
RETENTION = timedelta(days=30)
SITE = "https://gas.example.org"
MAILS = Mails(f"{SITE}/", RETENTION)
SAMPLES = {sample.name: sample for sample in samples(NOW, RETENTION)}
JOB = f"{SITE}/jobs/{next(iter(SAMPLES.values())).job.job_id}"

HOSTILE_NAMES = [
    "<script>alert(1)</script>.vcf",
    '"><img src=x onerror=alert(1)>.vcf',
    "' onmouseover='alert(1)' x='.vcf",
    "</title><svg onload=alert(1)>.vcf",
    "{{ 7 * 7 }}{% raw %}{0.__class__}.vcf",
    "javascript:alert(1)//.vcf",
    "<!--<a href=https://evil.example>--!>.vcf",
]


class Reader(HTMLParser):
    """Collects the elements, the addresses and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._text).split())

    @property
    def links(self) -> set[str | None]:
        return {value for name, value in self.attributes if name == "href"}


def written(sample: Sample, **changes: object) -> Mail:
    job = Job.model_validate(sample.job.model_dump() | changes)
    return MAILS.write(sample.kind, job, sample.account, NOW)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_there_is_a_sample_of_every_kind_and_every_failure() -> None:
    assert {sample.kind for sample in SAMPLES.values()} == set(MailKind)
    codes = {s.job.failure.code for s in SAMPLES.values() if s.job.failure}
    assert codes == set(ADVICE)


@pytest.mark.parametrize("name", SAMPLES)
def test_both_forms_say_the_same(name: str) -> None:
    mail = written(SAMPLES[name])
    text, page = flat(mail.text), Reader(mail.html)
    paragraphs = re.findall(r"<p [^>]*>([^<]+)</p>", mail.html)
    assert len(paragraphs) >= 3
    for paragraph in paragraphs:
        assert flat(Reader(paragraph).text) in text
    links = page.links
    assert links == set(re.findall(r"https://\S+", mail.text))
    assert JOB in {str(link).partition("#")[0] for link in links}
    assert f"{SITE}/account#mail" in links
    assert "Dear Ada," in text
    assert all(str(link).startswith(f"{SITE}/") for link in links)


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_loaded_and_nothing_runs(name: str) -> None:
    """A mail tells nobody that it was read, and mail programs show it without asking."""
    page = Reader(written(SAMPLES[name]).html)
    assert not {"img", "script", "link", "iframe", "form", "object"} & set(page.tags)
    names = {name for name, _ in page.attributes}
    assert not [name for name in names if name.startswith("on") or name in {"src", "background"}]
    assert not re.search(r"url\(|@import", written(SAMPLES[name]).html)


@pytest.mark.parametrize("hostile", HOSTILE_NAMES)
@pytest.mark.parametrize("name", ["completed-free", "failed-malformed_vcf", "archive-soon"])
def test_names_stay_text(name: str, hostile: str) -> None:
    """Of files, of jobs and of people, and whatever a message cites from a file."""
    sample = SAMPLES[name]
    changes: dict[str, object] = {
        "name": hostile,
        "input": {"key": "k", "file_name": hostile},
    }
    if sample.job.failure:
        changes["failure"] = {"code": ErrorCode.MALFORMED_VCF, "message": hostile}
    plain = Reader(written(sample).html)
    account = Account.model_validate(sample.account.model_dump() | {"name": hostile})
    job = Job.model_validate(sample.job.model_dump() | changes)
    mail = MAILS.write(sample.kind, job, account, NOW)
    page = Reader(mail.html)
    assert set(page.tags) == set(plain.tags)
    assert {name for name, _ in page.attributes} == {name for name, _ in plain.attributes}
    assert page.links == plain.links
    assert flat(hostile) in page.text
    assert hostile in mail.subject
    assert flat(hostile) in flat(mail.text)


@pytest.mark.parametrize(
    "hostile",
    [
        "a\r\nBcc: eve@example.org\r\n\r\nforged.vcf",
        "a\nBcc: eve@example.org.vcf",
        "a\x00\x07\x1b[31m\x85\u2028\u2029b.vcf",
        "evil\u202efcv.exe",
        "\u2066a\u2069\u200fb.vcf",
    ],
)
@pytest.mark.parametrize("name", ["completed-free", "failed-malformed_vcf"])
def test_names_end_no_header_and_turn_no_direction(name: str, hostile: str) -> None:
    account = Account.model_validate(SAMPLES[name].account.model_dump() | {"name": hostile})
    job = Job.model_validate(
        SAMPLES[name].job.model_dump() | {"input": {"key": "k", "file_name": hostile}}
    )
    mail = MAILS.write(SAMPLES[name].kind, job, account, NOW)
    assert len(mail.subject.splitlines()) == 1
    for form in (mail.subject, mail.text, mail.html):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\u200f]", form)
    assert not re.search(r"^\W*Bcc:", mail.text, re.MULTILINE)


def test_a_long_name_does_not_make_a_long_subject() -> None:
    mail = written(SAMPLES["completed-free"], name="x" * 300)
    assert len(mail.subject) < 120
    assert mail.subject.endswith("…")
    assert "x" * 300 in mail.text


@pytest.mark.parametrize("name", SAMPLES)
def test_lines_of_text_are_not_too_long_for_mail(name: str) -> None:
    """RFC 5322, section 2.1.1. What may be longer are names."""
    names = {SAMPLES[name].job.title, f"File: {SAMPLES[name].job.input.file_name}"}
    lines = [line for line in written(SAMPLES[name]).text.splitlines() if line not in names]
    assert max(map(len, lines)) <= 78


def test_the_free_plan_hears_until_when_and_how_to_keep_it() -> None:
    free = flat(written(SAMPLES["completed-free"]).text)
    assert "stays at hand for 30 days, until 22 December 2026, 16:16 UTC." in free
    assert f"{SITE}/account/plan" in free
    premium = flat(written(SAMPLES["completed-premium"]).text)
    assert "stays at hand" not in premium
    assert f"{SITE}/account/plan" not in premium


def test_the_announcement_says_when_what_stays_and_how_to_keep_it() -> None:
    mail = written(SAMPLES["archive-soon"], archive_due_at=NOW + timedelta(hours=48))
    text = flat(mail.text)
    assert "moves to the archive on 24 November 2026, 16:20 UTC, in 2 days." in text
    assert "The summary, the log and the manifest stay readable." in text
    assert f"Download the files: {JOB}#files" in text
    assert f"Upgrade to Premium: {SITE}/account/plan" in text


def test_a_mail_is_called_as_its_job() -> None:
    mail = written(SAMPLES["completed-free"], name="Family 7")
    assert mail.subject == "Your annotated VCF is ready: Family 7"
    assert "File: NA12878.vcf.gz" in mail.text


@pytest.mark.parametrize(("name", "kind"), [("archived", "free"), ("restored", "premium")])
def test_a_mail_about_a_move_names_what_was_lost_and_only_then(name: str, kind: str) -> None:
    short = written(SAMPLES[f"{name}-lost-file"])
    whole = written(SAMPLES[f"{name}-{kind}"])
    for form in (flat(short.text), Reader(short.html).text):
        assert "lost: variants.parquet." in form
        assert "Nothing is lost" not in form
    assert "variants.parquet" not in whole.text + whole.html


def test_who_upgraded_meanwhile_is_not_told_to_upgrade() -> None:
    assert "/account/plan" in written(SAMPLES["archived-free"]).text
    assert "/account/plan" not in written(SAMPLES["archived-upgraded"]).text


def test_who_downgraded_meanwhile_hears_that_it_is_archived_again() -> None:
    assert "is archived again" in flat(written(SAMPLES["restored-free"]).text)
    assert "is archived again" not in flat(written(SAMPLES["restored-premium"]).text)


@pytest.mark.parametrize("code", ADVICE)
def test_a_failure_has_its_code_and_its_advice(code: ErrorCode) -> None:
    text = flat(written(SAMPLES[f"failed-{code}"]).text)
    assert f"({code})" in text
    assert f"What to do: {advice(code)}" in text


@pytest.mark.parametrize("code", ErrorCode)
def test_there_is_advice_for_every_code(code: ErrorCode) -> None:
    assert advice(code).endswith(".")


def test_a_record_that_knows_little_has_its_mail_too() -> None:
    """For instance one of an older version of GAS."""
    job = Job.model_validate(
        {
            "user_id": "u",
            "job_id": "j",
            "correlation_id": "c",
            "genome": "rCRS",
            "input": {"key": "k", "file_name": "a.vcf"},
            "created_at": NOW,
        }
    )
    for kind in MailKind:
        mail = MAILS.write(kind, job, SAMPLES["completed-free"].account, NOW)
        assert "None" not in mail.text
        assert f"{SITE}/jobs/j" in mail.text
