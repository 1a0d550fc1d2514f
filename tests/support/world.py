"""A whole GAS in one place, without processes: real handlers, real worker, ports in memory.

Time moves only when told, messages are delivered one at a time, and any call of a port can be
the last one that a service makes, or the last before it was away for a while. One file, though a
little over 300 lines: it is the wiring of all services, and each of them is a few lines of it.
"""

import asyncio
import contextlib
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from gas.adapters.memory import memory_ports
from gas.domain import transitions
from gas.domain.announcing import archive_notice
from gas.domain.job import InputFile, Job, input_key
from gas.domain.plan import Account, Plan
from gas.domain.schedule import Timings
from gas.mails import Mails
from gas.messages import PlanChanged, new_id
from gas.ports import PlanChange
from gas.runtime.leases import Leases
from gas.runtime.records import Records
from gas.runtime.retrievals import Retrievals
from gas.runtime.tidying import Tidying
from gas.runtime.topology import DUE_SHARDS, Queue
from gas.runtime.worker import Worker, WorkerOptions
from services.annotator.handlers import Annotator
from services.annotator.workshop import Workshop
from services.archiver.handlers import Archiver
from services.notifier.handlers import Notifier
from services.reconciler.dead_letters import DeadLetters
from services.reconciler.due import DueWork
from services.reconciler.erasing import Erasing
from services.reconciler.orphans import OrphanSweep
from services.restorer.handlers import Restorer
from services.thawer.handlers import Thawer
from tests.support.power import Line, PowerCut, Powered, powered_by
from tests.support.stub_engine import OUTPUTS, Outputs, ResultsOfStub, StubWorkshop

LEASE = timedelta(seconds=120)
VISIBILITY = timedelta(seconds=120)
RETENTION = timedelta(seconds=300)
RETRIEVAL = timedelta(seconds=200)


class Stage(StrEnum):
    """Where a history can begin."""

    SUBMITTED = "submitted"
    COMPLETED = "completed"
    KEPT = "completed, Premium"
    SOON = "soon to be archived"
    DUE = "due for the archive"
    ARCHIVED = "archived"
    UPGRADED = "archived, and just upgraded"
    RETRIEVED = "retrieved, not yet thawed"


_ARCHIVED_BY_THEN = {Stage.ARCHIVED, Stage.UPGRADED, Stage.RETRIEVED}


