"""Plans and what is paid for them: who pays has Premium, and keeps it while the payments last.

Whether somebody pays is never concluded from an event or from a browser that comes back: each
time the payment service is asked what is so now, with the account's row locked. So events may
come twice, late or out of order, and one that gets lost is made good by the next look.
"""

from datetime import timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from gas.domain.plan import Plan
from gas.messages import new_id
from gas.runtime.records import Clock, utc_now
from services.api.accounts.projection import Projector
from services.api.payments.port import PaymentEvent, Payments, Subscription
from services.api.payments.standing import Choice, Standing, standing_of
from services.api.problems import Problem
from services.api.store.accounts import locked_account, put_on_plan
from services.api.store.audit import Action, note
from services.api.store.database import Database
from services.api.store.tables import AccountRow, PaymentEventRow

log = structlog.get_logger()

PAYMENT_FAILED = "invoice.payment_failed"
_KINDS = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.paused",
        "customer.subscription.resumed",
        "customer.subscription.deleted",
        "invoice.paid",
        PAYMENT_FAILED,
    }
)
"""The events after which a subscription may be another: https://docs.stripe.com/api/events/types"""

_LOOK_AGAIN_AFTER = timedelta(days=1)
_LOOKS_AT_A_TIME = 50
_EVENTS_KEPT = timedelta(days=30)
"""Stripe repeats an event for three days, an operator from its dashboard for fifteen or thirty."""


