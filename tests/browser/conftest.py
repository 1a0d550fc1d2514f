"""Browsers on the one running GAS, and users at them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import StorageState

from gas.annotation import demo_vcf
from gas.cli.views import JobView
from gas.domain.plan import Plan
from tests.support.browsing import Browsers, Visitor, browsers
from tests.support.journey import Journey
from tests.support.live import LiveStack
from tests.support.users import User


@dataclass(frozen=True)
class Seated(Visitor):
    """A visitor who is signed in; ``user`` is the same person with a token."""

    user: User


@dataclass(frozen=True)
class AtDemo(Seated):
    """Somebody whose ``job`` has the result of the demo VCF at hand, for good."""

    job: JobView

    @property
    def base(self) -> str:
        """The address of the job's page."""
        return f"/jobs/{self.job.id}"


@pytest.fixture(scope="session")
async def browser(live: LiveStack) -> AsyncIterator[Browsers]:
    site = live.environment()["GAS_PUBLIC_URL"].rstrip("/")
    store = live.environment()["GAS_S3_PUBLIC_ENDPOINT"]
    async with browsers(site, [live.issuer_url, store]) as opened:
        yield opened


@pytest.fixture
async def stranger(browser: Browsers) -> AsyncIterator[Visitor]:
    """Nobody is signed in."""
    async with browser.visitor() as visitor:
        yield visitor


@pytest.fixture
async def free(browser: Browsers, journey: Journey) -> AsyncIterator[Seated]:
    """A new user on the Free plan, at the page of jobs."""
    async with browser.visitor() as visitor:
        yield await _seated(visitor, await journey.user())


@pytest.fixture
async def paying(browser: Browsers, journey: Journey) -> AsyncIterator[Seated]:
    """A new user on the Premium plan, whose results stay at hand."""
    async with browser.visitor() as visitor:
        yield await _seated(visitor, await journey.user(Plan.PREMIUM))


async def _seated(visitor: Visitor, user: User) -> Seated:
    await visitor.sign_in(user.email)
    return Seated(visitor.page, visitor.context, visitor.site, visitor.watch, user)


@pytest.fixture(scope="session")
async def demo_owner(browser: Browsers, journey: Journey) -> tuple[User, JobView, StorageState]:
    """Signed in once, with one result, for all tests that only look at it."""
    user = await journey.user(Plan.PREMIUM)
    job = await user.completed(demo_vcf().read_bytes())
    await journey.until_kept(user, job.id)
    async with browser.visitor() as visitor:
        await visitor.sign_in(user.email)
        return user, await user.client.show(job.id), await visitor.context.storage_state()


@pytest.fixture
async def demo(
    browser: Browsers, demo_owner: tuple[User, JobView, StorageState]
) -> AsyncIterator[AtDemo]:
    """A window of the owner of the demo's result. Tests leave the job as it is."""
    user, job, session = demo_owner
    async with browser.visitor(storage_state=session) as visitor:
        yield AtDemo(visitor.page, visitor.context, visitor.site, visitor.watch, user, job)
