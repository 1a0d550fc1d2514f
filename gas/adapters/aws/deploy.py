"""Create or update a CloudFormation stack and wait until it stands.

``python -m gas.adapters.aws.deploy --help`` does the same from a shell.
"""

import argparse
import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aioboto3
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_aiobotocore_cloudformation import CloudFormationClient

_POLL_INTERVAL = timedelta(seconds=0.2)
_PATIENCE = timedelta(minutes=10)
_STANDS = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
_NEVER_STOOD = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"})


class DeployError(Exception):
    """The stack does not stand; the text names the resource that failed and why."""


async def deploy(
    template: Path,
    stack_name: str,
    parameters: Mapping[str, str],
    *,
    patience: timedelta = _PATIENCE,
) -> dict[str, str]:
    """Bring the stack to what ``template`` says and return its outputs.

    Region, credentials and endpoint are the SDK's own. Raises DeployError.
    """
    arguments: dict[str, Any] = {
        "StackName": stack_name,
        "TemplateBody": await asyncio.to_thread(template.read_text, "utf-8"),
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
    }
    async with aioboto3.Session().client("cloudformation") as client:
        try:
            async with asyncio.timeout(patience.total_seconds()):
                await _create_or_update(client, stack_name, arguments)
                return await _outputs_once_standing(client, stack_name)
        except TimeoutError as error:
            raise DeployError(f"stack {stack_name} did not stand within {patience}") from error


async def _create_or_update(
    client: "CloudFormationClient", stack_name: str, arguments: dict[str, Any]
) -> None:
    status = await _status(client, stack_name)
    if status in _NEVER_STOOD:
        raise DeployError(
            f"stack {stack_name} failed when it was created ({status}): delete it, then try again"
        )
    try:
        if status is None:
            await client.create_stack(**arguments)
        else:
            await client.update_stack(**arguments)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise DeployError(f"stack {stack_name} was refused: {error}") from error


async def _status(client: "CloudFormationClient", stack_name: str) -> str | None:
    try:
        stacks = (await client.describe_stacks(StackName=stack_name))["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise DeployError(f"stack {stack_name} cannot be looked at: {error}") from error
    return stacks[0]["StackStatus"]


async def _outputs_once_standing(client: "CloudFormationClient", stack_name: str) -> dict[str, str]:
    while True:
        stack = (await client.describe_stacks(StackName=stack_name))["Stacks"][0]
        status = stack["StackStatus"]
        if status in _STANDS:
            return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}
        if not status.endswith("_IN_PROGRESS"):
            reason = await _first_failure(client, stack_name)
            raise DeployError(f"stack {stack_name} ended in {status}: {reason}")
        await asyncio.sleep(_POLL_INTERVAL.total_seconds())


async def _first_failure(client: "CloudFormationClient", stack_name: str) -> str:
    """The oldest failure of the last run is the cause, later ones follow from it."""
    reason = "no resource gave a reason"
    pages = client.get_paginator("describe_stack_events").paginate(StackName=stack_name)
    async for page in pages:  # newest first
        for event in page["StackEvents"]:
            if event["ResourceStatus"].endswith("_FAILED"):
                reason = f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '?')}"
            is_stack = event["ResourceType"] == "AWS::CloudFormation::Stack"
            if is_stack and event["ResourceStatus"] in {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"}:
                return reason
    return reason


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m gas.adapters.aws.deploy", description=__doc__)
    parser.add_argument("template", type=Path)
    parser.add_argument("--stack-name", default="gas")
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="KEY=VALUE", dest="parameters"
    )
    arguments = parser.parse_args()
    parameters = dict(item.split("=", 1) for item in arguments.parameters)
    try:
        outputs = asyncio.run(deploy(arguments.template, arguments.stack_name, parameters))
    except DeployError as error:
        parser.exit(1, f"{error}\n")
    parser.exit(0, json.dumps(outputs, indent=2) + "\n")


if __name__ == "__main__":
    _main()
