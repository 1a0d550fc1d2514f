"""What handlers need of the world, as Protocols. Adapters are in ``gas.adapters``."""

from gas.ports.accounts import AccountStore, PlanChange
from gas.ports.archive import ResultArchive, RetrievalStatus, RetrievalTier
from gas.ports.jobs import DueEntry, JobStore, Page, StoreIdentity
from gas.ports.mail import Mail, Mailer, SentMails
from gas.ports.messaging import Delivery, Publisher, Queue
from gas.ports.objects import ObjectInfo, ObjectStore, UploadForm

__all__ = [
    "AccountStore",
    "Delivery",
    "DueEntry",
    "JobStore",
    "Mail",
    "Mailer",
    "ObjectInfo",
    "ObjectStore",
    "Page",
    "PlanChange",
    "Publisher",
    "Queue",
    "ResultArchive",
    "RetrievalStatus",
    "RetrievalTier",
    "SentMails",
    "StoreIdentity",
    "UploadForm",
]
