"""Every contract is tried on both: the adapters in memory, and those for AWS on the emulator."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from gas.adapters.aws import AwsPorts, aws_ports
from gas.adapters.memory import MemoryPorts, memory_ports
from gas.cli.mailboxes import all_mails
from gas.messages import new_id
from gas.ports import Mail, RetrievalStatus, UploadForm
from gas.runtime.settings import CommonSettings
from tests.support.ports import Ports
from tests.support.stack import Stack, infrastructure
from tests.support.vault.fixtures import glacier, on_vault

__all__ = ["glacier", "infrastructure", "on_vault"]

SENDER = "gas@example.org"


@pytest.fixture(scope="session")
def in_memory() -> MemoryPorts:
    return memory_ports(retrieval_delay=timedelta(seconds=1))


@pytest.fixture(scope="session")
async def on_aws(infrastructure: Stack) -> AsyncIterator[AwsPorts]:
    settings = CommonSettings(
        inputs_bucket=infrastructure.inputs_bucket, results_bucket=infrastructure.results_bucket
    )
    async with aws_ports(settings, pool_size=10) as ports:
        await ports.ses.verify_email_identity(EmailAddress=SENDER)
        yield ports


@pytest.fixture(params=["in_memory", "on_aws"])
def ports(request: pytest.FixtureRequest) -> Ports:
    ports: Ports = request.getfixturevalue(request.param)
    return ports


@pytest.fixture
def user_id() -> str:
    """A user whom no other test knows, so that tests can share a stack."""
    return new_id()


@pytest.fixture
def just_begun(ports: Ports, request: pytest.FixtureRequest) -> RetrievalStatus:
    """The status of a retrieval that has just begun: LocalStack's S3 has everything at once."""
    if isinstance(ports, AwsPorts) and ports.vault_inventory is None:
        stack: Stack = request.getfixturevalue("infrastructure")
        if stack.restores_at_once:
            return RetrievalStatus.READY
    return RetrievalStatus.IN_PROGRESS


class Browser:
    """What a browser does with presigned forms and URLs."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    async def post(self, form: UploadForm, content: bytes, **changed: str) -> int:
        """Upload by the form, with some of its fields ``changed``; gives the HTTP status."""
        fields = {**form.fields, **changed}
        if isinstance(self._ports, MemoryPorts):
            return self._ports.inputs.post(fields, content)
        async with httpx.AsyncClient() as client:
            answer = await client.post(form.url, data=fields, files={"file": content})
        return answer.status_code

    async def get(self, url: str) -> bytes:
        """Raises PermissionError where the URL is not, or no longer, good."""
        if isinstance(self._ports, MemoryPorts):
            return self._ports.results.fetch(url)
        async with httpx.AsyncClient() as client:
            answer = await client.get(url)
        if answer.status_code == 403:
            raise PermissionError(url)
        return answer.raise_for_status().content


@pytest.fixture
def browser(ports: Ports) -> Browser:
    return Browser(ports)


Mailbox = Callable[[str], Awaitable[list[Mail]]]


@pytest.fixture
def mailbox(ports: Ports, request: pytest.FixtureRequest) -> Mailbox:
    """Gives the mails that were sent to an address."""
    if isinstance(ports, MemoryPorts):

        async def look(address: str) -> list[Mail]:
            return [mail for mail in ports.post_office.sent if mail.to == address]

        return look

    stack: Stack = request.getfixturevalue("infrastructure")

    async def ask(address: str) -> list[Mail]:
        return [
            Mail(mail.to, mail.subject, mail.text, mail.html)
            for mail in await all_mails(stack.endpoint)
            if mail.to == address
        ]

    return ask
