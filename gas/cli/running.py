"""Runs a command, and turns errors into exit codes. Imports no more than every command needs."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from gas.cli.errors import ClientError


def run(command: Callable[[], Coroutine[Any, Any, int]]) -> NoReturn:
    """Run a command and exit with its code, or with that of its error."""
    try:
        code = asyncio.run(command())
    except ClientError as error:
        sys.stderr.write(f"error: {error}\n")
        code = error.exit_code
    sys.exit(code)