class World:
    """All services, one user."""

    def __init__(self, outputs: Outputs = OUTPUTS) -> None:
        self._outputs = outputs
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.ports = memory_ports(clock=self.clock, retrieval_delay=RETRIEVAL)
        self.bucket = self.ports.archive._bucket
        self._stalled: list[tuple[Line, asyncio.Task[None]]] = []
        self.line: Line | None = None
        self.timings = Timings(archive_notice=archive_notice(RETENTION))
        self.user_id = new_id()
        self.plan_version = 0
        self.job_ids: list[str] = []
        self._build()

    def clock(self) -> datetime:
        return self.now

    def _build(self) -> None:
        powered = {
            name: cast("Any", Powered(getattr(self.ports, name)))
            for name in (
                "jobs",
                "accounts",
                "inputs",
                "uploads",
                "results",
                "archive",
                "publisher",
                "sent_mails",
            )
        }
        jobs, accounts, publisher = powered["jobs"], powered["accounts"], powered["publisher"]
        results, archive = powered["results"], powered["archive"]
        records = Records(jobs, publisher, self.timings, self.clock)
        leases = Leases(jobs, LEASE, self.clock)
        tidying = Tidying(results, archive, records)
        retrievals = Retrievals(archive, records, self.clock)
        stub_results = Powered(ResultsOfStub(self.ports.results, self.bucket))
        self.annotator = Annotator(
            jobs=jobs,
            records=records,
            leases=leases,
            workshop=cast("Workshop", StubWorkshop(stub_results, RETENTION, self._outputs)),
            max_attempts=50,
            clock=self.clock,
        )
        self.archiver = Archiver(
            jobs=jobs,
            accounts=accounts,
            results=results,
            archive=archive,
            records=records,
            leases=leases,
            tidying=tidying,
            free_retention=RETENTION,
            clock=self.clock,
        )
        restorer = Restorer(
            jobs=jobs,
            accounts=accounts,
            retrievals=retrievals,
            publisher=publisher,
            records=records,
            free_retention=RETENTION,
            page_size=1,
            clock=self.clock,
        )
        self.thawer = Thawer(
            jobs=jobs,
            results=results,
            archive=archive,
            retrievals=retrievals,
            records=records,
            leases=leases,
            tidying=tidying,
            free_retention=RETENTION,
            poll=timedelta(seconds=60),
            clock=self.clock,
        )
        notifier = Notifier(
            jobs=jobs,
            accounts=accounts,
            mailer=self.ports.post_office,
            sent=powered["sent_mails"],
            mails=Mails("https://gas.example.org", RETENTION),
            clock=self.clock,
        )
        handlers = {
            Queue.ANNOTATE: self.annotator.handle,
            Queue.ARCHIVE: self.archiver.handle,
            Queue.RESTORE: restorer.handle,
            Queue.THAW: self.thawer.handle,
            Queue.NOTIFY: notifier.handle,
        }
        self._workers = {
            queue: Worker(
                self.ports.queue(queue),
                handle,
                WorkerOptions(concurrency=1, visibility=VISIBILITY, drain=timedelta(0)),
            )
            for queue, handle in handlers.items()
        }
        self._due = DueWork(
            jobs=jobs,
            accounts=accounts,
            publisher=publisher,
            records=records,
            tidying=tidying,
            erasing=Erasing(
                jobs=jobs,
                inputs=powered["inputs"],
                uploads=powered["uploads"],
                results=results,
                archive=archive,
            ),
            timings=self.timings,
            clock=self.clock,
        )
        self._dead_letters = DeadLetters(
            self.ports.dead_letters(Queue.ANNOTATE), jobs, records, self.clock
        )
        self._sweep = OrphanSweep(results, jobs)
        # What the api and the users do is not what is tried here: their power never fails.
        self.records = Records(self.ports.jobs, self.ports.publisher, self.timings, self.clock)

    async def set_plan(self, plan: Plan, *, said: bool = True) -> None:
        """As the api does: project the account with the pending change, then say so."""
        self.plan_version += 1
        account = Account(
            user_id=self.user_id,
            email="ada@example.org",
            name="Ada",
            plan=plan,
            plan_version=self.plan_version,
        )
        event = PlanChanged(user_id=self.user_id, correlation_id="plan")
        change = PlanChange(self.user_id, self.plan_version, event, self.now + self.timings.unheard)
        await self.ports.accounts.project(account, change)
        if said:
            await self.ports.publisher.publish(event)

    async def reach(self, stage: Stage) -> None:
        """Let a new user's first job come as far as that."""
        await self.set_plan(Plan.PREMIUM if stage is Stage.KEPT else Plan.FREE)
        await self.submit()
        if stage is not Stage.SUBMITTED:
            await self.go_on(61)
        if stage is Stage.SOON:
            self.now += RETENTION - archive_notice(RETENTION)
        if stage in {Stage.DUE, *_ARCHIVED_BY_THEN}:
            self.now += timedelta(seconds=301)
        if stage in _ARCHIVED_BY_THEN:
            await self.go_on(61)
        if stage in {Stage.UPGRADED, Stage.RETRIEVED}:
            await self.set_plan(Plan.PREMIUM)
        if stage is Stage.RETRIEVED:
            await self.go_on(1)
            self.now += timedelta(seconds=200)

    async def submit(self) -> Job:
        job_id = new_id()
        upload = InputFile(key=input_key(self.user_id, job_id), file_name="a.vcf")
        job = await self.records.commit(
            transitions.create(self.user_id, job_id, "rCRS", upload, "request", self.now)
        )
        self.job_ids.append(job_id)
        return await self.records.commit(transitions.submit(job, upload, self.now))

    async def job(self, job_id: str) -> Job | None:
        return await self.ports.jobs.get(self.user_id, job_id)

    async def jobs(self) -> list[Job]:
        return [job for i in self.job_ids if (job := await self.job(i)) is not None]

    async def deliver(self, queue: Queue, line: Line | None = None) -> bool:
        """Have the worker of a queue handle one message; gives whether there was one."""
        deliveries = await self.ports.queue(queue).receive(
            limit=1, wait=timedelta(0), visibility=VISIBILITY
        )
        for delivery in deliveries:
            await self._run(self._workers[queue]._process(delivery), line or self.line or Line())
        return bool(deliveries)

    async def reconcile(self, line: Line | None = None) -> None:
        async def everything() -> None:
            for shard in range(DUE_SHARDS):
                await self._due.look(shard)
            await self._dead_letters.look()
            await self._sweep.look_at_a_page()

        await self._run(everything(), line or self.line or Line())

    async def resume(self) -> None:
        """Whoever stalled first goes on, and learns what happened meanwhile."""
        if self._stalled:
            line, task = self._stalled.pop(0)
            line.resumed.set()
            with contextlib.suppress(PowerCut):
                await task

    async def _run(self, work: Coroutine[Any, Any, None], line: Line) -> None:
        """Run until the work ends, its power is cut, or it stalls."""
        task = asyncio.create_task(powered_by(line, work))
        stall = asyncio.create_task(line.stalled.wait())
        await asyncio.wait({task, stall}, return_when=asyncio.FIRST_COMPLETED)
        stall.cancel()
        if line.happened:
            self.line = None
        if not task.done():
            self._stalled.append((line, task))
            return
        with contextlib.suppress(PowerCut):
            task.result()

    async def busy_queues(self) -> list[Queue]:
        return [queue for queue in Queue if await self.ports.queue(queue).depth()]

    async def go_on(self, seconds: int) -> None:
        """Let time pass, then have every service do what there is to do."""
        self.now += timedelta(seconds=seconds)
        await self.reconcile()
        for queue in Queue:
            for _ in range(50):
                if not await self.deliver(queue):
                    break

    async def settle_down(self) -> None:
        """Let everybody go on, until nothing is left to do; an hour of it must be enough."""
        self.line = None
        while self._stalled:
            await self.resume()
        for _ in range(60):
            await self.go_on(61)
            if await self._is_quiet():
                break
        await self.reconcile()  # the orphan sweep has a last look

    async def _is_quiet(self) -> bool:
        waiting = any(self.ports.queue(queue)._messages for queue in Queue)
        pending = await self.ports.accounts.pending_change(self.user_id)
        return not waiting and pending is None and all(not j.due_at for j in await self.jobs())

    async def lose_all_messages(self) -> None:
        for queue in Queue:
            self.ports.queue(queue)._messages.clear()
