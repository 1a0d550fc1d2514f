"""A job of Ada's with a table of variants, and pages to look at it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from gas.annotation import ANNOTATED_INDEX, ANNOTATED_VCF, VARIANTS_PARQUET
from gas.domain import transitions
from gas.domain.job import Job, ResultFile
from tests.unit.api.explorer.tables import ROWS, write_table
from tests.unit.api.world import User


class MakeJob(Protocol):
    async def __call__(self, user: User, rows: Sequence[Mapping[str, Any]] = ROWS) -> str: ...


@pytest.fixture
def make_job(tmp_path: Path) -> MakeJob:
    """Makes completed jobs with these rows, and gives their ids."""

    async def make(user: User, rows: Sequence[Mapping[str, Any]] = ROWS) -> str:
        table = write_table(tmp_path / VARIANTS_PARQUET, rows)
        job_id = await user.submitted()
        job = await user.change(job_id, lambda j: transitions.claim(j, timedelta(0), user.now))
        contents = {
            VARIANTS_PARQUET: table.read_bytes(),
            ANNOTATED_VCF: b"the VCF",
            ANNOTATED_INDEX: b"its index",
        }
        files = tuple(
            [await _stored(user, job, name, content) for name, content in contents.items()]
        )
        await user.change(
            job_id, lambda j: transitions.complete(j, files, timedelta(minutes=5), user.now)
        )
        return job_id

    return make


@pytest.fixture
async def job_id(ada: User, make_job: MakeJob) -> str:
    return await make_job(ada)


async def _stored(user: User, job: Job, name: str, content: bytes) -> ResultFile:
    results = user.world.ports.results
    key = job.object_key(name)
    results._bucket.put(key, content, content_type="application/octet-stream")
    size, sha256 = await results.sha256(key)
    return ResultFile(name=name, size=size, sha256=sha256, key=key)
