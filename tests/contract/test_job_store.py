"""The contract of JobStore: one port, hence one file, though a little over 300 lines."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from gas.adapters.keys import due_shard
from gas.domain import transitions
from gas.domain.change import Change
from gas.domain.errors import LostRaceError
from gas.domain.job import Job, Progress
from gas.domain.states import RUNNING
from gas.messages import new_id
from gas.ports import DueEntry, StoreIdentity
from gas.runtime.topology import DUE_SHARDS
from tests.support.jobs import LEASE, completed, draft, now, running, submitted
from tests.support.ports import Ports

LONG_AGO = now() - timedelta(days=30)


async def stored(ports: Ports, job: Job) -> Job:
    found = await ports.jobs.get(job.user_id, job.job_id)
    assert found is not None
    return found


async def due_entries(ports: Ports, job_id: str, *, limit: int = 100) -> list[DueEntry]:
    """All that is due where the job is looked for, over all pages."""
    entries: list[DueEntry] = []
    cursor = None
    while True:
        page = await ports.jobs.due_page(due_shard(job_id), now(), limit=limit, cursor=cursor)
        assert len(page.items) <= limit
        entries += page.items
        if (cursor := page.cursor) is None:
            return entries


async def test_gives_back_every_field_as_it_was_written(ports: Ports, user_id: str) -> None:
    job = await completed(ports.jobs, user_id)
    change = transitions.tidy(job, (), ())
    after = change.after.model_copy(
        update={
            "progress": Progress(stage="annotating", fraction=0.64, records=12_345),
            "leftover_objects": ("a/b/1/c",),
            "crashes": 1,
            "due_at": now(),
        }
    )
    await ports.jobs.commit(Change(change.before, after))
    assert await stored(ports, job) == after


async def test_knows_nothing_of_an_unknown_job_or_another_user(ports: Ports, user_id: str) -> None:
    job = await submitted(ports.jobs, user_id)
    assert await ports.jobs.get(user_id, new_id()) is None
    assert await ports.jobs.get(new_id(), job.job_id) is None


async def test_refuses_to_create_what_exists(ports: Ports, user_id: str) -> None:
    change = draft(user_id)
    await ports.jobs.commit(change)
    with pytest.raises(LostRaceError):
        await ports.jobs.commit(draft(user_id, change.after.job_id))
    assert await stored(ports, change.after) == change.after


async def test_lets_one_of_many_writers_win(ports: Ports, user_id: str) -> None:
    job = await submitted(ports.jobs, user_id)
    claims = [transitions.claim(job, LEASE, now()) for _ in range(5)]
    outcomes = await asyncio.gather(
        *(ports.jobs.commit(claim) for claim in claims), return_exceptions=True
    )
    winners = [c for c, outcome in zip(claims, outcomes, strict=True) if outcome is None]
    assert len(winners) == 1
    assert sum(isinstance(outcome, LostRaceError) for outcome in outcomes) == 4
    assert (await stored(ports, job)).write_id == winners[0].after.write_id


async def test_counts_a_write_as_done_whose_answer_was_lost(ports: Ports, user_id: str) -> None:
    created = draft(user_id)
    await ports.jobs.commit(created)
    await ports.jobs.commit(created)
    change = transitions.submit(created.after, created.after.input, now())
    await ports.jobs.commit(change)
    await ports.jobs.commit(change)
    assert await stored(ports, change.after) == change.after


async def test_does_not_take_a_strangers_write_for_its_own(ports: Ports, user_id: str) -> None:
    nameless = replace(draft(user_id))
    nameless = Change(None, nameless.after.model_copy(update={"write_id": ""}))
    await ports.jobs.commit(nameless)
    with pytest.raises(LostRaceError):
        await ports.jobs.commit(nameless)


async def test_refuses_a_write_about_an_older_attempt(ports: Ports, user_id: str) -> None:
    stalled = await running(ports.jobs, user_id)
    taken = transitions.claim(stalled, LEASE, now() + 2 * LEASE)
    await ports.jobs.commit(taken)
    with pytest.raises(LostRaceError):
        await ports.jobs.commit(transitions.release(stalled, now()))
    with pytest.raises(LostRaceError):
        await ports.jobs.renew_lease(stalled, now() + LEASE)
    assert await stored(ports, stalled) == taken.after


async def test_refuses_a_takeover_of_a_lease_that_was_renewed(ports: Ports, user_id: str) -> None:
    job = await running(ports.jobs, user_id)
    await ports.jobs.renew_lease(job, now() + 3 * LEASE)
    with pytest.raises(LostRaceError):
        await ports.jobs.commit(transitions.claim(job, LEASE, now() + 2 * LEASE))


async def test_lets_the_holder_finish_after_renewals(ports: Ports, user_id: str) -> None:
    job = await running(ports.jobs, user_id)
    await ports.jobs.renew_lease(job, now() + 3 * LEASE)
    await ports.jobs.commit(transitions.cancel(job, now()))


async def test_renews_a_lease_and_notes_progress(ports: Ports, user_id: str) -> None:
    job = await running(ports.jobs, user_id)
    until = now() + 2 * LEASE
    progress = Progress(stage="annotating", fraction=0.5, records=7)
    await ports.jobs.renew_lease(job, until, progress)
    await ports.jobs.renew_lease(job, until)
    after = await stored(ports, job)
    assert after == job.model_copy(
        update={"lease_until": until, "due_at": until, "progress": progress}
    )


async def test_renews_no_lease_on_what_is_gone_or_over(ports: Ports, user_id: str) -> None:
    job = await running(ports.jobs, user_id)
    await ports.jobs.commit(transitions.cancel(job, now()))
    with pytest.raises(LostRaceError):
        await ports.jobs.renew_lease(job, now() + LEASE)
    with pytest.raises(LostRaceError):
        await ports.jobs.renew_lease(draft(user_id).after, now() + LEASE)


async def test_takes_published_events_out_and_nothing_else(ports: Ports, user_id: str) -> None:
    job = await completed(ports.jobs, user_id)
    first, *others = [event.event_id for event in job.outbox]
    assert others
    due_at = now() + timedelta(hours=1)
    silent = job.model_copy(update={"due_at": due_at})

    await ports.jobs.mark_published(silent, [first, "not-there"])
    assert await stored(ports, job) == job.model_copy(update={"outbox": job.outbox[1:]})

    await ports.jobs.mark_published(silent, others)
    assert await stored(ports, job) == job.model_copy(update={"outbox": (), "due_at": due_at})

    await ports.jobs.mark_published(silent.model_copy(update={"due_at": None}), others)
    assert (await stored(ports, job)).due_at is None


async def test_publishers_do_not_undo_each_other(ports: Ports, user_id: str) -> None:
    job = await completed(ports.jobs, user_id)
    await asyncio.gather(
        *(ports.jobs.mark_published(job, [event.event_id]) for event in job.outbox)
    )
    assert (await stored(ports, job)).outbox == ()


async def test_leaves_the_outbox_of_a_changed_record_alone(ports: Ports, user_id: str) -> None:
    job = await submitted(ports.jobs, user_id)
    change = transitions.cancel(job, now())
    await ports.jobs.commit(change)
    await ports.jobs.mark_published(job, [event.event_id for event in job.outbox])
    assert await stored(ports, job) == change.after
    await ports.jobs.mark_published(draft(user_id).after, ["any"])


async def test_pages_newest_first(ports: Ports, user_id: str) -> None:
    jobs = [draft(user_id) for _ in range(5)]
    for change in jobs:
        await ports.jobs.commit(change)
    newest_first = sorted((change.after.job_id for change in jobs), reverse=True)

    seen: list[str] = []
    cursor = None
    sizes = []
    while True:
        page = await ports.jobs.list_page(user_id, limit=2, cursor=cursor)
        seen += [job.job_id for job in page.items]
        sizes.append(len(page.items))
        if (cursor := page.cursor) is None:
            break
    assert seen == newest_first
    assert sizes == [2, 2, 1]


async def test_says_that_a_full_page_is_the_last(ports: Ports, user_id: str) -> None:
    for _ in range(2):
        await ports.jobs.commit(draft(user_id))
    page = await ports.jobs.list_page(user_id, limit=2)
    assert (len(page.items), page.cursor) == (2, None)
    assert (await ports.jobs.list_page(new_id(), limit=2)).items == []


async def test_pages_only_through_jobs_of_the_asking_user(ports: Ports, user_id: str) -> None:
    """Neither the account beside them, nor what another user's cursor points at."""
    other = new_id()
    for _ in range(3):
        await ports.jobs.commit(draft(user_id))
        await ports.jobs.commit(draft(other))
    await ports.sent_mails.add(user_id, new_id(), job_id=new_id(), kind="completed", at=now())
    theirs = await ports.jobs.list_page(other, limit=1)
    page = await ports.jobs.list_page(user_id, limit=10, cursor=theirs.cursor)
    assert {job.user_id for job in page.items} <= {user_id}


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "é",
        "QUNDT1VOVA",  # ACCOUNT
        "Sk9CIw",  # JOB# without an id
        "Sk9CI2EvYg",  # JOB#a/b
        "Sk9CI2E=",  # JOB#a, padded
        "Sk9CI2F",  # not base64 that we would write
    ],
)
async def test_refuses_a_cursor_that_is_not_its_own(
    ports: Ports, user_id: str, cursor: str
) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the type is the contract
        await ports.jobs.list_page(user_id, limit=2, cursor=cursor)


