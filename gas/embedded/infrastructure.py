"""What the services stand on: emulator, PostgreSQL and issuer, up and with all resources made."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from gas.embedded.emulator import Emulator, answers
from gas.embedded.environment import MAIL_FROM, PREFIX, public_url, service_environment
from gas.embedded.ports import Ports
from gas.embedded.postgres import Postgres
from gas.embedded.process import Process, Program
from gas.embedded.readiness import Check, run_to_success, until_ready
from gas.embedded.state import StateDirectory
from gas.runtime.decisions import LONGEST_DELAY

PROJECT = Path(__file__).parents[2]
_TEMPLATE = PROJECT / "infrastructure" / "gas-resources.yaml"
_START_TIMEOUT = timedelta(seconds=60)
_STOP_GRACE = timedelta(seconds=8)


class Infrastructure:
    """The three processes below the services. They are not restarted: their end is the stack's."""

    def __init__(self, state: StateDirectory, ports: Ports) -> None:
        keep_open = (state.lock_descriptor,)
        self._state = state
        self._ports = ports
        self._keep_open = keep_open
        self._processes: list[Process] = []
        self.emulator = Emulator(PROJECT, state.emulator, ports.emulator, state.secrets.aws)
        self.postgres = Postgres(
            state.postgres, ports.postgres, state.secrets.database, state.log("postgres"), keep_open
        )

    async def start(self, environment: Mapping[str, str], free_retention: timedelta) -> None:
        """Start all three at once and deploy the resources. Raises StackError."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._start_emulator(environment, free_retention))
                group.create_task(self._start_postgres())
                group.create_task(self._start_issuer(environment))
        except BaseExceptionGroup as failures:  # the first is the cause, and says it all
            raise failures.exceptions[0] from failures

    def process(self, name: str) -> Process | None:
        return next((p for p in self._processes if p.program.name == name), None)

    async def first_death(self) -> str:
        """Wait until one of them ends; a sentence about it."""
        waits = {asyncio.create_task(p.wait()): p.program for p in self._processes}
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        program = waits[done.pop()]
        return f"the {program.name} ended, without which nothing works; see {program.log}"

    async def stop(self) -> None:
        await asyncio.gather(*(p.stop(_STOP_GRACE) for p in self._processes))

    async def _start_emulator(
        self, environment: Mapping[str, str], free_retention: timedelta
    ) -> None:
        program = self.emulator.program(self._state.log("emulator"), self._keep_open)
        await self._start(program, self.emulator.is_ready)
        self._state.mark_in_use()
        await self._deploy(environment, min(free_retention, LONGEST_DELAY))

    async def _start_postgres(self) -> None:
        await self._start(await self.postgres.program(), self.postgres.is_ready)

    async def _start_issuer(self, environment: Mapping[str, str]) -> None:
        url = f"{environment['GAS_OIDC_ISSUER']}/.well-known/openid-configuration"
        program = self._program(
            "issuer", environment, "gas.embedded.issuer", str(self._ports.issuer)
        )
        await self._start(program, lambda: answers(url))

    async def _deploy(self, environment: Mapping[str, str], archive_delay: timedelta) -> None:
        """As anywhere else: by CloudFormation, from the one template."""
        parameters = {
            "Prefix": PREFIX,
            "ArchiveDelaySeconds": f"{archive_delay.total_seconds():.0f}",
            "AllowedOrigin": public_url(self._ports),
            "MailFrom": MAIL_FROM,
        }
        arguments = [f"--parameter={key}={value}" for key, value in parameters.items()]
        await run_to_success(
            self._program(
                "deploy", environment, "gas.adapters.aws.deploy", str(_TEMPLATE), *arguments
            )
        )

    def _program(
        self, name: str, environment: Mapping[str, str], module: str, *arguments: str
    ) -> Program:
        return Program(
            name=name,
            command=[sys.executable, "-m", module, *arguments],
            environment=service_environment(name, environment, self._state),
            log=self._state.log(name),
            directory=self._state.root,
        )

    async def _start(self, program: Program, is_ready: Check) -> None:
        process = await Process.start(program)
        self._processes.append(process)
        await until_ready(
            program.name, is_ready, lambda: not process.is_running, program.log, _START_TIMEOUT
        )
