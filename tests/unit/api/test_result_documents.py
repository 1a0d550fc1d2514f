"""Summary, manifest and log are read once, and a bad one costs no page."""

from typing import Any

import pytest

from gas.domain.errors import ErrorCode, TransientError
from gas.domain.job import InputFile, Job, ResultFile
from gas.ports import ObjectStore
from services.api.jobs.documents import ResultDocuments
from tests.unit.api.results import MANIFEST_CONTENT, annotated
from tests.unit.api.world import User


class Counting:
    """A store that counts what is read of it."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.reads: list[str] = []

    async def read(self, key: str, version_id: str | None = None, *, start: int, end: int) -> bytes:
        self.reads.append(f"{key.rpartition('/')[2]} {start}-{end}")
        return await self._store.read(key, version_id, start=start, end=end)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@pytest.fixture
def store(ada: User) -> Counting:
    return Counting(ada.world.ports.results)


async def test_what_was_read_once_is_not_read_again(ada: User, store: Counting) -> None:
    documents = ResultDocuments(store)
    job = await ada.job(await annotated(ada))

    summaries = [await documents.summary(job) for _ in range(3)]
    manifests = [await documents.manifest(job) for _ in range(3)]
    logs = [await documents.log(job) for _ in range(3)]

    assert summaries[0] is not None
    assert summaries[0].records == 446
    assert manifests[0] is not None
    assert manifests[0].reference.name == MANIFEST_CONTENT["reference"]["name"]
    assert logs[0] == ("the annotation.log\n", True)
    assert len(store.reads) == 3


async def test_only_so_much_is_kept_and_the_oldest_goes_first(ada: User, store: Counting) -> None:
    first, second = [await ada.job(await annotated(ada)) for _ in range(2)]
    size = sum(file.size for file in first.files if file.name == "summary.json")
    documents = ResultDocuments(store, kept_bytes=size)

    for job in (first, second, second, first):
        assert await documents.summary(job)

    assert len(store.reads) == 3


async def test_of_a_long_log_the_end_is_shown(ada: User, store: Counting) -> None:
    lines = "".join(f"line {number}\n" for number in range(20_000)).encode()
    job = _job_with(ResultFile(name="annotation.log", size=len(lines), sha256="0", key="log"))
    ada.world.ports.results._bucket.put("log", lines, content_type="text/plain")

    shown = await ResultDocuments(store).log(job)

    assert shown is not None
    assert shown[0].endswith("line 19999\n")
    assert len(shown[0]) == 64 * 1024
    assert shown[1] is False


async def test_what_is_gone_lost_or_too_large_is_none(store: Counting) -> None:
    gone = ResultFile(name="summary.json", size=9, sha256="0", key="gone")
    for file in (
        gone,
        gone.model_copy(update={"lost": True}),
        gone.model_copy(update={"size": 1024**3}),
        gone.model_copy(update={"key": None, "archive_id": "a"}),
        gone.model_copy(update={"name": "another.json"}),
    ):
        assert await ResultDocuments(store).summary(_job_with(file)) is None
    assert len(store.reads) == 1


async def test_a_store_that_is_away_is_no_missing_file(ada: User) -> None:
    class Away(Counting):
        async def read(
            self, key: str, version_id: str | None = None, *, start: int, end: int
        ) -> bytes:
            raise TransientError(ErrorCode.SERVICE_UNAVAILABLE, "S3 does not answer.")

    job = await ada.job(await annotated(ada))

    with pytest.raises(TransientError):
        await ResultDocuments(Away(ada.world.ports.results)).summary(job)


def _job_with(file: ResultFile) -> Job:
    return Job.model_validate(
        {
            "user_id": "ada",
            "job_id": "1",
            "correlation_id": "c",
            "genome": "rCRS",
            "input": InputFile(key="k", file_name="a.vcf"),
            "files": (file,),
            "created_at": "2026-11-22T16:00:00Z",
        }
    )
