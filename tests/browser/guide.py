"""The pictures of docs/user-guide.md: ``make guide`` takes them anew, on a stack of its own.

That takes a little longer than the retention of the Free plan, for one of them shows an archived
result. ``--retention SECONDS`` is quicker; the pictures then tell of so long a retention.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.async_api import FilePayload, FloatRect, Locator, Page, ViewportSize

from gas.annotation import demo_vcf
from gas.cli.client import GasClient
from gas.cli.demo_user import token_of
from gas.cli.views import JobView
from gas.domain.plan import Plan
from gas.domain.states import AVAILABLE, FAILED
from gas.embedded.options import StackOptions
from tests.support.browsing import PROJECT, Browsers, Visitor, browsers
from tests.support.inputs import large_vcf
from tests.support.live import LiveStack
from tests.support.live_embedded import live_embedded
from tests.support.patience import until
from tests.support.users import User

PICTURES = PROJECT / "docs" / "images" / "guide"

_WIDTH = 1200
_HEIGHT = 740
_MARGIN = 16
_LONG = 60_000
_SETTINGS = {
    "GAS_RECONCILE_INTERVAL_SECONDS": "1",
    "GAS_RETRIEVAL_POLL_SECONDS": "1",
    "GAS_CONCURRENCY": "1",  # so that one long job keeps others waiting
}
_FACES = {"timezone_id": "UTC", "color_scheme": "light", "reduced_motion": "reduce"}

_PLAIN = "text/plain"
_FAULTY = """\
##fileformat=VCFv4.2
##contig=<ID=MT,length=16569>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
MT\t3243\t.\tA\tG\t.\tPASS\t.
MT\tsomewhere\t.\tT\tC\t.\tPASS\t.
MT\t8993\t.\tT\tQ\t.\tPASS\t.
MT\t11778\t.\tG\tA\tgood\tPASS\t.
"""


@dataclass(frozen=True)
class Sitter:
    """Somebody at a browser, whose window is photographed."""

    visitor: Visitor
    user: User

    @property
    def page(self) -> Page:
        return self.visitor.page

    async def open(self, path: str) -> None:
        await self.visitor.open(path)
        await self.page.wait_for_load_state("networkidle")

    async def job(self, file_name: str, name: str) -> JobView:
        """Submit the example under these names, and wait for its result."""
        job = await self.user.submit(demo_vcf().read_bytes(), file_name)
        await self.user.ask("PATCH", f"/jobs/{job.id}", json={"name": name})
        return await self.user.until(job.id, AVAILABLE)

    async def take(self, name: str, of: Locator | None = None, height: int = _HEIGHT) -> None:
        """A picture of the window, of this ``height`` in pixels, or of a part of the page."""
        await self.page.set_viewport_size(ViewportSize(width=_WIDTH, height=height))
        target = PICTURES / f"{name}.png"
        clip = await _around(of) if of else None
        await self.page.screenshot(
            path=target, clip=clip, full_page=clip is not None, animations="disabled"
        )
        sys.stdout.write(f"{target.relative_to(PROJECT)}, {target.stat().st_size // 1024} KB\n")


async def take_all(retention: timedelta) -> None:
    with tempfile.TemporaryDirectory() as state:
        async with (
            live_embedded(Path(state), retention, _SETTINGS) as stack,
            _browsers_on(stack) as opened,
            _sitter(opened, stack, "ada") as ada,
            _sitter(opened, stack, "ben") as ben,
        ):
            job = await _example(ada)
            await _submit(ada)
            await _result(ben, await _jobs(ben, stack))
            await _archive(ada, job, stack, retention)


async def _example(ada: Sitter) -> str:
    """From the landing page to the result of the example; gives the address of its page."""
    page = ada.page
    await ada.open("/")
    await ada.take("landing", height=720)
    await ada.visitor.sign_in("ada", then="/jobs/new?example=1")
    await page.get_by_role("button", name="Annotate the example").click()
    await page.get_by_role("link", name="Explore the variants").wait_for(timeout=_LONG)
    await page.get_by_text("Mail sent").wait_for(timeout=_LONG)
    await ada.take("job", height=900)
    return page.url.removeprefix(ada.visitor.site)


async def _submit(ada: Sitter) -> None:
    """Two files are checked: a good one, and one that has its faults."""
    await ada.open("/jobs/new")
    await ada.page.locator("#files").set_input_files(
        [
            FilePayload(name="family.vcf", mimeType=_PLAIN, buffer=demo_vcf().read_bytes()),
            FilePayload(name="by-hand.vcf", mimeType=_PLAIN, buffer=_FAULTY.encode()),
        ]
    )
    await ada.page.locator(".report").nth(1).wait_for(timeout=_LONG)
    await ada.take("submit", ada.page.locator("#current"))


async def _jobs(ben: Sitter, stack: LiveStack) -> JobView:
    """A list with jobs in many states, one of which tells why it waits; gives one that is done."""
    await ben.visitor.sign_in("ben")
    await ben.user.client.change_plan(Plan.PREMIUM)
    failed = await ben.user.submit(_FAULTY.encode(), "by-hand.vcf")
    await ben.user.until(failed.id, FAILED)
    done = await ben.job("family-1.vcf", "Family 1")
    long = await ben.user.submit(large_vcf(copies=30), "cohort.vcf")
    await until(
        lambda: ben.user.client.show(long.id),
        lambda job: job.progress is not None and bool(job.progress.records),
        what="a job that runs",
    )
    async with stack.frozen("annotator"):
        await ben.user.submit(file_name="family-2.vcf")
        await ben.user.submit(file_name="family-3.vcf")
        await ben.open("/jobs")
        await ben.page.get_by_text("2nd in line").click()
        await ben.take("jobs", height=820)
        await ben.user.client.cancel(long.id)
    return done


async def _result(ben: Sitter, job: JobView) -> None:
    """What can be done with a result that stays at hand."""
    page = ben.page
    await ben.open(f"/jobs/{job.id}/variants?impact=HIGH&impact=MODERATE")
    await ben.take("explorer")
    await page.get_by_role("link", name="3308").first.click()
    await page.locator("#variant-heading").wait_for()
    await ben.take("variant")
    await ben.open(f"/jobs/{job.id}/genome?locus=MT:3200-3340")
    await page.locator("#genome-message").wait_for(state="hidden")
    await ben.take("genome", height=720)
    await ben.open(f"/jobs/{job.id}")
    await page.get_by_label("For whom or what").fill("Reviewers of the paper")
    await page.get_by_role("button", name="Make a link").click()
    await page.get_by_text("It is shown this once").wait_for()
    await ben.take("share", page.locator("#shares"))


async def _archive(ada: Sitter, job: str, stack: LiveStack, retention: timedelta) -> None:
    """The result goes to the archive, and begins to come back."""
    page = ada.page
    await ada.open(job)
    archived = page.locator(".badge", has_text="Archived")
    await archived.wait_for(timeout=_LONG + retention.total_seconds() * 1_000)
    await ada.take("archived")
    await ada.open("/account")
    await ada.take("account", height=900)
    await ada.open("/account/plan")
    await ada.take("plan", page.locator("main"))
    async with stack.stopped("thawer"):
        await page.get_by_role("button", name="Upgrade to Premium").click()
        await ada.open(job)
        await page.get_by_text("Expected back").wait_for(timeout=_LONG)
        await ada.take("restoring")


async def _around(part: Locator) -> FloatRect:
    """Where it is in the page, with a margin."""
    box = await part.bounding_box()
    scrolled = await part.page.evaluate("scrollY")
    assert box is not None, "it is not to be seen"
    return FloatRect(
        x=max(0, box["x"] - _MARGIN),
        y=max(0, box["y"] + scrolled - _MARGIN),
        width=box["width"] + 2 * _MARGIN,
        height=box["height"] + 2 * _MARGIN,
    )


@asynccontextmanager
async def _browsers_on(stack: LiveStack) -> AsyncIterator[Browsers]:
    told = stack.environment()
    others = [stack.issuer_url, told["GAS_S3_PUBLIC_ENDPOINT"]]
    async with browsers(told["GAS_PUBLIC_URL"].rstrip("/"), others) as opened:
        yield opened


@asynccontextmanager
async def _sitter(opened: Browsers, stack: LiveStack, name: str) -> AsyncIterator[Sitter]:
    """One of the issuer's users, at a window where nobody is signed in yet."""
    token = await token_of(stack.api_url, name)
    async with GasClient(stack.api_url, token) as client, opened.visitor(**_FACES) as visitor:
        account = await client.account()
        await visitor.page.set_viewport_size(ViewportSize(width=_WIDTH, height=_HEIGHT))
        yield Sitter(visitor, User(client, account.user_id, account.email))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    usual = StackOptions().free_retention.total_seconds()
    parser.add_argument("--retention", type=float, default=usual, metavar="SECONDS")
    PICTURES.mkdir(parents=True, exist_ok=True)
    asyncio.run(take_all(timedelta(seconds=parser.parse_args().retention)))


if __name__ == "__main__":
    main()
