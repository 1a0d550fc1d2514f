"""Everything a request may need, put together once."""

from dataclasses import dataclass
from typing import Self

from gas.runtime.records import Clock, Records
from services.api.accounts.identity import SignIn
from services.api.accounts.projection import Projector
from services.api.explorer.explorer import Explorer
from services.api.jobs.desk import JobDesk
from services.api.jobs.documents import ResultDocuments
from services.api.jobs.preflights import Preflights
from services.api.jobs.queue import QueueView
from services.api.jobs.uploads import Uploads
from services.api.payments.billing import Billing
from services.api.payments.configured import configured_payments
from services.api.ports import ApiPorts
from services.api.settings import ApiSettings
from services.api.store.accounts import Accounts
from services.api.store.audit import AuditTrail
from services.api.store.database import Database
from services.api.store.idempotency import IdempotencyKeys
from services.api.store.profiles import Profiles
from services.api.store.sessions import Sessions
from services.api.store.shares import Shares
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
    profiles: Profiles
    billing: Billing
    sessions: Sessions
    tokens: Tokens
    shares: Shares
    idempotency: IdempotencyKeys
    audit: AuditTrail
    projector: Projector
    store_watch: StoreWatch
    queue_view: QueueView
    desk: JobDesk
    uploads: Uploads
    preflights: Preflights
    explorer: Explorer
    documents: ResultDocuments
    sign_in: SignIn

    @classmethod
    def of(cls, settings: ApiSettings, ports: ApiPorts, database: Database, clock: Clock) -> Self:
        records = Records(ports.jobs, ports.publisher, settings.timings, clock)
        store_watch = StoreWatch(database, ports.jobs, clock)
        queue_view = QueueView(ports.jobs, clock)
        desk = JobDesk(
            ports.jobs,
            ports.inputs,
            records,
            store_watch.jobs_lost_before,
            queue_view,
            settings,
            clock,
        )
        projector = Projector(
            database, ports.accounts, ports.publisher, settings.timings.unheard, clock
        )
        return cls(
            settings=settings,
            ports=ports,
            database=database,
            clock=clock,
            accounts=Accounts(database, clock),
            profiles=Profiles(database, clock),
            billing=Billing(database, projector, configured_payments(settings), clock),
            sessions=Sessions(database, settings.session_lifetime, settings.session_idle, clock),
            tokens=Tokens(database, clock),
            shares=Shares(database, clock),
            idempotency=IdempotencyKeys(database, clock),
            audit=AuditTrail(database, clock),
            projector=projector,
            store_watch=store_watch,
            queue_view=queue_view,
            desk=desk,
            uploads=Uploads(desk, ports.inputs, ports.uploads, settings, clock),
            preflights=Preflights(ports.inputs, settings),
            explorer=Explorer(ports.results, settings, clock),
            documents=ResultDocuments(ports.results),
            sign_in=SignIn(settings),
        )
