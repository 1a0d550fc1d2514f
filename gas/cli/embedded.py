"""``gas up``: the embedded stack in the foreground."""

import sys
from datetime import timedelta
from pathlib import Path

from gas.cli.errors import OK, ClientError
from gas.embedded.errors import StackError
from gas.embedded.options import StackOptions
from gas.embedded.stack import run_until_interrupted


async def serve(first_port: int, state: Path, free_retention: timedelta, *, verbose: bool) -> int:
    """Run all of GAS until Ctrl-C (or SIGTERM), then stop all of it."""
    say("sign in as ada or ben, or with any e-mail address")
    say(f"a token for the command line: {sys.executable} -m gas.cli.demo_user ada")
    say(f"logs are in {state / 'logs'}")
    options = StackOptions(
        ports_from=first_port,
        state=state,
        free_retention=free_retention,
        announce=say,
        verbose=verbose,
    )
    try:
        await run_until_interrupted(options)
    except StackError as error:
        raise ClientError(str(error)) from error
    say("stopped")
    return OK


def say(line: str) -> None:
    """A line at once, also into a pipe: whoever starts us may wait for it."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
