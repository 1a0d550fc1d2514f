"""The services on top of the infrastructure, supervised."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import timedelta

from gas.embedded.emulator import answers
from gas.embedded.environment import service_environment
from gas.embedded.options import StackOptions
from gas.embedded.process import Process, Program
from gas.embedded.readiness import run_to_success, until_ready
from gas.embedded.state import StateDirectory
from gas.embedded.supervisor import Supervisor
from gas.runtime.health import is_fresh

_START_TIMEOUT = timedelta(seconds=60)
_TRIES_AT_START = 3
"""Times that a service may die before it was ever healthy."""


class Services:
    """Those that the options name."""

    def __init__(
        self, options: StackOptions, state: StateDirectory, environment: Mapping[str, str]
    ) -> None:
        self._names = options.services
        self._state = state
        self._environment = environment
        self._supervisor = Supervisor(
            {name: self._program(name) for name in options.services},
            grace=options.grace,
            announce=options.announce,
        )

    def process(self, name: str) -> Process | None:
        return self._supervisor.process(name)

    async def start_all(self) -> None:
        """Start all at once and wait until they are healthy. Raises StackError."""
        try:
            async with asyncio.TaskGroup() as group:
                for name in self._names:
                    group.create_task(self._start_first_time(name))
        except BaseExceptionGroup as failures:  # the first is the cause, and says it all
            raise failures.exceptions[0] from failures

    async def _start_first_time(self, name: str) -> None:
        if name == "api":  # the only user of PostgreSQL
            await run_to_success(self._program(name, "migrate"))
        await self.start(name)

    async def start(self, name: str) -> None:
        """Start one and wait until it is healthy. Raises StackError, KeyError for no such name."""
        self._state.health(name).unlink(missing_ok=True)
        deaths_before = self._supervisor.deaths[name]
        await self._supervisor.start(name)
        await until_ready(
            name,
            lambda: self._is_healthy(name),
            lambda: self._supervisor.deaths[name] - deaths_before >= _TRIES_AT_START,
            self._state.log(name),
            _START_TIMEOUT,
        )

    async def stop(self, name: str) -> None:
        await self._supervisor.stop(name)

    async def stop_all(self) -> None:
        await self._supervisor.stop_all()

    async def _is_healthy(self, name: str) -> bool:
        if name == "api":
            return await answers(f"{self._environment['GAS_PUBLIC_URL']}/health/ready")
        return is_fresh(self._state.health(name))

    def _program(self, name: str, *arguments: str) -> Program:
        scratch = self._state.scratch(name)
        scratch.mkdir(exist_ok=True)
        return Program(
            name=name,
            command=[sys.executable, "-m", f"services.{name}", *arguments],
            environment=service_environment(name, self._environment, self._state),
            log=self._state.log(name),
            directory=scratch,
        )
