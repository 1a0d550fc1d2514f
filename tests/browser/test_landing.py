"""What a stranger sees, and the way in."""

from tests.support.browsing import Visitor

PAGE_BYTES = 100 * 1024


async def test_the_landing_page(stranger: Visitor) -> None:
    await stranger.open("/")
    await stranger.page.get_by_role("heading", name="Upload a VCF").wait_for()

    assert await stranger.inspect("landing") == []


async def test_the_first_page_is_light(stranger: Visitor) -> None:
    """As it travels: compressed, all of it."""
    session = await stranger.context.new_cdp_session(stranger.page)
    await session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    await stranger.page.goto(stranger.site + "/", wait_until="networkidle")

    assert len(sizes) > 3
    assert sum(sizes) < PAGE_BYTES


async def test_a_page_for_members_leads_through_sign_in_and_back(stranger: Visitor) -> None:
    await stranger.sign_in("ada", then="/tokens")

    assert stranger.page.url == f"{stranger.site}/tokens"


async def test_what_is_not_there_says_so_with_the_id_of_the_request(stranger: Visitor) -> None:
    answer = await stranger.page.goto(f"{stranger.site}/nowhere")

    assert answer
    assert answer.status == 404
    request_id = answer.headers["x-request-id"]
    assert await stranger.page.locator("#request-id").text_content() == request_id
    stranger.expect_refusal(404)
    assert await stranger.inspect("not-found") == []
