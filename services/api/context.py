"""Everything a request may need, put together once."""

from dataclasses import dataclass
from typing import Self

from gas.runtime.records import Clock, Records
from services.api.identity import SignIn
from services.api.job_desk import JobDesk
from services.api.ports import ApiPorts
from services.api.preflights import Preflights
from services.api.projection import Projector
from services.api.settings import ApiSettings
from services.api.store.accounts import Accounts
from services.api.store.audit import AuditTrail
from services.api.store.database import Database
from services.api.store.idempotency import IdempotencyKeys
from services.api.store.sessions import Sessions
from services.api.store.tokens import Tokens
from services.api.store_watch import StoreWatch


@dataclass(frozen=True)
class Context:
    """The parts of the api, wired."""

    settings: ApiSettings
    ports: ApiPorts
    database: Database
    clock: Clock
    accounts: Accounts
    sessions: Sessions
    tokens: Tokens
    idempotency: IdempotencyKeys
    audit: AuditTrail
    projector: Projector
    store_watch: StoreWatch
    desk: JobDesk
    preflights: Preflights
    sign_in: SignIn

    @classmethod
    def of(cls, settings: ApiSettings, ports: ApiPorts, database: Database, clock: Clock) -> Self:
        records = Records(ports.jobs, ports.publisher, settings.timings, clock)
        store_watch = StoreWatch(database, ports.jobs, clock)
        return cls(
            settings=settings,
            ports=ports,
            database=database,
            clock=clock,
            accounts=Accounts(database, clock),
            sessions=Sessions(database, settings.session_lifetime, settings.session_idle, clock),
            tokens=Tokens(database, clock),
            idempotency=IdempotencyKeys(database, clock),
            audit=AuditTrail(database, clock),
            projector=Projector(
                database, ports.accounts, ports.publisher, settings.timings.unheard, clock
            ),
            store_watch=store_watch,
            desk=JobDesk(ports.jobs, ports.inputs, records, store_watch.jobs_lost_before, clock),
            preflights=Preflights(ports.inputs, settings),
            sign_in=SignIn(settings),
        )