async def test_finds_what_is_due(ports: Ports, user_id: str) -> None:
    change = draft(user_id)
    job_id = change.after.job_id
    due = change.after.model_copy(update={"due_at": LONG_AGO})
    await ports.jobs.commit(Change(None, due))
    assert DueEntry(user_id, job_id, LONG_AGO) in await due_entries(ports, job_id)
    for shard in set(range(DUE_SHARDS)) - {due_shard(job_id)}:
        page = await ports.jobs.due_page(shard, now(), limit=100)
        assert job_id not in {entry.job_id for entry in page.items}

    later = now() + timedelta(hours=1)
    await ports.jobs.postpone(due, later)
    assert (await stored(ports, due)).due_at == later
    assert job_id not in {entry.job_id for entry in await due_entries(ports, job_id)}

    await ports.jobs.postpone(due.model_copy(update={"due_at": later}), None)
    assert (await stored(ports, due)).due_at is None


async def test_gives_what_is_due_oldest_first_in_pages(ports: Ports, user_id: str) -> None:
    """A page is cut between two records that are due at the same moment, too."""
    moments = [LONG_AGO - timedelta(days=days) for days in (1, 3, 3, 2)]
    mine = {}
    for moment in moments:
        while due_shard((change := draft(user_id)).after.job_id) != 0:
            pass
        mine[change.after.job_id] = moment
        due = change.after.model_copy(update={"due_at": moment})
        await ports.jobs.commit(Change(None, due))
    job_id = next(iter(mine))
    entries = [e for e in await due_entries(ports, job_id, limit=1) if e.job_id in mine]
    assert [entry.due_at for entry in entries] == sorted(moments)
    assert {entry.job_id for entry in entries} == set(mine)


