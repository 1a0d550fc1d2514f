"""What the explorer keeps, and what it leaves."""

from datetime import timedelta
from pathlib import Path

import pytest

from gas.adapters.memory import MemoryPorts
from services.api.explorer.explorer import Explorer
from services.api.explorer.remembered import Remembered
from tests.unit.api.explorer.conftest import MakeSettings, Reader, view
from tests.unit.api.explorer.tables import job_with, table_in
from tests.unit.api.world import Clock


async def test_an_explorer_that_nobody_asks_makes_no_folder(
    ports: MemoryPorts, make_settings: MakeSettings, clock: Clock, tmp_path: Path
) -> None:
    explorer = Explorer(ports.results, make_settings(), clock)
    await explorer.forget_unused()
    await explorer.close()
    assert not (tmp_path / "cache").exists()


async def test_nothing_stays_when_it_ends(
    ports: MemoryPorts, make_settings: MakeSettings, clock: Clock, tmp_path: Path
) -> None:
    explorer = Explorer(ports.results, make_settings(), clock)
    await explorer.page(job_with(ports, table_in(tmp_path)), view())
    assert list((tmp_path / "cache").glob("explorer-*/*"))
    await explorer.close()
    assert not list((tmp_path / "cache").glob("explorer-*"))


async def test_copies_go_after_an_hour_without_questions(
    reader: Reader, clock: Clock, tmp_path: Path
) -> None:
    await reader.page()
    size = reader.job.files[0].size
    copies = [
        p for p in (tmp_path / "cache").rglob("*") if p.is_file() and p.stat().st_size == size
    ]
    clock.advance(timedelta(minutes=59))
    await reader.explorer.forget_unused()
    assert [path.exists() for path in copies] == [True]
    clock.advance(timedelta(minutes=2))
    await reader.explorer.forget_unused()
    assert [path.exists() for path in copies] == [False]
    assert (await reader.page()).total == 7


async def test_facets_are_counted_once_for_all_pages_of_a_view(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await reader.facets("impact=HIGH")
    monkeypatch.delattr("services.api.explorer.explorer.count_facets")
    assert await reader.facets("impact=HIGH&page=3&sort=gene&columns=gene&size=25") == first
    with pytest.raises(NameError):
        await reader.facets("impact=LOW")


def test_what_was_asked_for_last_is_remembered() -> None:
    remembered = Remembered[str, int](2)
    remembered.put("a", 1)
    remembered.put("b", 2)
    assert remembered.get("a") == 1
    remembered.put("c", 3)
    assert [remembered.get(key) for key in "abc"] == [1, None, 3]
