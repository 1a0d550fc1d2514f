"""What a page asks for and shows, while a test looks on."""

from collections.abc import Sequence
from typing import Any

from playwright.async_api import Page, expect

_PATIENCE_MS = 20_000
expect.set_options(timeout=_PATIENCE_MS)


async def mark(page: Page) -> None:
    """From here on ``is_same`` tells whether the page was loaded anew."""
    await page.evaluate("window.neverReloaded = true")


async def is_same(page: Page) -> bool:
    return bool(await page.evaluate("window.neverReloaded === true"))


async def table(page: Page) -> Sequence[Sequence[str]]:
    """The texts of a page's first table of data, by row; the first are its heads."""
    rows: Any = await page.locator("table.data").first.evaluate(
        "table => [...table.rows].map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return rows  # type: ignore[no-any-return]