async def test_postpones_no_record_that_changed(ports: Ports, user_id: str) -> None:
    job = await running(ports.jobs, user_id)
    until = now() + 2 * LEASE
    await ports.jobs.renew_lease(job, until)
    await ports.jobs.postpone(job, LONG_AGO)
    assert (await stored(ports, job)).due_at == until
    await ports.jobs.postpone(draft(user_id).after, LONG_AGO)


async def test_erases_only_what_is_unchanged(ports: Ports, user_id: str) -> None:
    job = await running(ports.jobs, user_id)
    deleted = transitions.delete(job)
    await ports.jobs.commit(deleted)
    with pytest.raises(LostRaceError):
        await ports.jobs.erase(job)
    assert (await stored(ports, job)).state != RUNNING

    assert not await ports.jobs.was_erased(user_id, job.job_id)
    await ports.jobs.erase(deleted.after)
    assert await ports.jobs.get(user_id, job.job_id) is None
    assert await ports.jobs.was_erased(user_id, job.job_id)
    await ports.jobs.erase(deleted.after)
    assert not await ports.jobs.was_erased(user_id, new_id())


async def test_a_store_keeps_the_identity_that_it_was_given_first(ports: Ports) -> None:
    offered = [StoreIdentity(new_id(), now()) for _ in range(5)]
    answers = await asyncio.gather(*(ports.jobs.identify(identity) for identity in offered))
    assert len(set(answers)) == 1
    assert await ports.jobs.identify(StoreIdentity(new_id(), now())) == answers[0]