class Billing:
    """The plan of each account. ``payments`` None: Premium costs nothing here."""

    def __init__(
        self,
        database: Database,
        projector: Projector,
        payments: Payments | None,
        clock: Clock = utc_now,
    ) -> None:
        self.payments = payments
        self._database = database
        self._projector = projector
        self._clock = clock

    async def standing(self, user_id: str) -> Standing:
        query = select(AccountRow).where(AccountRow.user_id == user_id)
        async with self._database.transaction() as session:
            return standing_of((await session.scalars(query)).one())

    async def choose(self, user_id: str, plan: Plan, correlation_id: str) -> Choice:
        """Put the user on a plan; or, where Premium must be paid for first, say where.

        Free comes at the end of the time that is paid for. Raises a Problem (503).
        """
        if self.payments and plan is Plan.PREMIUM:
            await self._open_customer(self.payments, user_id)
        async with self._database.transaction() as session:
            row = await locked_account(session, AccountRow.user_id == user_id)
            pay_at = None
            if self.payments and row.payment_customer:
                pay_at = await self._arrange(session, row, self.payments, plan, correlation_id)
            else:
                put_on_plan(session, row, plan, self._clock(), correlation_id)
            standing = standing_of(row)
        await self._projector.try_project(user_id, correlation_id)
        return Choice(standing, pay_at)

    async def refresh(
        self, user_id: str, correlation_id: str, event: PaymentEvent | None = None
    ) -> Standing:
        """Ask the payment service, and bring the plan in line. Raises a Problem (503).

        An ``event`` that was carried out before needs no second asking.
        """
        async with self._database.transaction() as session:
            row = await locked_account(session, AccountRow.user_id == user_id)
            is_new = event is None or not await _was_heard(session, event)
            if self.payments and row.payment_customer and is_new:
                await self._look(session, row, self.payments, correlation_id)
                if event:
                    self._remember(session, row, event, correlation_id)
            standing = standing_of(row)
        await self._projector.try_project(user_id, correlation_id)
        return standing

    async def hear(self, event: PaymentEvent, correlation_id: str) -> None:
        """Of an event. What is about nobody here, or about nothing that matters, has no effect."""
        if event.kind not in _KINDS or event.customer is None:
            return
        query = select(AccountRow.user_id).where(AccountRow.payment_customer == event.customer)
        async with self._database.transaction() as session:
            user_id = (await session.scalars(query)).one_or_none()
        if user_id is None:
            log.info("a payment event is about none of our users", event_id=event.event_id)
            return
        await self.refresh(user_id, correlation_id, event)

    async def portal(self, user_id: str) -> str | None:
        """Where the user changes the card and finds invoices; None for who never was a customer."""
        query = select(AccountRow.payment_customer).where(AccountRow.user_id == user_id)
        async with self._database.transaction() as session:
            customer = (await session.scalars(query)).one()
        return await self.payments.portal(customer) if self.payments and customer else None

    async def look_again(self) -> None:
        """A round: ask about customers of whom nothing was heard for a day; forget old events."""
        now = self._clock()
        query = (
            select(AccountRow.user_id)
            .where(AccountRow.payment_customer.is_not(None))
            .where(AccountRow.payment_checked_at < now - _LOOK_AGAIN_AFTER)
            .order_by(AccountRow.payment_checked_at)
            .limit(_LOOKS_AT_A_TIME)
        )
        old = delete(PaymentEventRow).where(PaymentEventRow.received_at < now - _EVENTS_KEPT)
        async with self._database.transaction() as session:
            await session.execute(old)
            waiting = (await session.scalars(query)).all()
        for user_id in waiting:
            try:
                await self.refresh(user_id, new_id())
            except Problem as problem:  # logged where it arose; the next round tries again
                log.warning("payments left to the next round", reason=problem.detail)
                return

    async def close(self) -> None:
        if self.payments:
            await self.payments.close()

    async def _open_customer(self, payments: Payments, user_id: str) -> None:
        """In a transaction of its own: should what follows fail, the customer is not forgotten."""
        async with self._database.transaction() as session:
            row = await locked_account(session, AccountRow.user_id == user_id)
            if row.payment_customer is None:
                row.payment_customer = await payments.open_customer(row.to_account())

    async def _arrange(
        self,
        session: AsyncSession,
        row: AccountRow,
        payments: Payments,
        plan: Plan,
        correlation_id: str,
    ) -> str | None:
        """With the payment service, for a customer of it. Where to pay first, if anywhere."""
        found = await self._look(session, row, payments, correlation_id)
        if plan is Plan.FREE:
            if found is None or not found.is_paid:
                put_on_plan(session, row, plan, self._clock(), correlation_id)
            elif found.ends_at is None:
                await payments.end_with_period(found.subscription_id)
                await self._look(session, row, payments, correlation_id)
            return None
        if found and found.is_paid:
            if found.ends_at:
                await payments.keep(found.subscription_id)
                await self._look(session, row, payments, correlation_id)
            return None
        if row.plan == Plan.PREMIUM:  # given without payment, by an operator
            return None
        customer = str(row.payment_customer)
        if found and found.is_open:  # unpaid invoices, which a second subscription would not settle
            return await payments.portal(customer)
        return await payments.checkout(row.user_id, customer)

    async def _look(
        self, session: AsyncSession, row: AccountRow, payments: Payments, correlation_id: str
    ) -> Subscription | None:
        """Ask, note the answer, and let the plan follow it.

        Who never paid keeps the plan that is there: it was not got by paying.
        """
        now = self._clock()
        found = await payments.subscription(row.user_id, str(row.payment_customer))
        paid = found if found and found.is_paid else None
        if paid:
            put_on_plan(session, row, Plan.PREMIUM, now, correlation_id)
        elif row.payment_subscription:
            put_on_plan(session, row, Plan.FREE, now, correlation_id)
        row.payment_subscription = paid.subscription_id if paid else None
        row.payment_status = found.status if found else None
        row.payment_ends_at = paid.ends_at if paid else None
        row.payment_checked_at = now
        return found

    def _remember(
        self, session: AsyncSession, row: AccountRow, event: PaymentEvent, correlation_id: str
    ) -> None:
        now = self._clock()
        session.add(PaymentEventRow(event_id=event.event_id, kind=event.kind, received_at=now))
        if event.kind == PAYMENT_FAILED:
            note(
                session,
                Action.PAYMENT_FAILED,
                user_id=row.user_id,
                now=now,
                correlation_id=correlation_id,
                event_id=event.event_id,
            )


async def _was_heard(session: AsyncSession, event: PaymentEvent) -> bool:
    return await session.get(PaymentEventRow, event.event_id) is not None
