"""A large upload that breaks off, and goes on after a reload with what is missing.

It stands for 2 GB in parts of 50 MB: as many parts, but small ones (``UPLOAD_PART_BYTES``).
"""

import hashlib
import json
import random
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Page, Request, Route

from gas.annotation.result import MANIFEST
from gas.domain.states import AVAILABLE
from tests.browser.conftest import Seated
from tests.support.inputs import small_vcf
from tests.support.journey import UPLOAD_PART_BYTES
from tests.support.patience import until
from tests.support.users import User

_PARTS = 41
_BEFORE_THE_CUT = 15


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Records with long notes, no two parts alike: large, and yet soon annotated."""
    chance = random.Random(41)  # noqa: S311 - nothing secret
    lines = small_vcf().decode().splitlines()
    meaning = '##INFO=<ID=NOTE,Number=1,Type=String,Description="A note">'
    notes = [chance.randbytes(UPLOAD_PART_BYTES // 2).hex() for _ in range(_PARTS - 1)]
    records = [f"{lines[3].removesuffix('.')}NOTE={note}" for note in notes]
    path = tmp_path / "large.vcf"
    path.write_text("\n".join([*lines[:2], meaning, lines[2], *records]) + "\n")
    return path


class Cable:
    """Between the browser and the store: tells which parts went through, and can be cut."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.cut_after: int | None = None

    async def plug_in(self, page: Page) -> None:
        await page.route(lambda url: "partNumber=" in url, self._pass)

    async def _pass(self, route: Route) -> None:
        number = _number_of(route.request)
        if number is None:  # the browser asks whether it may
            await route.continue_()
        elif self.cut_after is not None and len(self.sent) >= self.cut_after:
            await route.abort("internetdisconnected")
        else:
            self.sent.append(number)
            await route.continue_()


def _number_of(request: Request) -> int | None:
    if request.method != "PUT":
        return None
    return int(parse_qs(urlsplit(request.url).query)["partNumber"][0])


async def _parts_there(user: User, job_id: str, size: int) -> set[int]:
    answer = await user.ask("POST", f"/jobs/{job_id}/upload", json={"size": size})
    return set(answer.json()["parts"]["there"])


async def test_an_upload_goes_on_after_a_reload(paying: Seated, large: Path) -> None:
    page, user, size = paying.page, paying.user, large.stat().st_size
    cable = Cable()
    await cable.plug_in(page)
    await paying.open("/jobs/new")
    cable.cut_after = _BEFORE_THE_CUT
    await page.set_input_files("#files", large)
    row = page.get_by_role("listitem").filter(has_text="large.vcf")
    await row.get_by_text("The connection broke off. Trying again").wait_for()
    [draft] = (await user.ask("GET", "/jobs")).json()["jobs"]
    there = await until(
        lambda: _parts_there(user, draft["id"], size),
        lambda there: len(there) == _BEFORE_THE_CUT,
        what="all parts before the cut in the store",
    )
    assert there == set(cable.sent)

    await page.reload()
    paying.watch.complaints[:] = [c for c in paying.watch.complaints if "net::ERR_" not in c]
    await row.get_by_text("Choose large.vcf again to go on.").wait_for()
    assert await row.get_by_text("36 %").is_visible()
    assert await paying.inspect("submit-unfinished") == []
    cable.sent, cable.cut_after = [], None
    async with page.expect_file_chooser() as chooser:
        await row.get_by_role("button", name="Choose the file").click()
    await (await chooser.value).set_files(large)
    await row.get_by_role("button", name="Annotate").click()
    await page.wait_for_url(f"**/jobs/{draft['id']}")

    assert sorted(cable.sent) == sorted(set(range(1, _PARTS + 1)) - there)
    job = await user.until(draft["id"], AVAILABLE)
    sha256 = hashlib.sha256(large.read_bytes()).hexdigest()
    assert draft["sha256"] == sha256
    result = await user.download(job, large.parent)
    assert json.loads(result[MANIFEST].read_bytes())["input"]["sha256"] == sha256
