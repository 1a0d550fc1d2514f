"""Who we are to AWS."""

import asyncio
import random
from dataclasses import dataclass
from typing import Any

import structlog
from botocore.exceptions import ClientError, CredentialRetrievalError, NoCredentialsError

from gas.adapters.aws.errors import translated
from gas.domain.errors import MisconfiguredError, TransientError
from gas.runtime.decisions import patience

log = structlog.get_logger()


@dataclass(frozen=True)
class Caller:
    """``partition`` is the second part of an ARN: aws, aws-cn, aws-us-gov."""

    partition: str
    account_id: str


async def ask_who_we_are(sts: Any) -> Caller:
    """Ask STS, the one call that needs no permission; waits for as long as AWS is away.

    A process that died instead would only be started again. Raises MisconfiguredError where the
    credentials are refused, or there are none: no waiting helps against that.
    """
    failures = 0
    while True:
        try:
            with translated():
                answer = await sts.get_caller_identity()
            return Caller(answer["Arn"].split(":")[1], answer["Account"])
        except TransientError as error:
            failures += 1
            pause = patience(failures, random.random())  # noqa: S311 - jitter, not a secret
            log.warning("waiting for AWS", reason=str(error), pause=pause.total_seconds())
            await asyncio.sleep(pause.total_seconds())
        except (ClientError, NoCredentialsError, CredentialRetrievalError) as error:
            raise MisconfiguredError(f"AWS does not take our credentials: {error}") from error
