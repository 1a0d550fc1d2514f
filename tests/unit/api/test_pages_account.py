"""The pages of the account, its plan, and being signed out."""

import re
from typing import Any

import pytest

from gas.domain.plan import Plan
from tests.unit.api.world import User, World

PROFILE = {"name": "Ada Lovelace", "institution": "Analytical Engines", "mails": ["completed"]}


@pytest.mark.parametrize("path", ["/account", "/account/plan", "/account/plan/thanks", "/tokens"])
async def test_a_stranger_signs_in_first_and_comes_back(world: World, path: str) -> None:
    async with world.browser() as client:
        page = await client.get(path)

    assert (page.status_code, page.headers["Location"]) == (303, f"/sign-in?next={path}")


async def test_the_account_shows_who_one_is_and_what_one_has(ada: User) -> None:
    await ada.archived()
    await ada.completed()
    await ada.submitted()

    page = (await ada.http.get("/account")).text

    assert 'value="Ada"' in page
    assert "ada@example.org" in page
    assert "up to 150 KB a file" in page
    assert "at hand for 5 minutes, then archived" in page
    stats = dict(
        re.findall(r'<div class="stat"><dt>([^<]+)</dt><dd>([^<]+)</dd>', page),
    )
    assert stats == {
        "Jobs": "3",
        "Waiting or running, of 5": "1",
        "Results at hand": "1",
        "Results archived": "1",
    }
    assert len(re.findall(r'name="mails" value="\w+" checked', page)) == 5


async def test_a_profile_is_saved_and_reaches_the_workers(ada: User, world: World) -> None:
    saved = await ada.http.post("/account", data=PROFILE)
    page = (await ada.http.get(saved.headers["Location"])).text

    assert saved.status_code == 303
    assert "Your changes are saved" in page
    assert 'value="Ada Lovelace"' in page
    assert 'value="Analytical Engines"' in page
    assert re.findall(r'name="mails" value="(\w+)" checked', page) == ["completed"]
    projected = await world.ports.accounts.get(ada.account.user_id)
    assert projected is not None
    assert projected.name == "Ada Lovelace"
    assert projected.muted_mails == {"failed", "archive_soon", "archived", "restored"}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "   "}, "Please tell a name."),
        ({"name": "x" * 101}, "At most 100 characters, please."),
        ({"institution": "x" * 201}, "At most 200 characters, please."),
        ({"name": "Ada\x00"}, "characters that cannot be seen"),
        ({"name": "Ada\u202egnp.exe"}, "characters that cannot be seen"),
    ],
)
async def test_what_is_not_right_is_told_beside_its_field_and_nothing_is_saved(
    ada: User, said: dict[str, str], sentence: str
) -> None:
    answer = await ada.http.post("/account", data={**PROFILE, **said})

    assert answer.status_code == 422
    (field,) = said
    described = re.search(rf'<p class="error" id="{field}-error">([^<]+)</p>', answer.text)
    assert described
    assert sentence in described[1]
    assert f"{field}-hint {field}-error" in answer.text
    assert re.findall(r'name="mails" value="(\w+)" checked', answer.text) == ["completed"]
    account = (await ada.call("GET", "/account")).json()
    assert (account["name"], account["institution"]) == ("Ada", "")


async def test_a_line_break_in_a_name_cannot_begin_a_header_of_a_mail(ada: User) -> None:
    await ada.http.post("/account", data={**PROFILE, "name": "Ada\r\nBcc: mallory@example.org"})

    assert (await ada.call("GET", "/account")).json()["name"] == "Ada Bcc: mallory@example.org"


async def test_what_a_user_says_is_text_and_never_markup(ada: User) -> None:
    markup = '"><script>alert(1)</script>'
    await ada.http.post("/account", data={**PROFILE, "name": markup, "institution": markup})

    for path in ("/account", "/account/plan", "/tokens"):
        assert "<script>alert" not in (await ada.http.get(path)).text


async def test_the_plan_page_says_what_an_upgrade_does_and_does_it(ada: User, world: World) -> None:
    await ada.archived()
    before = (await ada.http.get("/account/plan")).text
    changed = await ada.http.post("/account/plan", data={"plan": "premium"})
    after = (await ada.http.get(changed.headers["Location"])).text

    assert "1 archived result will be retrieved" in before
    assert "No payment is taken on this server" in before
    assert changed.status_code == 303
    assert "You are on Premium" in after
    assert "1 archived result is on its way back" in after
    assert "Results older than 5 minutes move to the archive. Nothing is deleted." in after
    projected = await world.ports.accounts.get(ada.account.user_id)
    assert projected is not None
    assert projected.plan is Plan.PREMIUM


async def test_the_way_back_to_free(ada: User) -> None:
    await ada.http.post("/account/plan", data={"plan": "premium"})
    changed = await ada.http.post("/account/plan", data={"plan": "free"})

    assert "You are on the Free plan" in (await ada.http.get(changed.headers["Location"])).text
    assert (await ada.call("GET", "/account/plan")).json()["plan"] == "free"


async def test_where_no_payments_are_taken_there_is_nothing_of_stripe(ada: User) -> None:
    page = await ada.http.get("/account/plan")
    event = await ada.http.post("/payments/stripe", content=b"{}")
    portal = await ada.http.post("/account/plan/payments")

    assert "Stripe" not in page.text
    assert "stripe" not in page.headers["Content-Security-Policy"]
    assert (event.status_code, portal.status_code) == (404, 404)


async def test_changes_come_from_our_own_pages_alone(ada: User) -> None:
    foreign = {"Origin": "https://mallory.example", "Sec-Fetch-Site": "cross-site"}
    forms: dict[str, dict[str, Any]] = {
        "/account": PROFILE,
        "/account/plan": {"plan": "premium"},
        "/account/plan/payments": {},
        "/account/sign-out-everywhere": {},
        "/tokens": {"name": "x"},
    }

    answers = [
        await ada.http.post(path, data=data, headers=foreign) for path, data in forms.items()
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert (await ada.call("GET", "/account/tokens")).json()["tokens"] == []
    assert (await ada.call("GET", "/account/plan")).json()["plan"] == "free"


@pytest.mark.parametrize("path", ["/account", "/account/plan", "/tokens"])
async def test_every_field_has_a_label_and_pages_need_no_script(ada: User, path: str) -> None:
    page = (await ada.http.get(path)).text

    named = set(re.findall(r'<(?:input|select) id="(\w+)"', page))
    assert named == set(re.findall(r'<label for="(\w+)"', page))
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page)
    assert "hx-vals" not in page
