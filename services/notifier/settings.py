"""Settings of the notifier."""

from pydantic import Field

from gas.runtime.settings import WorkerSettings


class NotifierSettings(WorkerSettings):
    """Who writes, and where the links lead."""

    mail_from: str = Field(
        "GAS <gas@example.org>", description="The sender; SES must have verified the address"
    )
    public_url: str = Field("http://localhost:8400", description="Where users reach GAS")
