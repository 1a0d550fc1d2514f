"""docs/user-guide.md names what is there: pictures, pages and files of a result."""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from gas.annotation import (
    ANNOTATED_INDEX,
    ANNOTATED_VCF,
    LOG,
    MANIFEST,
    SUMMARY,
    VARIANTS_PARQUET,
    VARIANTS_TSV,
)
from gas.domain.mail_kinds import MailKind
from gas.domain.plan import Plan, upload_limit
from gas.domain.wording import size
from services.annotator.workshop import _STAYS_READABLE
from services.api.app import _PAGES

_PROJECT = Path(__file__).parents[2]
_DOCS = _PROJECT / "docs"
_GUIDE = (_DOCS / "user-guide.md").read_text(encoding="utf-8")
_PICTURES = _DOCS / "images" / "guide"
_LARGEST = 160 * 1024

_RESULT = {
    ANNOTATED_VCF,
    ANNOTATED_INDEX,
    VARIANTS_PARQUET,
    VARIANTS_TSV,
    SUMMARY,
    MANIFEST,
    LOG,
}


def test_its_pictures_are_there_and_no_others() -> None:
    shown = re.findall(r"!\[[^]]{20,}\]\(images/guide/([\w-]+)\.png\)", _GUIDE)
    script = (_PROJECT / "tests" / "browser" / "guide.py").read_text(encoding="utf-8")
    taken = re.findall(r'\.take\("([\w-]+)"', script)

    assert shown
    assert len(shown) == _GUIDE.count("![")  # each with words for who does not see it
    assert sorted(shown) == sorted(taken)
    assert sorted(shown) == sorted(path.stem for path in _PICTURES.iterdir())


def test_its_pictures_are_quick_to_load() -> None:
    sizes = {path.name: path.stat().st_size for path in _PICTURES.iterdir()}

    assert {name: taken for name, taken in sizes.items() if taken > _LARGEST} == {}


def test_its_links_lead_somewhere() -> None:
    linked = set(re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", _GUIDE))

    assert linked
    assert [to for to in linked if not (_DOCS / to).is_file()] == []


def test_the_addresses_that_it_names_are_pages() -> None:
    named = set(re.findall(r"`(/[\w/-]*)`", _GUIDE))
    pages = {
        route.path
        for module in _PAGES
        for route in module.router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }

    assert named
    assert named - pages == set()


def test_its_table_has_every_file_of_a_result_and_where_it_goes() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| .+ \| (goes there|stays) \|$", _GUIDE, re.MULTILINE)

    assert dict(rows) == {
        name: "stays" if name in _STAYS_READABLE else "goes there" for name in _RESULT
    }
    assert len(rows) == len(_RESULT)


@pytest.mark.parametrize("plan", list(Plan))
def test_it_tells_the_limits_of_the_plans(plan: Plan) -> None:
    (limits,) = re.findall(r"^\| Largest upload \|(.+)\|$", _GUIDE, re.MULTILINE)

    assert size(upload_limit(plan)) in [cell.strip() for cell in limits.split("|")]


def test_it_tells_of_every_mail() -> None:
    mails = _GUIDE.partition("## Your account, and mails")[2].partition("\n## ")[0]
    words = " ".join(mails.split()).lower()

    for kind, said in {
        MailKind.COMPLETED: "a result is ready",
        MailKind.FAILED: "a file could not be annotated",
        MailKind.ARCHIVE_SOON: "will be archived soon",
        MailKind.ARCHIVED: "was archived",
        MailKind.RESTORED: "is back",
    }.items():
        assert said in kind.meaning.lower()
        assert said in words
