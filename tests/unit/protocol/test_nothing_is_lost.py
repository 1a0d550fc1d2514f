"""The protocol under crashes, losses, duplicates and changes of plan, in any order.

Hypothesis drives the real handlers through random histories. After every step each result must
be readable somewhere, byte for byte; and from wherever a history ends, the system must settle:
no job waits for ever, nothing is left over, and storage is what the plan says.
"""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gas.domain import owner_steps, transitions
from gas.domain.errors import InvalidTransitionError
from gas.domain.job import Job
from gas.domain.plan import Plan
from gas.domain.states import DELETING
from gas.runtime.topology import Queue
from tests.support.checks import check_results, check_settled
from tests.support.power import Fate, Line
from tests.support.world import Stage, World

UNDO = timedelta(seconds=60)
QUEUES = st.sampled_from(list(Queue))
T = TypeVar("T")

LINES = st.tuples(
    st.one_of(st.none(), st.integers(min_value=0, max_value=14)),
    st.sampled_from(Fate),
    st.booleans(),
)


def a_line(drawn: tuple[int | None, Fate, bool]) -> Line:
    calls, fate, after = drawn
    return Line(calls, fate, after=after)


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.world = World()
        self.deleted: set[str] = set()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize(stage=st.sampled_from(Stage))
    def begin(self, stage: Stage) -> None:
        """Deep states are rare in random histories, so some begin there."""
        self.run(self.world.reach(stage))

    @precondition(lambda self: len(self.world.job_ids) < 3)
    @rule()
    def submit(self) -> None:
        self.run(self.world.submit())

    @rule(which=st.integers(min_value=0, max_value=4), line=LINES)
    def deliver(self, which: int, line: tuple[int | None, Fate, bool]) -> None:
        busy = self.run(self.world.busy_queues())
        if busy:
            self.run(self.world.deliver(busy[which % len(busy)], a_line(line)))

    @rule(line=LINES)
    def reconcile(self, line: tuple[int | None, Fate, bool]) -> None:
        self.run(self.world.reconcile(a_line(line)))

    @rule()
    def resume(self) -> None:
        self.run(self.world.resume())

    @rule(seconds=st.sampled_from([1, 61, 301]))
    def go_on(self, seconds: int) -> None:
        self.run(self.world.go_on(seconds))

    @rule(queue=QUEUES)
    def lose_a_message(self, queue: Queue) -> None:
        async def lose() -> None:
            waiting = self.world.ports.queue(queue)
            for delivery in await waiting.receive(
                limit=1, wait=timedelta(0), visibility=timedelta(seconds=1)
            ):
                await waiting.delete(delivery)

        self.run(lose())

    @rule(queue=QUEUES)
    def duplicate_a_message(self, queue: Queue) -> None:
        async def duplicate() -> None:
            waiting = self.world.ports.queue(queue)
            for delivery in await waiting.receive(
                limit=1, wait=timedelta(0), visibility=timedelta(0)
            ):
                await waiting.send(delivery.body)

        self.run(duplicate())

    @rule(seconds=st.sampled_from([1, 20, 125, 301]))
    def pass_time(self, seconds: int) -> None:
        self.world.now += timedelta(seconds=seconds)

    @rule(plan=st.sampled_from(Plan), said=st.booleans())
    def change_plan(self, plan: Plan, said: bool) -> None:
        self.run(self.world.set_plan(plan, said=said))

    @rule(which=st.integers(min_value=0, max_value=2))
    def cancel(self, which: int) -> None:
        async def cancel(job: Job) -> None:
            try:
                await self.world.records.commit(transitions.cancel(job, self.world.now))
            except InvalidTransitionError:
                return

        if job := self._job(which):
            self.run(cancel(job))

    @rule(which=st.integers(min_value=0, max_value=9))
    def delete(self, which: int) -> None:
        if job := self._job(which):
            self.deleted.add(job.job_id)
            self.run(self.world.records.commit(transitions.delete(job)))

    @rule(which=st.integers(min_value=0, max_value=2), name=st.sampled_from(["mine", None]))
    def rename(self, which: int, name: str | None) -> None:
        if (job := self._job(which)) and job.state != DELETING:
            self.run(self.world.records.commit(owner_steps.rename(job, name, self.world.now)))

    @rule(which=st.integers(min_value=0, max_value=9))
    def discard(self, which: int) -> None:
        if (job := self._job(which)) and not job.is_gone:
            self.deleted.add(job.job_id)
            self.run(self.world.records.commit(owner_steps.discard(job, UNDO, self.world.now)))

    @rule(which=st.integers(min_value=0, max_value=9))
    def take_back(self, which: int) -> None:
        job = self._job(which)
        if job is None or job.state == DELETING or job.erase_at is None:
            return
        if job.erase_at > self.world.now:
            self.deleted.discard(job.job_id)
            self.run(self.world.records.commit(owner_steps.undiscard(job, self.world.now)))

    def _job(self, which: int) -> Job | None:
        if which >= len(self.world.job_ids):
            return None
        return self.run(self.world.job(self.world.job_ids[which]))

    @invariant()
    def every_result_is_somewhere(self) -> None:
        self.run(check_results(self.world))

    def teardown(self) -> None:
        if self.world.job_ids:
            self.run(self.world.settle_down())
            self.run(check_settled(self.world, self.deleted))
        self.loop.close()


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
