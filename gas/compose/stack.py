"""The Compose stack as a whole: the demo and the tests run one of their own."""

import ssl
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from gas.compose.docker import check_engine
from gas.compose.environment import Ports, client_environment, compose_environment
from gas.compose.errors import ComposeError
from gas.compose.networks import HOST, free_ports, free_subnet
from gas.compose.project import ComposeProject

PROJECT = Path(__file__).parents[2]
_FILE = PROJECT / "docker-compose.yml"
_LOAD_BALANCER = "load-balancer"
_CA = "/data/caddy/pki/authorities/local/root.crt"


def _say_nothing(_: str) -> None:
    """For tests, which look for themselves."""


@dataclass(frozen=True)
class ComposeOptions:
    """How to run a stack.

    ``name`` is the project's: whatever is left of an earlier one goes. ``settings`` are GAS_*
    variables. ``services`` are those to start, with what they need; none means all.
    ``announce`` is told, a line at a time, what happens.
    """

    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    services: Sequence[str] = ()
    announce: Callable[[str], None] = _say_nothing


class ComposeStack:
    """Async context manager: inside it all is up and healthy, after it nothing is left.

    It listens on free ports of the loopback interface, so that it runs beside any other. Entering
    raises ComposeError, a sentence for the user, when that cannot be.
    """

    project: ComposeProject
    ca_file: Path
    """The certificate to trust, of the authority that the load balancer made for itself.

    There is none where the load balancer is not among the services that were started.
    """

    def __init__(self, options: ComposeOptions) -> None:
        self.options = options
        self._ports = Ports(*free_ports(len(Ports.__dataclass_fields__)))
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._exits.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._exits.aclose()

    @property
    def api_url(self) -> str:
        return f"https://localhost:{self._ports.https}"

    @property
    def issuer_url(self) -> str:
        return f"https://localhost:{self._ports.issuer}"

    @property
    def aws_endpoint(self) -> str:
        return f"http://{HOST}:{self._ports.localstack}"

    @property
    def trust(self) -> ssl.SSLContext:
        """Trusts this stack, and nobody else."""
        return ssl.create_default_context(cafile=self.ca_file)

    def environment(self) -> dict[str, str]:
        """What a client needs: the SDK's variables, ours, and whom to trust."""
        return {
            **client_environment(self.aws_endpoint, self._ports, self.options.settings),
            **({"SSL_CERT_FILE": str(self.ca_file)} if self.ca_file.exists() else {}),
        }

    async def _start(self) -> None:
        say = self.options.announce
        await check_engine()
        folder = Path(self._exits.enter_context(tempfile.TemporaryDirectory(prefix="gas-")))
        self.ca_file = folder / "ca.crt"
        self.project = ComposeProject(
            name=self.options.name,
            files=[_FILE],
            environment=compose_environment(
                self._ports, await free_subnet(), self.options.settings
            ),
            directory=PROJECT,
        )
        _check_known(self.options.settings)
        await self.project.down(volumes=True)
        self._exits.push_async_callback(self.project.down, volumes=True)
        say("building images and starting containers; the first time this takes minutes")
        await self.project.up(*self.options.services, build=True)
        if await self.project.containers(_LOAD_BALANCER):
            await self.project.copy_out(_LOAD_BALANCER, _CA, self.ca_file)


def _check_known(settings: Mapping[str, str]) -> None:
    """What docker-compose.yml does not pass on would be ignored without a word."""
    text = _FILE.read_text(encoding="utf-8")
    unknown = [name for name in settings if f"${{{name}" not in text]
    if unknown:
        raise ComposeError(f"{_FILE.name} knows no {', '.join(unknown)}")
