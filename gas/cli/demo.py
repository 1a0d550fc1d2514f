"""The whole of GAS in one story: ``python -m gas.cli.demo --help``; ``make demo`` runs it.

Ada, a Free user, has a VCF annotated, sees the result archived, upgrades, and gets it back byte
for byte. Everything is real: seven services, SQS, SNS, S3 and its Glacier class, DynamoDB and
SES on an emulator, PostgreSQL, OpenID Connect. Exit code 0 if every step happened, else 1.
"""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping

from rich.console import Console

from gas.cli import demo_steps as steps
from gas.cli.demo_stacks import EMULATOR, NOTICE, RETENTION, STACKS, DemoStack
from gas.cli.story import Story, StoryEndedError
from gas.compose import ComposeError
from gas.embedded.errors import StackError


async def tell(stack: DemoStack, story: Story) -> str:
    """The story itself; gives the id of its job.

    Raises StoryEndedError where it does not go as it should.
    """
    ada = await story.step(
        "Ada signs in through OpenID Connect; an access token is made for the command line",
        steps.sign_in(stack, story),
        ["api", "issuer"],
    )
    async with ada.client:
        await story.step(
            "A file over 150 KB is refused on the Free plan, by the api and by S3 itself",
            steps.oversized_upload_is_refused(ada, story),
            ["api", EMULATOR],
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
        await story.step(
            f"GAS writes to Ada {NOTICE.total_seconds():g} s before the result is archived",
            steps.mail(ada, job, "Will be archived soon", story),
            ["reconciler", "notifier"],
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
        return job.id


async def run(console: Console, stack_name: str) -> int:
    """Start a stack of our own, tell the story, and serve on if somebody looks on."""
    began = time.monotonic()
    console.print(
        f"GAS, from upload to archive and back. Starting the {stack_name} stack:", style="bold"
    )
    async with STACKS[stack_name](lambda line: console.print(f"    {line}")) as stack:
        console.print(f"    ({time.monotonic() - began:.1f} s)", style="dim")
        _use(stack.environment())
        try:
            job_id = await tell(stack, Story(console, stack.end_of_log))
        except StoryEndedError:
            console.print(f"\nThe demo failed. All logs: {stack.logs}", style="bold red")
            return 1
        console.print(f"\nAll of it in {time.monotonic() - began:.0f} s.", style="bold green")
        if console.is_terminal:
            _say_where_to_look(console, stack, job_id)
            await _until_interrupted(stack)
    return 0


def _say_where_to_look(console: Console, stack: DemoStack, job_id: str) -> None:
    job = f"{stack.api_url}/jobs/{job_id}"
    console.print(f"Sign in as {steps.USER}, with nothing but that name, and look at it:")
    console.print(f"    the job          {job}")
    console.print(f"    its variants     {job}/variants")
    console.print(f"    the start page   {stack.api_url}")
    console.print(f"Logs: {stack.logs}. Ctrl-C stops everything.")


async def _until_interrupted(stack: DemoStack) -> None:
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


def _use(environment: Mapping[str, str]) -> None:
    """For our looks behind the scenes: the emulator, and nothing else, must be found and trusted."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    wanted = {n: v for n, v in environment.items() if n.startswith(("AWS_", "SSL_CERT_"))}
    os.environ.update(wanted)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gas.cli.demo", description=__doc__)
    parser.add_argument(
        "--stack",
        choices=STACKS,
        default="embedded",
        help="processes on MiniStack (embedded), or containers on LocalStack (compose)",
    )
    stack_name = parser.parse_args().stack
    console = Console(soft_wrap=True, highlight=False, markup=False)
    try:
        return asyncio.run(run(console, stack_name))
    except (StackError, ComposeError) as error:
        console.print(f"The demo failed: {error}", style="bold red")
        return 1
    except KeyboardInterrupt:
        console.print("Interrupted.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
