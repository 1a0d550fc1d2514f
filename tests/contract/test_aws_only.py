"""What only the adapters for AWS do: its errors, its large objects, its addresses."""

import hashlib
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aioboto3
import pytest
from aiobotocore.config import AioConfig
from botocore.exceptions import ClientError

from gas.adapters.aws import AwsPorts, aws_ports
from gas.adapters.aws.copying import PreconditionError, copy
from gas.adapters.aws.errors import translated
from gas.adapters.aws.glacier import S3GlacierArchive, status_of
from gas.adapters.aws.objects import S3ObjectStore
from gas.adapters.aws.queue import SqsQueue
from gas.domain.errors import LostRaceError, TransientError
from gas.messages import new_id
from gas.ports import Mail, RetrievalStatus
from gas.runtime.settings import CommonSettings
from tests.support.stack import Stack

PART = 5 * 1024**2
MINUTE = timedelta(minutes=1)


def aws_error(code: str, status: int, *reasons: str) -> ClientError:
    return ClientError(
        {
            "Error": {"Code": code, "Message": "as AWS says"},
            "ResponseMetadata": {"HTTPStatusCode": status},  # type: ignore[typeddict-item] # in part
            "CancellationReasons": [{"Code": reason} for reason in reasons],
        },
        "Operation",
    )


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (aws_error("ConditionalCheckFailedException", 400), LostRaceError),
        (
            aws_error("TransactionCanceledException", 400, "None", "ConditionalCheckFailed"),
            LostRaceError,
        ),
        (aws_error("TransactionCanceledException", 400, "TransactionConflict"), TransientError),
        (
            aws_error(
                "TransactionCanceledException", 400, "ConditionalCheckFailed", "ThrottlingError"
            ),
            TransientError,
        ),
        (aws_error("ProvisionedThroughputExceededException", 400), TransientError),
        (aws_error("ThrottlingException", 400), TransientError),
        (aws_error("SlowDown", 503), TransientError),
        (aws_error("InternalError", 500), TransientError),
        (aws_error("NoSuchKey", 404), FileNotFoundError),
        (aws_error("NoSuchVersion", 404), FileNotFoundError),
        (aws_error("404", 404), FileNotFoundError),
        (aws_error("NoSuchBucket", 404), TransientError),
        (aws_error("QueueDoesNotExist", 400), TransientError),
        (aws_error("AWS.SimpleQueueService.NonExistentQueue", 400), TransientError),
        (aws_error("ResourceNotFoundException", 400), TransientError),
        (aws_error("AccessDenied", 403), ClientError),
        (aws_error("ValidationException", 400), ClientError),
    ],
    ids=str,
)
def test_knows_the_errors_of_aws(error: ClientError, ours: type[Exception]) -> None:
    with pytest.raises(ours), translated():
        raise error


async def test_an_aws_that_does_not_answer_is_a_transient_error() -> None:
    with socket.socket() as listening_to_nobody:
        listening_to_nobody.bind(("127.0.0.1", 0))
        port = listening_to_nobody.getsockname()[1]
        session = aioboto3.Session(
            aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
        )
        async with session.client(
            "sqs",
            endpoint_url=f"http://127.0.0.1:{port}",
            config=AioConfig(retries={"total_max_attempts": 1}),
        ) as client:
            with pytest.raises(TransientError):
                await SqsQueue(client, "any").depth()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ({}, RetrievalStatus.READY),
        ({"StorageClass": "GLACIER"}, RetrievalStatus.NOT_REQUESTED),
        (
            {"StorageClass": "GLACIER", "Restore": 'ongoing-request="true"'},
            RetrievalStatus.IN_PROGRESS,
        ),
        (
            {
                "StorageClass": "GLACIER",
                "Restore": 'ongoing-request="false", expiry-date="Fri, 21 Dec 2096 00:00:00 GMT"',
            },
            RetrievalStatus.READY,
        ),
        (
            {
                "StorageClass": "GLACIER",
                "Restore": 'ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"',
            },
            RetrievalStatus.NOT_REQUESTED,
        ),
    ],
)
def test_reads_the_state_of_a_retrieval(head: dict[str, str], status: RetrievalStatus) -> None:
    assert status_of(head, datetime.now(UTC)) is status


def test_does_not_guess_at_a_state_it_cannot_read() -> None:
    with pytest.raises(TransientError):
        status_of({"StorageClass": "GLACIER", "Restore": "soon"}, datetime.now(UTC))


@pytest.fixture
def in_small_parts(on_aws: AwsPorts) -> S3ObjectStore:
    client = on_aws.results._client
    return S3ObjectStore(client, client, on_aws.results._bucket, part_bytes=PART)


@pytest.fixture
async def large(
    in_small_parts: S3ObjectStore, user_id: str, tmp_path: Path
) -> tuple[str, int, str]:
    """Key, size and SHA-256 of an object in three parts."""
    content = b"".join(bytes([i]) * 1024**2 for i in range(11))
    file = tmp_path / "large"
    file.write_bytes(content)
    key = f"{user_id}/job/1/large"
    info = await in_small_parts.upload(file, key, content_type="application/gzip")
    assert info.etag.endswith("-3")
    return key, len(content), hashlib.sha256(content).hexdigest()


