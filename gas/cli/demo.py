"""The whole of GAS in one story: ``python -m gas.cli.demo``, which ``make demo`` runs.

Ada, a Free user, has a VCF annotated, sees the result archived, upgrades, and gets it back byte
for byte. Everything is real: seven services, SQS, SNS, S3 and its Glacier class, DynamoDB and
SES on an emulator, PostgreSQL, OpenID Connect. Exit code 0 if every step happened, else 1.
"""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from gas.cli import demo_steps as steps
from gas.cli.story import Story, StoryEndedError
from gas.embedded.errors import StackError
from gas.embedded.options import StackOptions
from gas.embedded.stack import EmbeddedStack
from gas.embedded.state import StateDirectory

STATE = Path(".gas/demo")
RETENTION = timedelta(seconds=15)  # time to look at the result, on a slow machine too
ANY_FREE_PORTS = 0
IMPATIENCE = {
    "GAS_RECONCILE_INTERVAL_SECONDS": "2",
    "GAS_UNHEARD_SECONDS": "10",
    "GAS_VISIBILITY_SECONDS": "10",
    "GAS_LEASE_SECONDS": "10",
}
"""What takes minutes in production, so that a service killed here is made up for in seconds."""


async def tell(stack: EmbeddedStack, story: Story) -> None:
    """The story itself. Raises StoryEndedError where it does not go as it should."""
    ada = await story.step(
        "Ada signs in through OpenID Connect; an access token is made for the command line",
        steps.sign_in(stack, story),
        ["api", "issuer"],
    )
    async with ada.client:
        await story.step(
            "A file over 150 KB is refused on the Free plan, by the api and by S3 itself",
            steps.oversized_upload_is_refused(ada, story),
            ["api", "emulator"],
        )
        job = await story.step(
            "Ada submits a VCF of human mitochondrial variants",
            steps.submit(ada, story),
            ["api"],
        )
        job = await story.step(
            "It is annotated", steps.annotate(ada, job, story), ["annotator", "reconciler"]
        )
        before = await story.step(
            "Ada downloads the result", steps.download(ada, job, story), ["api"]
        )
        await story.step(
            "GAS writes to Ada",
            steps.mail(ada, job, "Your annotated VCF is ready", story),
            ["notifier"],
        )
        job = await story.step(
            f"On the Free plan the result is archived {RETENTION.total_seconds():g} s later",
            steps.archive(ada, job, story),
            ["archiver", "reconciler"],
        )
        await story.step(
            "GAS writes to Ada",
            steps.mail(ada, job, "Your result was archived", story),
            ["notifier"],
        )
        job = await story.step(
            "Ada upgrades to Premium, and the archived result is brought back",
            steps.upgrade_and_restore(ada, job, story),
            ["restorer", "thawer", "reconciler"],
        )
        after = await story.step(
            "Ada downloads the result again", steps.download(ada, job, story), ["api"]
        )
        await story.step(
            "It is the same, byte for byte", steps.compare(before, after, story), ["thawer"]
        )
        await story.step(
            "GAS writes to Ada",
            steps.mail(ada, job, "Your result is back", story),
            ["notifier"],
        )


async def run(console: Console) -> int:
    """Start a stack of our own, tell the story, and serve on if somebody looks on."""
    began = time.monotonic()
    console.print(
        "GAS, from upload to archive and back. Starting the embedded stack:", style="bold"
    )
    await _begin_anew(STATE)
    options = StackOptions(
        ports_from=ANY_FREE_PORTS,
        state=STATE,
        free_retention=RETENTION,
        environment=IMPATIENCE,
        announce=lambda line: console.print(f"    {line}"),
    )
    async with EmbeddedStack(options) as stack:
        console.print(f"    ({time.monotonic() - began:.1f} s)", style="dim")
        _use_emulator(stack.environment())
        logs = stack.log_path("api").parent
        try:
            await tell(stack, Story(console, stack.log_path))
        except StoryEndedError:
            console.print(f"\nThe demo failed. All logs are in {logs}", style="bold red")
            return 1
        console.print(f"\nAll of it in {time.monotonic() - began:.0f} s.", style="bold green")
        if console.is_terminal:
            console.print(f"Open {stack.api_url} and sign in as {steps.USER}. Logs: {logs}")
            console.print("Ctrl-C stops everything.")
            await _until_interrupted(stack)
    return 0


async def _until_interrupted(stack: EmbeddedStack) -> None:
    """Serve until Ctrl-C. Raises StackError when the stack breaks."""
    loop, interrupted = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupted.set)
    broken = asyncio.create_task(stack.until_broken())
    stopping = asyncio.create_task(interrupted.wait())
    await asyncio.wait([broken, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if broken.done():
        raise StackError(await broken)
    broken.cancel()


def _use_emulator(environment: Mapping[str, str]) -> None:
    """For our looks behind the scenes: the AWS SDK must find the emulator, and nothing else."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update({name: v for name, v in environment.items() if name.startswith("AWS_")})


async def _begin_anew(folder: Path) -> None:
    """Empty the state folder, unless a stack runs in it (StackError)."""
    state = await StateDirectory.claim(folder)
    try:
        shutil.rmtree(state.root)
    finally:
        state.release()


def main() -> int:
    console = Console(soft_wrap=True, highlight=False, markup=False)
    try:
        return asyncio.run(run(console))
    except StackError as error:
        console.print(f"The demo failed: {error}", style="bold red")
        return 1
    except KeyboardInterrupt:
        console.print("Interrupted.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
