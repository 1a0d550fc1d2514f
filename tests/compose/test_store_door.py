"""The store as browsers see it: LocalStack has all of AWS behind its port, and they need little."""

import httpx
import pytest

from tests.support.live import LiveStack
from tests.support.users import User


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_localstack/health"),
        ("GET", "//_aws/ses"),
        ("GET", "/%5Flocalstack/health"),
        ("GET", "/x/../_aws/ses"),
        ("GET", "/"),  # the names of all buckets
        ("GET", "/{results}?list-type=2"),
        ("GET", "/{results}/{key}"),
        ("PUT", "/{results}/{key}?X-Amz-Signature=0"),
        ("DELETE", "/{results}/{key}?X-Amz-Signature=0"),
        ("POST", "/?Action=ListQueues"),
        ("POST", "/{inputs}?Action=ListQueues"),
        ("GET", "/000000000000/gas-annotate?Action=ReceiveMessage&X-Amz-Signature=0"),
    ],
)
async def test_store_takes_nothing_but_signed_addresses_and_forms(
    method: str, path: str, live: LiveStack, nobody: httpx.AsyncClient
) -> None:
    """LocalStack would answer all of these."""
    names = live.environment()
    target = path.format(
        results=names["GAS_RESULTS_BUCKET"], inputs=names["GAS_INPUTS_BUCKET"], key="a/b/1/c.vcf"
    )
    request = nobody.build_request(method, names["GAS_S3_PUBLIC_ENDPOINT"])
    request.url = request.url.copy_with(raw_path=target.encode())
    answer = await nobody.send(request)
    assert (answer.status_code, answer.content) == (404, b"")


async def test_signed_address_opens_what_it_names(nobody: httpx.AsyncClient, premium: User) -> None:
    job = await premium.completed()
    mine, other = (file.name for file in job.files[:2])
    address = (await premium.ask("GET", f"/jobs/{job.id}/files/{mine}")).headers["Location"]
    assert (await nobody.get(address)).status_code == 200
    assert (await nobody.get(address.replace(f"/{mine}?", f"/{other}?"))).status_code == 403
    assert (await nobody.get(address[:-4] + "0000")).status_code == 403
