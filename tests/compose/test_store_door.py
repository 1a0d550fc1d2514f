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
        ("PUT", "/{results}/{key}?partNumber=1&uploadId=u&X-Amz-Signature=0"),
        ("PUT", "/{inputs}/{key}?X-Amz-Signature=0"),
        ("PUT", "/{inputs}/{key}?partNumber=1&X-Amz-Signature=0"),
        ("PUT", "/{inputs}/{key}?uploadId=u&X-Amz-Signature=0"),
        ("PUT", "/{inputs}/{key}?partNumber=1&uploadId=u"),
        ("PUT", "/{inputs}?partNumber=1&uploadId=u&X-Amz-Signature=0"),
        ("POST", "/{inputs}/{key}?uploadId=u&X-Amz-Signature=0"),
        ("DELETE", "/{inputs}/{key}?uploadId=u&X-Amz-Signature=0"),
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


async def test_large_upload_goes_through_in_parts(nobody: httpx.AsyncClient, premium: User) -> None:
    """What is no part of it, or has another size than was signed, is refused by the store."""
    part_bytes, size = 16 * 1024**2, 16 * 1024**2 + 7
    draft = await premium.ask("POST", "/jobs", json={"file_name": "a.vcf", "size": size})
    upload = f"/jobs/{draft.json()['job']['id']}/upload"
    plan = await premium.ask("POST", upload, json={"size": size})
    assert plan.json()["parts"] == {"part_bytes": part_bytes, "count": 2, "there": []}
    asked = await premium.ask("POST", f"{upload}/parts", json={"size": size, "numbers": [1, 2]})
    first, last = (part["url"] for part in asked.json()["parts"])

    assert (await nobody.put(last, content=b"x" * 8)).status_code == 403
    renumbered = last.replace("partNumber=2", "partNumber=1")
    assert (await nobody.put(renumbered, content=b"x" * 7)).status_code == 403
    assert (await nobody.put(last, content=b"x" * 7)).status_code == 200
    assert (await nobody.put(first, content=bytes(part_bytes))).status_code == 200

    assert (await premium.ask("POST", f"{upload}/complete", json={"size": size})).is_success


async def test_signed_address_opens_what_it_names(nobody: httpx.AsyncClient, premium: User) -> None:
    job = await premium.completed()
    mine, other = (file.name for file in job.files[:2])
    address = (await premium.ask("GET", f"/jobs/{job.id}/files/{mine}")).headers["Location"]
    assert (await nobody.get(address)).status_code == 200
    assert (await nobody.get(address.replace(f"/{mine}?", f"/{other}?"))).status_code == 403
    assert (await nobody.get(address[:-4] + "0000")).status_code == 403
