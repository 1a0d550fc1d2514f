"""One's account: what is said of oneself, the plan, tokens, and who else is signed in."""

from http import HTTPStatus

import httpx
from playwright.async_api import Page

from tests.browser.conftest import Seated
from tests.support.browsing import Browsers

_INVISIBLE = "\u200b"


async def _stat(page: Page, about: str) -> str:
    tile = page.locator(".stat").filter(has=page.get_by_text(about, exact=True))
    return await tile.locator("dd").inner_text()


async def test_a_profile_is_saved_and_shown(free: Seated) -> None:
    page = free.page
    await free.open("/account")
    await page.get_by_label("Name", exact=True).fill("Rosalind  Franklin")
    await page.get_by_label("Institution").fill("King's College")
    await page.get_by_label("A result is ready").uncheck()
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Your changes are saved.").wait_for()
    assert await page.get_by_role("link", name="Rosalind Franklin").is_visible()
    assert await page.get_by_label("Institution").input_value() == "King's College"
    assert not await page.get_by_label("A result is ready").is_checked()
    assert await page.get_by_label("A file could not be annotated").is_checked()

    await page.get_by_label("Name", exact=True).fill(f"Rosalind{_INVISIBLE}")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Please leave out characters that cannot be seen.").wait_for()
    free.expect_refusal(HTTPStatus.UNPROCESSABLE_ENTITY)
    assert await free.inspect("account-refused") == []
    account = (await free.user.ask("GET", "/account")).json()
    assert account["name"] == "Rosalind Franklin"
    assert account["muted_mails"] == ["completed"]


async def test_a_plan_is_changed_on_a_page_that_says_what_happens(free: Seated) -> None:
    page = free.page
    job = await free.user.completed()
    await free.open("/account")
    assert await _stat(page, "Job") == "1"
    await page.get_by_role("link", name="Upgrade to Premium").click()
    await page.get_by_role("heading", name="What happens when you upgrade").wait_for()
    await page.get_by_role("button", name="Upgrade to Premium").click()
    await page.get_by_text("You are on Premium.").wait_for()
    account = await free.user.client.account()
    assert account.plan == "premium"

    await page.get_by_role("heading", name="What happens when you go back to Free").wait_for()
    await page.get_by_role("button", name="Change to Free").click()
    await page.get_by_text("You are on the Free plan.").wait_for()
    await page.get_by_role("link", name="Your account", exact=True).click()
    assert await page.get_by_text("up to 150 KB a file").is_visible()
    account = await free.user.client.account()
    assert account.plan == "free"
    assert (await free.user.client.show(job.id)).id == job.id


async def test_signing_out_everywhere_ends_the_session_of_another_window(
    paying: Seated, browser: Browsers
) -> None:
    """By itself where that one shows a page that looks for news; programs go on, unless asked."""
    page = paying.page
    async with browser.visitor() as elsewhere:
        await elsewhere.sign_in(paying.user.email)
        await paying.open("/account")
        windows = page.locator(".browsers li").filter(has_text="Chrome on")
        assert await windows.count() == 2
        assert await windows.filter(has_text="This browser").count() == 1
        assert await paying.inspect("account-two-browsers") == []
        await page.get_by_role("button", name="Sign out everywhere").click()
        await page.get_by_role("heading", name="You are signed out").wait_for()
        assert await paying.inspect("signed-out") == []
        assert (await paying.user.ask("GET", "/account")).status_code == HTTPStatus.OK

        await elsewhere.page.evaluate("document.body.dispatchEvent(new CustomEvent('gas:visible'))")
        await elsewhere.page.wait_for_url(lambda url: not url.startswith(elsewhere.site))

    await paying.sign_in(paying.user.email, then="/account")
    await page.get_by_label("Revoke my access token too").check()
    await page.get_by_role("button", name="Sign out everywhere").click()
    await page.get_by_role("heading", name="You are signed out").wait_for()
    refused = await paying.user.ask("GET", "/account")
    assert refused.status_code == HTTPStatus.UNAUTHORIZED


async def test_a_token_is_made_shown_once_and_revoked(free: Seated) -> None:
    page = free.page
    await free.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await free.open("/tokens")
    await page.get_by_label("Name").fill("The cluster")
    await page.get_by_label("Works").select_option(label="for 30 days")
    await page.get_by_role("button", name="Make token").click()
    await page.get_by_role("heading", name="Your new token The cluster").wait_for()
    await page.get_by_role("button", name="Copy").click()
    await page.get_by_role("button", name="Copied").wait_for()
    assert await free.inspect("token-made") == []
    lines = await page.evaluate("navigator.clipboard.readText()")
    given = dict(line.removeprefix("export ").split("=", 1) for line in lines.splitlines())
    assert given["GAS_URL"] == free.site
    assert await _status(free, given["GAS_TOKEN"]) == HTTPStatus.OK

    await free.open("/tokens")
    assert given["GAS_TOKEN"] not in await page.content()
    row = page.get_by_role("row", name="The cluster")
    assert "never" not in await row.inner_text()
    await row.get_by_role("button", name="Revoke The cluster").click()
    await page.get_by_text("The token is revoked").wait_for()
    assert await row.count() == 0
    assert await _status(free, given["GAS_TOKEN"]) == HTTPStatus.UNAUTHORIZED


async def _status(seated: Seated, token: str) -> int:
    """Of a request by a program that has the token."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=seated.user.client.url, headers=headers) as client:
        return (await client.get("/api/v1/account")).status_code
