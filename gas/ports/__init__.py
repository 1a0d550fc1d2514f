"""What handlers need of the world, as Protocols. Adapters are in ``gas.adapters``."""

from gas.ports.accounts import AccountStore, PlanChange
from gas.ports.archive import ResultArchive, RetrievalStatus, RetrievalTier
from gas.ports.jobs import DueEntry, JobStore, Page, QueueEntry, StoreIdentity
from gas.ports.mail import Mail, Mailer, SentMail, SentMails
from gas.ports.messaging import Delivery, Publisher, Queue
from gas.ports.multipart import MultipartUploads, Part
from gas.ports.objects import ObjectInfo, ObjectStore, UploadForm

__all__ = [
    "AccountStore",
    "Delivery",
    "DueEntry",
    "JobStore",
    "Mail",
    "Mailer",
    "MultipartUploads",
    "ObjectInfo",
    "ObjectStore",
    "Page",
    "Part",
    "PlanChange",
    "Publisher",
    "Queue",
    "QueueEntry",
    "ResultArchive",
    "RetrievalStatus",
    "RetrievalTier",
    "SentMail",
    "SentMails",
    "StoreIdentity",
    "UploadForm",
]
