"""Files on their way in: chosen, dropped or pasted, checked, named, sent; and what is refused."""

from base64 import b64encode
from typing import Any

from playwright.async_api import Locator, Page

from tests.browser.conftest import Seated
from tests.support.inputs import large_vcf, malformed_vcf, small_vcf

_DROPPED = """(files) => {
  const transfer = new DataTransfer();
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  return transfer;
}"""
_PASTED = """(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
}"""


async def _choose(page: Page, **files: bytes) -> None:
    chosen = [
        {"name": f"{name}.vcf", "mimeType": "text/plain", "buffer": content}
        for name, content in files.items()
    ]
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose files").click()
    await (await chooser.value).set_files(chosen)  # type: ignore[arg-type] # as it documents


def _row(page: Page, name: str) -> Locator:
    heading = page.get_by_role("heading", name=name)
    return page.get_by_role("listitem").filter(has=heading)


async def _badge(row: Locator, word: str) -> None:
    await row.locator(".badge", has_text=word).wait_for()


def _another(vcf: bytes) -> bytes:
    """Of the same variants, and yet no copy."""
    return vcf.replace(b"\n#CHROM", b"\n##source=another\n#CHROM")


async def test_a_chosen_file_is_checked_named_and_annotated(paying: Seated) -> None:
    page = paying.page
    await paying.open("/jobs/new")
    await _choose(page, chosen=small_vcf())
    row = _row(page, "chosen.vcf")
    await _badge(row, "ready")
    await row.get_by_text("100 % of 2 compared REF alleles agree").first.wait_for()
    await row.get_by_label("Name of the job").fill("The mother's exome")
    await row.get_by_role("button", name="Annotate").click()

    await page.wait_for_url("**/jobs/0*")
    await page.get_by_role("heading", name="The mother's exome").wait_for()
    await page.get_by_role("link", name="Explore the variants").wait_for()


async def test_files_that_are_dropped_and_pasted(paying: Seated) -> None:
    page = paying.page
    await paying.open("/jobs/new")
    transfer = await page.evaluate_handle(
        _DROPPED,
        [["first.vcf", _text(small_vcf())], ["second.vcf", _text(malformed_vcf())]],
    )
    await page.dispatch_event("body", "dragenter", {"dataTransfer": transfer})
    assert await page.get_by_text("Drop the files to annotate them").is_visible()
    await page.dispatch_event("body", "drop", {"dataTransfer": transfer})
    assert await page.get_by_text("Drop the files to annotate them").is_hidden()
    await page.get_by_role("button", name="Paste a VCF").click()
    await page.get_by_role("button", name="Use this text").click()
    assert await page.get_by_text("There is no text yet.").is_visible()
    await page.get_by_label("Its text").fill(_another(small_vcf()).decode())
    await page.get_by_role("button", name="Use this text").click()
    assert await page.locator("#paste").is_hidden()
    await _badge(_row(page, "first.vcf"), "ready")
    await _badge(_row(page, "pasted.vcf"), "ready")

    malformed = _row(page, "second.vcf")
    await _badge(malformed, "cannot be annotated")
    problems = malformed.get_by_role("row").filter(has_text="somewhere")
    assert await problems.get_by_role("cell").first.text_content() == "6"
    assert await malformed.get_by_role("button", name="Annotate anyway").is_visible()
    assert await paying.inspect("submit-checked") == []
    await page.get_by_role("button", name="Annotate all 2 that passed").click()
    await _badge(_row(page, "first.vcf"), "submitted")
    await _badge(_row(page, "pasted.vcf"), "submitted")


async def test_text_that_is_pasted_onto_the_page(paying: Seated) -> None:
    page = paying.page
    await paying.open("/jobs/new")
    await page.evaluate(_PASTED, "Dear all, this is no VCF")
    await page.evaluate(_PASTED, small_vcf().decode())

    await _badge(_row(page, "pasted.vcf"), "ready")
    assert await page.locator(".upload").count() == 1


async def test_the_same_file_again_is_recognised(paying: Seated) -> None:
    """By its SHA-256: under another name, and not one that only has the same size."""
    page = paying.page
    await paying.open("/jobs/new")
    await _choose(page, first=small_vcf())
    await _row(page, "first.vcf").get_by_role("button", name="Annotate").click()
    await page.wait_for_url("**/jobs/0*")
    first = page.url.removeprefix(paying.site)
    await paying.open("/jobs/new")
    await _choose(page, elsewhere=small_vcf(), different=small_vcf().replace(b"PASS", b"pass"))

    row = _row(page, "elsewhere.vcf")
    await row.get_by_text("You already uploaded this very file").wait_for()
    before = row.get_by_role("link", name="Open that job")
    assert await before.get_attribute("href") == first
    await _badge(_row(page, "different.vcf"), "ready")
    assert await paying.inspect("submit-known") == []
    await row.get_by_role("button", name="Upload it again").click()
    await _badge(row, "ready")


async def test_a_file_too_large_for_the_plan_is_not_even_begun(free: Seated) -> None:
    page = free.page
    content = large_vcf(records=8_000)  # about 200 KB, where Free has 150
    await free.open("/jobs/new")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    await _choose(page, large=content)
    row = _row(page, "large.vcf")
    await _badge(row, "refused")
    await row.get_by_text("your Free plan takes 150 KB").wait_for()
    offer = row.get_by_role("link", name="Premium takes 5 GB: upgrade")
    assert await free.inspect("submit-too-large") == []
    assert [request for request in asked if request.startswith("POST")] == []

    await offer.click()
    await page.get_by_role("button", name="Upgrade to Premium").click()
    await page.get_by_text("You are on Premium.").wait_for()
    await free.open("/jobs/new")
    await _choose(page, large=content)
    await _badge(_row(page, "large.vcf"), "ready")


async def test_what_is_given_up_is_gone(paying: Seated) -> None:
    """The dialog asks first: Escape keeps the upload, and leads back to where one was."""
    page = paying.page
    await paying.open("/jobs/new")
    await _choose(page, regretted=small_vcf())
    row = _row(page, "regretted.vcf")
    await _badge(row, "ready")
    delete = row.get_by_role("button", name="Delete")
    await delete.click()
    dialog = page.get_by_role("dialog", name="Give up this upload?")
    await dialog.wait_for()
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="hidden")
    assert await row.is_visible()
    assert await delete.evaluate("(button) => button === document.activeElement")

    await delete.click()
    async with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        await dialog.get_by_role("button", name="Give it up").click()
    await row.wait_for(state="detached")
    answer = await paying.user.ask("GET", "/jobs")
    assert _jobs(answer.json()) == []


def _jobs(answer: dict[str, Any]) -> list[str]:
    return [job["file_name"] for job in answer["jobs"]]


def _text(content: bytes) -> str:
    return b64encode(content).decode()
