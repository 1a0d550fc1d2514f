"""A user at a browser, and what must never happen there."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    ViewportSize,
    async_playwright,
)

from tests.support.chromium import chromium

PROJECT = Path(__file__).parents[2]
SCREENSHOTS = PROJECT / ".gas" / "screenshots"

_AXE = PROJECT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_SERIOUS = {"serious", "critical"}
_TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""

_OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

_SIZES: dict[str, ViewportSize] = {
    "light": {"width": 1280, "height": 900},
    "dark": {"width": 1280, "height": 900},
    "narrow": {"width": 360, "height": 780},
}


@dataclass
class Watch:
    """What a browser said against our pages; empty if all is well."""

    site: str
    hosts: set[str]
    complaints: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type not in {"error", "warning"}:
            return
        self.complaints.append(f"{message.type}: {message.text} at {message.location.get('url')}")

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc not in self.hosts:
            self.complaints.append(f"request to {request.url}")


@dataclass
class Clicks:
    """Counts how often somebody had to click."""

    count: int = 0

    async def on(self, target: Locator) -> None:
        await target.click()
        self.count += 1


@dataclass(frozen=True)
class Visitor:
    """A browser window of its own: its cookies are nobody else's."""

    page: Page
    context: BrowserContext
    site: str
    watch: Watch
    clicks: Clicks = field(default_factory=Clicks, kw_only=True)

    async def open(self, path: str) -> None:
        await self.page.goto(self.site + path)

    async def sign_in(self, subject: str, then: str = "/jobs") -> None:
        """Through the issuer's own form."""
        await self.page.goto(f"{self.site}/sign-in?next={then}")
        await self.page.fill("input[name=sub]", subject)
        await self.page.press("input[name=sub]", "Enter")
        await self.page.wait_for_url(f"{self.site}/**")

    def expect_refusal(self, status: int) -> None:
        """The browser itself writes an error to the console for an answer like this one."""
        complaints = self.watch.complaints
        told = [c for c in complaints if f"a status of {status}" in c]
        assert told, f"no {status} was told of: {complaints}"
        for complaint in told:
            complaints.remove(complaint)

    async def inspect(self, name: str) -> Sequence[str]:
        """What is wrong with the page, in light, dark and narrow; with a screenshot of each.

        That is what axe-core finds to be serious or critical by WCAG 2.2 AA, and a page that has to
        be scrolled sideways. The screenshots are under the project's ignored .gas folder.
        """
        return await self._look(name, self._violations)

    async def look_at(self, name: str) -> Sequence[str]:
        """As ``inspect``, without axe-core, which waits forever where no scripts run."""
        return await self._look(name)

    async def _look(
        self, name: str, *more: Callable[[], Awaitable[Sequence[str]]]
    ) -> Sequence[str]:
        faults: list[str] = []
        for look, size in _SIZES.items():
            await self.page.set_viewport_size(size)
            await self.page.emulate_media(color_scheme="dark" if look == "dark" else "light")
            target = SCREENSHOTS / look / f"{name}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            # Playwright hides the caret by a style attribute, which our policy forbids.
            await self.page.screenshot(path=target, full_page=True, caret="initial")
            for find in more:
                faults += [f"{look}: {fault}" for fault in await find()]
            if await self.page.evaluate(_OVERFLOWS):
                faults.append(f"{look}: the page is wider than the window")
        await self.page.set_viewport_size(_SIZES["light"])
        await self.page.emulate_media(color_scheme="light")
        return faults

    async def _violations(self) -> Sequence[str]:
        await self.page.evaluate(_AXE.read_text(encoding="utf-8"))
        found = await self.page.evaluate(
            "(tags) => axe.run({ runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })",
            _WCAG,
        )
        return [
            f"{rule['id']} ({rule['impact']}): {node['target']} {node['failureSummary']}"
            for rule in found["violations"]
            if rule["impact"] in _SERIOUS
            for node in rule["nodes"]
        ]


class Browsers:
    """Opens windows for visitors on one running GAS."""

    def __init__(self, browser: Browser, site: str, others: Sequence[str]) -> None:
        self._browser = browser
        self._site = site
        self._hosts = {urlsplit(url).netloc for url in (site, *others)}

    @asynccontextmanager
    async def visitor(self, **options: Any) -> AsyncIterator[Visitor]:
        """A new window. At its end: no complaint of the browser, and no request elsewhere.

        ``options`` are Playwright's for a context, for example ``java_script_enabled=False``.
        """
        context = await self._browser.new_context(
            ignore_https_errors=True, locale="en-GB", viewport=_SIZES["light"], **options
        )
        context.set_default_timeout(20_000)
        await context.add_init_script(_TELL_VIOLATIONS)
        watch = Watch(self._site, self._hosts)
        context.on("page", watch.over)
        try:
            yield Visitor(await context.new_page(), context, self._site, watch)
            assert watch.complaints == [], watch.complaints
        finally:
            await context.close()


@asynccontextmanager
async def browsers(site: str, others: Sequence[str]) -> AsyncIterator[Browsers]:
    """A Chromium; ``others`` are addresses besides the site's that pages may use."""
    async with async_playwright() as playwright, _launched(playwright) as browser:
        yield Browsers(browser, site, others)


@asynccontextmanager
async def _launched(playwright: Playwright) -> AsyncIterator[Browser]:
    # Chromium's own sandbox does not work for root, who has it in containers and on CI.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = await playwright.chromium.launch(executable_path=chromium(), args=arguments)
    try:
        yield browser
    finally:
        await browser.close()
