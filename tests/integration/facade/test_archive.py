"""The façade takes its time over retrievals, and refuses what S3's Glacier class refuses."""

import asyncio
import time
from datetime import timedelta
from typing import Any

from gas.messages import RetrievalCompleted, new_id, parse
from tests.integration.facade.conftest import Open
from tests.support.facade.door import Door, refusal
from tests.support.patience import until

CONTENT = b"as it was written"
DELAY = timedelta(seconds=1.5)
READY = 'ongoing-request="false"'
ONGOING = 'ongoing-request="true"'


class Cold:
    """An archived object, seen through a façade."""

    def __init__(self, door: Door, s3: Any, key: str) -> None:
        self._door = door
        self._s3 = s3
        self.key = key
        self.at: dict[str, Any] = {"Bucket": door.stack.results_bucket, "Key": key}

    async def restore(self, tier: str = "Standard", **at: Any) -> int:
        """The status of the answer. Raises ClientError."""
        request = {"Days": 1, "GlacierJobParameters": {"Tier": tier}}
        answer = await self._s3.restore_object(**self.at | at, RestoreRequest=request)
        return int(answer["ResponseMetadata"]["HTTPStatusCode"])

    async def retrieval(self) -> str:
        """The header ``x-amz-restore``."""
        return str((await self._s3.head_object(**self.at)).get("Restore", ""))

    async def until_ready(self) -> None:
        await until(self.retrieval, lambda found: found.startswith(READY), what="a retrieval")

    async def read(self) -> bytes:
        answer = await self._s3.get_object(**self.at)
        content: bytes = await answer["Body"].read()
        return content

    async def copy(self) -> None:
        target = self.at | {"Key": f"{self.key}.copy"}
        await self._s3.copy_object(**target, CopySource=self.at, StorageClass="STANDARD")

    async def copy_in_parts(self) -> None:
        target = self.at | {"Key": f"{self.key}.parts"}
        upload = (await self._s3.create_multipart_upload(**target))["UploadId"]
        await self._s3.upload_part_copy(**target, UploadId=upload, PartNumber=1, CopySource=self.at)

    async def announced(self) -> bool:
        """Whether the thaw queue has the event by now."""
        sqs = await self._door.client("sqs")
        url = (await sqs.get_queue_url(QueueName="gas-thaw"))["QueueUrl"]
        found = await sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=1)
        events = [event for m in found.get("Messages", []) for event in parse(m["Body"])]
        job_id = self.key.split("/")[1]
        return any(isinstance(e, RetrievalCompleted) and e.job_id == job_id for e in events)


async def cold(door: Door, storage_class: str = "GLACIER") -> Cold:
    s3 = await door.client("s3")
    one = Cold(door, s3, f"{new_id()}/{new_id()}/2/a.vcf.gz")
    await s3.put_object(**one.at, Body=CONTENT, StorageClass=storage_class)
    return one


async def test_a_retrieval_takes_its_time(open_facade: Open) -> None:
    door = await open_facade(restore_delay=DELAY)
    one = await cold(door)
    began = time.monotonic()
    assert await one.restore() == 202
    assert await one.retrieval() == ONGOING
    assert await refusal(one.read()) == (403, "InvalidObjectState")
    assert not await one.announced()
    await one.until_ready()
    assert time.monotonic() - began >= DELAY.total_seconds()
    assert await one.read() == CONTENT
    await one.copy()
    await one.copy_in_parts()
    await until(one.announced, bool, what="ObjectRestore:Completed")
    assert door.facade.archive.events["restored 202"] == 1


async def test_a_second_request_meanwhile_is_refused(open_facade: Open) -> None:
    door = await open_facade(restore_delay=DELAY)
    one = await cold(door)
    await one.restore()
    for tier in ("Standard", "Expedited"):
        assert await refusal(one.restore(tier)) == (409, "RestoreAlreadyInProgress")
    assert door.facade.archive.events["RestoreObject RestoreAlreadyInProgress"] == 2
    await one.until_ready()
    assert await one.restore() == 200  # a new date of expiry, and no new retrieval
    assert (await one.retrieval()).startswith(READY)


async def test_expedited_retrievals_are_refused_on_demand(open_facade: Open) -> None:
    door = await open_facade(expedited_available=False)
    one = await cold(door)
    refused = (503, "GlacierExpeditedRetrievalNotAvailable")
    assert await refusal(one.restore("Expedited")) == refused
    assert await one.retrieval() == ""
    assert await one.restore() == 202
    assert door.facade.archive.events == {
        "RestoreObject GlacierExpeditedRetrievalNotAvailable": 1,
        "RestoreObject Standard": 1,
    }


async def test_expedited_retrievals_are_taken_otherwise(door: Door) -> None:
    one = await cold(door)
    assert await one.restore("Expedited") == 202
    assert door.facade.archive.events["RestoreObject Expedited"] == 1


async def test_what_is_archived_is_neither_read_nor_copied(door: Door) -> None:
    one = await cold(door)
    for refused in (one.read(), one.copy(), one.copy_in_parts()):
        assert await refusal(refused) == (403, "InvalidObjectState")


async def test_what_is_at_hand_is_not_restored(door: Door) -> None:
    one = await cold(door, "STANDARD")
    assert await refusal(one.restore()) == (403, "InvalidObjectState")
    assert await one.read() == CONTENT


async def test_what_is_not_there_is_not_restored(door: Door) -> None:
    one = await cold(door)
    assert await refusal(one.restore(Key="none")) == (404, "NoSuchKey")


async def test_what_is_deleted_meanwhile_stays_so(open_facade: Open) -> None:
    door = await open_facade(restore_delay=timedelta(seconds=0.3))
    one = await cold(door)
    await one.restore()
    await (await door.client("s3")).delete_object(**one.at)
    await asyncio.sleep(0.6)
    assert await refusal(one.retrieval()) == (404, "404")
    assert door.facade.archive.events["restored 404"] == 1
