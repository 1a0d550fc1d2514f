"""All by the keyboard: every stop can be seen, every dialog keeps the focus and gives it back."""

from typing import Any

from playwright.async_api import Locator, Page

from gas.annotation import demo_vcf
from gas.domain.plan import Plan
from tests.browser.conftest import Seated
from tests.support.browsing import Browsers, Visitor
from tests.support.journey import Journey

_MOST_STOPS = 60
_STOP = """() => {
  const stop = document.activeElement;
  const isShown = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && width > 1 && height > 1;
  };
  const isPage = stop === document.body;
  return {
    isPage,
    isSeen: isPage || [stop, ...(stop.labels ?? [])].some(isShown),
    what: stop.outerHTML.slice(0, 120),
  };
}"""
_IS_FOCUSED = "(element) => element === document.activeElement"
_IS_WITHIN = "(element) => element.contains(document.activeElement)"


async def _next_stop(page: Page, key: str = "Tab") -> dict[str, Any]:
    await page.keyboard.press(key)
    stop: dict[str, Any] = await page.evaluate(_STOP)
    assert stop["isSeen"], f"the focus is nowhere to be seen: {stop['what']}"
    return stop


async def _tab_to(page: Page, target: Locator) -> None:
    await target.wait_for()
    stops = []
    for _ in range(_MOST_STOPS):
        stops.append((await _next_stop(page))["what"])
        if await target.evaluate(_IS_FOCUSED):
            return
    raise AssertionError(f"{target} was not among {stops}")


async def _press(page: Page, target: Locator, key: str = "Enter") -> None:
    await _tab_to(page, target)
    await page.keyboard.press(key)


async def test_from_the_landing_page_to_a_filtered_view(
    browser: Browsers, journey: Journey
) -> None:
    user = await journey.user(Plan.PREMIUM)
    async with browser.visitor() as visitor:
        page = visitor.page
        await visitor.open("/")
        await _press(page, page.get_by_role("link", name="Try it with example data"))
        await page.locator("input[name=sub]").focus()  # the issuer's page is not ours
        await page.keyboard.type(user.email)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/jobs/new*")
        await _press(page, page.get_by_role("button", name="Annotate the example"))
        await page.wait_for_url("**/jobs/0*")
        await _press(page, page.get_by_role("link", name="Explore the variants"))
        await page.wait_for_url("**/variants")
        await _press(page, page.get_by_role("checkbox", name="High"), "Space")
        await page.get_by_text("of 451 alleles match").wait_for()
        assert await page.get_by_role("checkbox", name="High").evaluate(_IS_FOCUSED)

        await _the_menu_closes(page)
        await _the_variant_opens_and_closes(page)


async def _the_menu_closes(page: Page) -> None:
    menu = page.locator("#download-menu > summary")
    await _press(page, menu)
    await _tab_to(page, page.get_by_role("link", name="Parquet").first)
    await page.keyboard.press("Escape")
    assert await menu.evaluate(_IS_FOCUSED)


async def _the_variant_opens_and_closes(page: Page) -> None:
    variant = page.locator("table.data tbody th a").first
    await _press(page, variant)
    await _keeps_the_focus(page, page.get_by_role("dialog", name="One variant"))
    assert await variant.evaluate(_IS_FOCUSED)


async def _keeps_the_focus(page: Page, dialog: Locator) -> None:
    """The dialog has it, and no key leads to the page behind; Escape closes it."""
    await dialog.wait_for()
    assert await dialog.evaluate(_IS_WITHIN)
    stops = await dialog.locator("a, button, input, textarea, [tabindex='0']").count()
    for key in ["Tab"] * (stops + 2) + ["Shift+Tab"] * 3:
        stop = await _next_stop(page, key)
        assert stop["isPage"] or await dialog.evaluate(_IS_WITHIN), stop["what"]
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="hidden")


async def test_the_dialog_to_paste_into(free: Seated) -> None:
    await free.open("/jobs/new")
    opener = free.page.get_by_role("button", name="Paste a VCF")
    await _press(free.page, opener)
    await _keeps_the_focus(free.page, free.page.get_by_role("dialog", name="Paste a VCF"))
    assert await opener.evaluate(_IS_FOCUSED)


async def test_the_first_stop_skips_what_every_page_has(stranger: Visitor, free: Seated) -> None:
    for visitor, path in ((stranger, "/"), (free, "/jobs"), (free, "/account")):
        page = visitor.page
        await visitor.open(path)
        await _next_stop(page)
        skip = page.get_by_role("link", name="Skip to content")
        assert await skip.evaluate(_IS_FOCUSED)
        box = await skip.bounding_box()
        assert box
        assert box["height"] > 20
        await page.keyboard.press("Enter")
        await _next_stop(page)
        assert await page.locator("#content").evaluate(_IS_WITHIN)


async def test_every_stop_of_a_job_page_is_seen(paying: Seated) -> None:
    job = await paying.user.completed(demo_vcf().read_bytes())
    await paying.open(f"/jobs/{job.id}")
    await paying.page.get_by_role("heading", name="Summary").wait_for()
    for _ in range(_MOST_STOPS):
        if (await _next_stop(paying.page))["isPage"]:
            break
