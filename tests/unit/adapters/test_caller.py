"""Who we are is asked of AWS at the start: an AWS that is away is waited for."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from gas.adapters.aws.caller import Caller, ask_who_we_are
from gas.domain.errors import MisconfiguredError
from gas.runtime import decisions

ANSWER = {"Arn": "arn:aws-cn:iam::123456789012:user/gas", "Account": "123456789012"}
AWAY = EndpointConnectionError(endpoint_url="http://localstack:4566")


def refused(code: str, status: int) -> ClientError:
    error: Any = {
        "Error": {"Code": code, "Message": "as AWS says"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(error, "GetCallerIdentity")


class Sts:
    """Answers with these, one after the other."""

    def __init__(self, *answers: Exception | dict[str, str]) -> None:
        self._answers = iter(answers)

    async def get_caller_identity(self) -> dict[str, str]:
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "_FIRST_BACKOFF", timedelta(milliseconds=1))
    monkeypatch.setattr(decisions, "_LONGEST_PATIENCE", timedelta(milliseconds=2))


async def test_an_aws_that_is_away_is_waited_for() -> None:
    sts = Sts(AWAY, refused("InternalFailure", 500), refused("Throttling", 400), AWAY, ANSWER)
    assert await ask_who_we_are(sts) == Caller("aws-cn", "123456789012")


@pytest.mark.parametrize(
    "error",
    [
        refused("InvalidClientTokenId", 403),
        refused("ExpiredToken", 403),
        refused("SignatureDoesNotMatch", 403),
        NoCredentialsError(),
    ],
    ids=str,
)
async def test_refused_credentials_are_told_at_once(error: Exception) -> None:
    with pytest.raises(MisconfiguredError, match="AWS does not take our credentials"):
        await ask_who_we_are(Sts(AWAY, error, ANSWER))
