"""What the services stand on is as declared and as they rely on, on whichever stack runs."""

import base64
import hashlib
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aioboto3
import httpx
import pytest

from gas.adapters.aws import aws_ports
from gas.adapters.aws.deploy import DeployError, deploy
from gas.runtime.settings import CommonSettings
from tests.support.journey import RETENTION
from tests.support.live import LiveStack


@pytest.fixture(autouse=True)
def sdk_of_the_stack(live: LiveStack) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in live.environment().items():
            patch.setenv(variable, value)
        yield


async def test_the_template_is_in_effect(live: LiveStack) -> None:
    session = aioboto3.Session()
    async with session.client("sqs") as sqs, session.client("ses") as ses:
        url = (await sqs.get_queue_url(QueueName="gas-archive"))["QueueUrl"]
        attributes = await sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        assert attributes["Attributes"]["DelaySeconds"] == f"{RETENTION.total_seconds():.0f}"
        sender = live.environment()["GAS_MAIL_FROM"]
        identities = await ses.get_identity_verification_attributes(Identities=[sender])
        assert identities["VerificationAttributes"][sender]["VerificationStatus"] == "Success"


async def test_buckets_answer_to_our_pages_and_no_others(live: LiveStack) -> None:
    environment = live.environment()
    bucket = f"{environment['GAS_S3_PUBLIC_ENDPOINT']}/{environment['GAS_INPUTS_BUCKET']}"
    ask = {"Access-Control-Request-Method": "POST"}
    async with anybody(live) as client:
        ours = await client.options(bucket, headers={"Origin": live.api_url, **ask})
        assert ours.headers["access-control-allow-origin"] == live.api_url
        theirs = await client.options(bucket, headers={"Origin": "http://evil.test", **ask})
        assert theirs.status_code == 403


async def test_an_address_is_as_good_as_its_signature(live: LiveStack) -> None:
    async with aws_ports(CommonSettings(), pool_size=1) as ports:
        url = await ports.inputs.download_url("u/j/a", file_name="a", expires=timedelta(minutes=1))
    async with anybody(live) as client:
        assert (await client.get(url)).status_code == 404
        assert (await client.get(url.replace("/u/j/a?", "/u/j/b?"))).status_code == 403


async def test_a_template_that_fails_says_which_resource_and_why(
    live: LiveStack, tmp_path: Path
) -> None:
    """Each emulator minds but one of the two mistakes."""
    template = tmp_path / "bad.yaml"
    template.write_text(
        "Resources:\n  Odd:\n    Type: AWS::SQS::Queue\n"
        "    Properties: {QueueName: 'no name for a queue!', VisibilityTimeout: 999999}\n"
    )
    with pytest.raises(DeployError, match=r"Odd: .*(alphanumeric|VisibilityTimeout)"):
        await deploy(template, "bad", {})


async def test_sign_in_needs_the_verifier_of_its_challenge(live: LiveStack) -> None:
    verifier = secrets.token_urlsafe(48)
    right = await sign_in(live, challenge_of=verifier, verifier=verifier)
    assert right.status_code == 200
    assert "id_token" in right.json()
    wrong = await sign_in(live, challenge_of=verifier, verifier="x" * 43)
    assert wrong.json()["error"] == "invalid_grant"


def anybody(live: LiveStack) -> httpx.AsyncClient:
    return httpx.AsyncClient(verify=live.trust, trust_env=False)


async def sign_in(live: LiveStack, *, challenge_of: str, verifier: str) -> httpx.Response:
    """The token endpoint's answer to Ada, who signs in by the authorization code flow."""
    digest = hashlib.sha256(challenge_of.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": "gas",
        "redirect_uri": "http://localhost/callback",
        "scope": "openid email",
        "state": "s",
        "nonce": secrets.token_urlsafe(8),
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    issuer = live.issuer_url
    async with anybody(live) as client:
        redirect = await client.post(
            f"{issuer}/oauth2/authorize", params=query, data={"sub": "ada"}
        )
        (code,) = parse_qs(urlsplit(redirect.headers["location"]).query)["code"]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": query["redirect_uri"],
            "code_verifier": verifier,
        }
        return await client.post(f"{issuer}/oauth2/token", data=form, auth=("gas", "secret"))
