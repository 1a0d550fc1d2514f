"""What users type, and what is in their files, is text on every page: it never runs, nor loads."""

from urllib.parse import quote

import pytest

from tests.browser.conftest import Seated
from tests.support.inputs import small_vcf
from tests.support.payloads import PAYLOADS

_NOTICE = "window.ran = 0; window.pwned = () => { window.ran += 1; };"
_AS_A_FILE_NAME = str.maketrans(
    {"/": "_", "\\": "_", "\t": " "}
)  # a name is neither path nor layout


def hostile_vcf() -> bytes:
    """Each payload as an id, as a value of FILTER and of INFO, as far as VCF allows it."""
    lines = small_vcf().decode().splitlines()
    header, columns = lines[:2], lines[2]
    for number, payload in enumerate(PAYLOADS):
        description = payload.replace("\\", "\\\\").replace('"', '\\"')
        header.append(f'##FILTER=<ID=f{number},Description="{description}">')
    header.append('##INFO=<ID=NOTE,Number=1,Type=String,Description="A note">')
    records = [
        "\t".join(
            [
                *("MT", str(3000 + number), _field(payload), "N", "<DEL>", "."),
                *(f"f{number}", f"NOTE={_field(payload)};END={3001 + number}"),
            ]
        )
        for number, payload in enumerate(PAYLOADS)
    ]
    return (
        "\n".join(
            [*header, f"{columns}\tFORMAT\t{PAYLOADS[0]}", *(f"{r}\tGT\t0/1" for r in records)]
        )
        + "\n"
    ).encode()


def _field(payload: str) -> str:
    """VCF 4.2, section 1.4.1: no white space, and in INFO no semicolon and no equals sign."""
    return "".join({" ": "_", "\t": "_", ";": ":", "=": "≡", ",": "."}.get(c, c) for c in payload)


async def _nothing_ran(seated: Seated) -> None:
    await seated.page.wait_for_load_state("networkidle")
    assert await seated.page.evaluate("window.ran") == 0


async def test_names_of_files_and_jobs(paying: Seated) -> None:
    """All of them on one list; some on all pages of their job."""
    await paying.context.add_init_script(_NOTICE)
    names = [payload.translate(_AS_A_FILE_NAME) for payload in PAYLOADS]
    drafts = [await paying.user.client.create(name) for name in names]

    seen = ""
    await paying.open("/jobs")
    while True:
        await _nothing_ran(paying)
        seen += await paying.page.locator("#jobs").inner_text()
        older = paying.page.get_by_role("link", name="Older")
        if not await older.count():
            break
        await older.click()
        await paying.page.wait_for_load_state()
    for name in names:
        assert " ".join(name.split()) in " ".join(seen.split())
    for draft in drafts[:8]:
        await paying.open(f"/jobs/{draft.job.id}")
        await _nothing_ran(paying)


@pytest.mark.parametrize("page", ["", "/variants?size=100", "/variants/0", "/genome"])
async def test_what_is_in_a_vcf(paying: Seated, page: str) -> None:
    await paying.context.add_init_script(_NOTICE)
    job = await paying.user.completed(hostile_vcf())
    await paying.open(f"/jobs/{job.id}{page}")
    await _nothing_ran(paying)
    if page.startswith("/variants?"):
        shown = await paying.page.locator("main").inner_text()
        assert shown.count("MT:30") >= len(PAYLOADS)


@pytest.mark.parametrize(
    "path",
    [
        "/jobs?q={}",
        "/jobs?state={}",
        "/sign-in?next={}",
        "/account?{}",
        "/nowhere/{}",
        "/jobs/{}",
        "/shared/{}",
    ],
)
async def test_what_is_in_an_address(paying: Seated, path: str) -> None:
    await paying.context.add_init_script(_NOTICE)
    for payload in PAYLOADS[::6]:
        await paying.open(path.format(quote(payload, safe="")))
        await _nothing_ran(paying)
    paying.watch.complaints[:] = [c for c in paying.watch.complaints if "a status of 4" not in c]


async def test_what_filters_are_asked_for(paying: Seated) -> None:
    await paying.context.add_init_script(_NOTICE)
    job = await paying.user.completed()
    for field in ("gene", "region", "text", "consequence", "sort", "columns", "max_frequency"):
        for payload in PAYLOADS[::9]:
            await paying.open(f"/jobs/{job.id}/variants?{field}={quote(payload, safe='')}")
            await _nothing_ran(paying)


async def test_the_name_of_an_account(paying: Seated) -> None:
    await paying.context.add_init_script(_NOTICE)
    for payload in PAYLOADS[::9]:
        answer = await paying.user.ask(
            "PATCH", "/account", json={"name": payload.replace("\t", " ")}
        )
        assert answer.status_code == 200, answer.text
        for path in ("/account", "/jobs", "/tokens"):
            await paying.open(path)
            await _nothing_ran(paying)
            assert payload.split()[0] in await paying.page.locator("header").inner_text()
