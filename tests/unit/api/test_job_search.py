"""Finding some of one's jobs, however many there are."""

from collections.abc import Sequence
from typing import Any

import pytest

from services.api.jobs import search
from tests.unit.api.world import User

SHA256 = "ab" * 32


async def found(user: User, query: str) -> list[str]:
    """The titles of all jobs found, over all pages."""
    titles: list[str] = []
    cursor = ""
    while True:
        answer = (await user.call("GET", f"/jobs?{query}{cursor}")).json()
        titles += [job["title"] for job in answer["jobs"]]
        if answer["next_cursor"] is None:
            return titles
        cursor = f"&cursor={answer['next_cursor']}"


async def named(user: User, *names: str) -> None:
    for name in names:
        await user.draft(name=name)


async def test_text_is_looked_for_in_names_of_jobs_and_files(ada: User, ben: User) -> None:
    await ada.draft(file_name="NA12878.vcf.gz")
    await named(ada, "Großer Fall", "other")
    await ben.draft(file_name="NA12878.vcf.gz")
    assert await found(ada, "q=na12878") == ["NA12878.vcf.gz"]
    assert await found(ada, "q=GROSSER") == ["Großer Fall"]
    assert await found(ada, "q=ada.vcf") == ["other", "Großer Fall"]
    assert await found(ada, "q=%25") == []


async def test_states_and_checksums_are_looked_for(ada: User) -> None:
    await ada.draft(name="draft", sha256=SHA256)
    done, gone = await ada.completed(), await ada.archived()
    for job_id, name in ((done, "done"), (gone, "gone")):
        await ada.call("PATCH", f"/jobs/{job_id}", json={"name": name})
    assert await found(ada, "state=COMPLETED") == ["gone", "done"]
    assert await found(ada, "state=ARCHIVED") == ["gone"]
    assert await found(ada, "state=DRAFT&state=AVAILABLE") == ["done", "draft"]
    assert await found(ada, f"sha256={SHA256}") == ["draft"]
    assert await found(ada, f"sha256={SHA256}&state=COMPLETED") == []


@pytest.mark.parametrize("query", ["state=LOST", "sha256=nonsense", "limit=0"])
async def test_a_filter_that_is_none_is_refused(ada: User, query: str) -> None:
    response = await ada.call("GET", f"/jobs?{query}")
    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 20])
async def test_pages_miss_nothing_and_repeat_nothing(
    ada: User, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read in small bites, with what is found in them here and there."""
    monkeypatch.setattr(search, "_READ_AT_ONCE", 4)
    monkeypatch.setattr(search, "_READS", 2)
    pattern = "xx..x.......xx.x....x"
    names = [f"{'wanted' if mark == 'x' else 'other'} {n}" for n, mark in enumerate(pattern)]
    await named(ada, *names)
    expected = [name for name in reversed(names) if name.startswith("wanted")]
    assert await found(ada, f"q=wanted&limit={limit}") == expected


async def test_a_call_reads_so_much_and_no_more(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_READ_AT_ONCE", 2)
    monkeypatch.setattr(search, "_READS", 2)
    await named(ada, "wanted", *(f"other {n}" for n in range(5)))
    first: dict[str, Any] = (await ada.call("GET", "/jobs?q=wanted&limit=1")).json()
    jobs: Sequence[object] = first["jobs"]
    assert (jobs, first["next_cursor"] is None) == ([], False)
    assert await found(ada, "q=wanted&limit=1") == ["wanted"]
