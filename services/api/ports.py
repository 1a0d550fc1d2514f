"""Which ports the api needs; whatever has these attributes will do."""

from typing import Protocol

from gas.ports import AccountStore, JobStore, MultipartUploads, ObjectStore, Publisher, SentMails


class ApiPorts(Protocol):
    """Satisfied by ``gas.adapters.aws.wiring`` and ``gas.adapters.memory`` alike."""

    @property
    def jobs(self) -> JobStore: ...

    @property
    def accounts(self) -> AccountStore: ...

    @property
    def inputs(self) -> ObjectStore: ...

    @property
    def uploads(self) -> MultipartUploads: ...

    @property
    def results(self) -> ObjectStore: ...

    @property
    def publisher(self) -> Publisher: ...

    @property
    def sent_mails(self) -> SentMails: ...
