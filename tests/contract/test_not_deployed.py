"""Queues, tables, buckets and topics that are not there: away for a while, never a lost file.

An emulator that was started anew has none until they are deployed again; so has an account in
which an operator made a mistake. What is deleted here are resources of these tests' own.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from gas.adapters.aws import AwsPorts
from gas.adapters.aws.accounts import DynamoAccountStore
from gas.adapters.aws.glacier import S3GlacierArchive
from gas.adapters.aws.jobs import DynamoJobStore
from gas.adapters.aws.objects import S3ObjectStore
from gas.adapters.aws.publisher import SnsPublisher
from gas.adapters.aws.queue import SqsQueue
from gas.adapters.aws.versions import delete_all_versions
from gas.domain.errors import TransientError
from gas.domain.plan import Account, Plan
from gas.messages import JobRequested, new_id
from gas.ports import Delivery, StoreIdentity
from gas.runtime.topology import Queue
from tests.support.jobs import draft, now, submitted

AT_ONCE = timedelta(0)
MINUTE = timedelta(minutes=1)


async def test_a_queue_that_is_made_again_is_found_again(on_aws: AwsPorts) -> None:
    client, name = on_aws.queue(Queue.THAW)._client, f"lost-{new_id()}"
    queue = SqsQueue(client, name)
    for _ in range(2):
        delivery = Delivery("id", "receipt", "body", 1)
        for call in (
            queue.receive(limit=1, wait=AT_ONCE, visibility=MINUTE),
            queue.send("a"),
            queue.send("a", delay=MINUTE),
            queue.delete(delivery),
            queue.hide(delivery, MINUTE),
            queue.depth(),
        ):
            with pytest.raises(TransientError):
                await call
        address = (await client.create_queue(QueueName=name))["QueueUrl"]
        await queue.send("back")
        [received] = await queue.receive(limit=1, wait=MINUTE, visibility=MINUTE)
        assert received.body == "back"
        await client.delete_queue(QueueUrl=address)


async def test_a_message_of_a_queue_that_was_made_again_is_let_go(on_aws: AwsPorts) -> None:
    """Its receipt means nothing to the new queue; that is no error of whoever worked on it."""
    client, name = on_aws.queue(Queue.THAW)._client, f"lost-{new_id()}"
    queue = SqsQueue(client, name)
    address = (await client.create_queue(QueueName=name))["QueueUrl"]
    await queue.send("before")
    [before] = await queue.receive(limit=1, wait=MINUTE, visibility=MINUTE)
    await client.delete_queue(QueueUrl=address)
    await client.create_queue(QueueName=name)
    await queue.hide(before, MINUTE)
    await queue.delete(before)
    assert await queue.depth() == 0
    await client.delete_queue(QueueUrl=address)


@pytest.fixture
def bucket_name() -> str:
    return f"lost-{new_id()}"


@pytest.fixture
async def bucket(on_aws: AwsPorts, bucket_name: str) -> AsyncIterator[str]:
    """A bucket of the test's own."""
    client = on_aws.results._client
    await client.create_bucket(Bucket=bucket_name)
    yield bucket_name
    await client.delete_bucket(Bucket=bucket_name)


async def test_no_file_is_missing_where_the_bucket_is(
    on_aws: AwsPorts, bucket_name: str, tmp_path: Path
) -> None:
    client = on_aws.results._client
    store, archive = (
        S3ObjectStore(client, client, bucket_name),
        S3GlacierArchive(client, bucket_name),
    )
    source = tmp_path / "source"
    source.write_bytes(b"a")
    for call in (
        store.head("u/j/1/a"),
        store.head("u/j/1/a", "version"),
        store.download("u/j/1/a", tmp_path / "target"),
        store.read("u/j/1/a", start=0, end=1),
        store.sha256("u/j/1/a"),
        store.upload(source, "u/j/1/a", content_type="text/plain"),
        store.delete("u/j/1/a"),
        store.list_page(""),
        archive.store("u/j/1/a", "u/j/2/a", size=1, sha256="0" * 64),
        archive.begin_retrieval("u/j/2/a"),
        archive.retrieval_status("u/j/2/a"),
        archive.bring_back("u/j/2/a", "u/j/3/a"),
        archive.delete("u/j/2/a"),
    ):
        with pytest.raises(TransientError):
            await call


async def test_a_file_is_missing_where_only_the_bucket_is(
    on_aws: AwsPorts, bucket: str, tmp_path: Path
) -> None:
    client = on_aws.results._client
    store, archive = S3ObjectStore(client, client, bucket), S3GlacierArchive(client, bucket)
    assert await store.head("u/j/1/a") is None
    for call in (
        store.download("u/j/1/a", tmp_path / "target"),
        archive.store("u/j/1/a", "u/j/2/a", size=1, sha256="0" * 64),
        archive.begin_retrieval("u/j/2/a"),
        archive.retrieval_status("u/j/2/a"),
        archive.bring_back("u/j/2/a", "u/j/3/a"),
    ):
        with pytest.raises(FileNotFoundError):
            await call


async def test_a_submitted_version_that_is_gone_is_missing(
    on_aws: AwsPorts, user_id: str, tmp_path: Path
) -> None:
    key, file = f"{user_id}/job/input", tmp_path / "file"
    file.write_bytes(b"a")
    info = await on_aws.inputs.upload(file, key, content_type="text/plain")
    await delete_all_versions(on_aws.inputs._client, on_aws.inputs._bucket, key)
    assert await on_aws.inputs.head(key, info.version_id) is None
    with pytest.raises(FileNotFoundError):
        await on_aws.inputs.download(key, tmp_path / "target", info.version_id)


async def test_a_table_that_is_not_there_is_away(on_aws: AwsPorts, user_id: str) -> None:
    client, table = on_aws.jobs._client, f"lost-{new_id()}"
    jobs, accounts = DynamoJobStore(client, table), DynamoAccountStore(client, table)
    account = Account(user_id=user_id, email="a@b", name="A", plan=Plan.FREE, plan_version=1)
    job = await submitted(on_aws.jobs, user_id)
    for call in (
        jobs.identify(StoreIdentity(new_id(), now())),
        jobs.get(user_id, job.job_id),
        jobs.list_page(user_id, limit=1),
        jobs.commit(draft(user_id)),
        jobs.renew_lease(job, now()),
        jobs.mark_published(job, []),
        jobs.postpone(job, None),
        jobs.erase(job),
        jobs.was_erased(user_id, job.job_id),
        jobs.due_page(0, now(), limit=1),
        accounts.get(user_id),
        accounts.project(account, None),
        accounts.pending_change(user_id),
    ):
        with pytest.raises(TransientError):
            await call


async def test_a_topic_that_is_not_there_is_away(on_aws: AwsPorts, user_id: str) -> None:
    arn = on_aws.publisher._arn
    publisher = SnsPublisher(
        on_aws.publisher._client, lambda topic: f"{arn(topic)}-lost-{new_id()}"
    )
    with pytest.raises(TransientError):
        await publisher.publish(JobRequested(user_id=user_id, job_id="j", correlation_id="c"))