async def test_uploads_a_large_file_in_parts(
    in_small_parts: S3ObjectStore, large: tuple[str, int, str]
) -> None:
    key, size, sha256 = large
    assert await in_small_parts.sha256(key) == (size, sha256)


async def test_archives_what_has_only_a_checksum_of_its_parts(
    on_aws: AwsPorts, large: tuple[str, int, str]
) -> None:
    key, size, sha256 = large
    archive_id = await on_aws.archive.store(key, key + ".cold", size=size, sha256=sha256)
    assert await on_aws.archive.retrieval_status(archive_id) is RetrievalStatus.NOT_REQUESTED


async def test_copies_in_parts_what_is_too_large_for_one_piece(
    on_aws: AwsPorts, in_small_parts: S3ObjectStore, large: tuple[str, int, str]
) -> None:
    key, size, sha256 = large
    client, bucket = on_aws.results._client, on_aws.results._bucket
    source = await client.head_object(Bucket=bucket, Key=key)
    for target, storage_class in ((key + ".cold", "GLACIER"), (key + ".warm", "STANDARD")):
        await copy(
            client,
            bucket,
            source,
            key,
            target,
            storage_class,
            part_bytes=PART,
            one_piece_bytes=PART,
        )
        made = await client.head_object(Bucket=bucket, Key=target)
        assert made["ETag"] == source["ETag"]
        assert made.get("StorageClass", "STANDARD") == storage_class
        assert made["ContentType"] == "application/gzip"
    assert await in_small_parts.sha256(key + ".warm") == (size, sha256)

    archive = S3GlacierArchive(client, bucket, part_bytes=PART)
    assert await archive.store(key, key + ".cold", size=size, sha256=sha256) == key + ".cold"


async def test_copies_an_earlier_version_in_parts_too(
    in_small_parts: S3ObjectStore, large: tuple[str, int, str], tmp_path: Path
) -> None:
    key, size, sha256 = large
    first = await in_small_parts.head(key)
    assert first is not None
    later = tmp_path / "later"
    later.write_bytes(b"uploaded later")
    await in_small_parts.upload(later, key, content_type="text/plain")
    info = await in_small_parts.copy(key, first.version_id, key + ".copy")
    assert (info.size, info.etag) == (size, first.etag)
    assert await in_small_parts.sha256(key + ".copy") == (size, sha256)


@pytest.mark.parametrize("one_piece_bytes", [100, 1])
async def test_does_not_copy_what_changed_meanwhile(
    on_aws: AwsPorts, user_id: str, tmp_path: Path, one_piece_bytes: int
) -> None:
    key = f"{user_id}/job/1/a"
    client, bucket = on_aws.results._client, on_aws.results._bucket
    file = tmp_path / "file"
    file.write_bytes(b"before")
    await on_aws.results.upload(file, key, content_type="text/plain")
    seen = await client.head_object(Bucket=bucket, Key=key)
    file.write_bytes(b"beyond")
    await on_aws.results.upload(file, key, content_type="text/plain")
    with pytest.raises(PreconditionError):
        await copy(
            client, bucket, seen, key, key + ".2", "GLACIER", one_piece_bytes=one_piece_bytes
        )
    assert await on_aws.results.head(key + ".2") is None
    uploads = await client.list_multipart_uploads(Bucket=bucket, Prefix=key)
    assert uploads.get("Uploads", []) == []


async def test_deletes_the_marks_of_deletions_too(on_aws: AwsPorts, user_id: str) -> None:
    client, bucket = on_aws.results._client, on_aws.results._bucket
    key, longer = f"{user_id}/job/1/a", f"{user_id}/job/1/ab"
    for name in (key, longer):
        await client.put_object(Bucket=bucket, Key=name, Body=b"a")
        await client.delete_object(Bucket=bucket, Key=name)
    assert (await on_aws.results.list_page(f"{user_id}/")).items == [key, longer]
    await on_aws.results.delete(key)
    assert (await on_aws.results.list_page(f"{user_id}/")).items == [longer]


async def test_signs_for_the_address_that_browsers_know(infrastructure: Stack) -> None:
    settings = CommonSettings(
        inputs_bucket=infrastructure.inputs_bucket,
        results_bucket=infrastructure.results_bucket,
        s3_public_endpoint="https://files.example.org:9000",
    )
    async with aws_ports(settings, pool_size=1) as ports:
        form = await ports.inputs.upload_form("u/j/input", max_bytes=1, expires=MINUTE)
        url = await ports.results.download_url("u/j/1/a", file_name="a", expires=MINUTE)
    assert form.url == f"https://files.example.org:9000/{infrastructure.inputs_bucket}"
    assert url.startswith(
        f"https://files.example.org:9000/{infrastructure.results_bucket}/u/j/1/a?"
    )


async def test_no_mail_is_lost_because_the_sender_is_not_verified(
    on_aws: AwsPorts, user_id: str
) -> None:
    sender = f"GAS <{new_id()}@example.org>"
    mail = Mail(f"{user_id}@example.org", "s", "t", "<p>h</p>")
    with pytest.raises(TransientError):
        await on_aws.mailer(sender).send(mail)
