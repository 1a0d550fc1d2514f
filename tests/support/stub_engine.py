"""Stands in for the annotation engine, which has tests of its own: small files, two a job."""

import hashlib
from datetime import timedelta
from typing import Any

from gas.domain.job import Job, Progress, ResultFile

Outputs = tuple[tuple[str, bool], ...]
"""Names, and whether the file goes to the archive."""

OUTPUTS: Outputs = (("annotated.vcf.gz", True), ("summary.json", False))


def result_content(job: Job, name: str) -> bytes:
    """What the annotation of a job gives, the same at every attempt."""
    return f"{name} of {job.job_id}".encode()


class StubBench:
    def __init__(self, job: Job, results: Any, outputs: Outputs) -> None:
        self._job = job
        self._results = results
        self._outputs = outputs
        self.uploaded: list[str] = []

    def progress(self) -> Progress:
        return Progress(stage="annotating", fraction=0.5)

    async def work(self) -> tuple[ResultFile, ...]:
        files = []
        for name, archived in self._outputs:
            content = result_content(self._job, name)
            key = self._job.object_key(name)
            self.uploaded.append(key)
            await self._results.put(key, content)
            files.append(
                ResultFile(
                    name=name,
                    size=len(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                    key=key,
                    goes_to_archive=archived,
                )
            )
        return tuple(files)

    async def discard(self) -> None:
        for key in self.uploaded:
            await self._results.delete(key)


class StubWorkshop:
    def __init__(self, results: Any, free_retention: timedelta, outputs: Outputs) -> None:
        self._results = results
        self._outputs = outputs
        self.free_retention = free_retention

    def bench(self, job: Job) -> StubBench:
        return StubBench(job, self._results, self._outputs)


class ResultsOfStub:
    """The results bucket with a way to put bytes, for the stub engine."""

    def __init__(self, store: Any, bucket: Any) -> None:
        self._store = store
        self._bucket = bucket

    async def put(self, key: str, content: bytes) -> None:
        self._bucket.put(key, content, content_type="application/octet-stream")

    async def delete(self, key: str) -> None:
        await self._store.delete(key)
