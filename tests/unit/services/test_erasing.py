"""Erasing a job: nothing of it stays, also of what was on its way."""

from datetime import UTC, datetime, timedelta

from gas.adapters.memory import memory_ports
from gas.domain import transitions
from gas.domain.job import InputFile, input_key
from gas.messages import new_id
from services.reconciler.erasing import Erasing


async def test_an_unfinished_upload_goes_with_its_draft() -> None:
    ports = memory_ports()
    user_id, job_id = new_id(), new_id()
    upload = InputFile(key=input_key(user_id, job_id), file_name="a.vcf")
    draft = transitions.create(user_id, job_id, "rCRS", upload, "test", datetime.now(UTC))
    await ports.jobs.commit(draft)
    upload_id = await ports.uploads.begin(upload.key)
    url = await ports.uploads.part_url(
        upload.key, upload_id, 1, size=1, expires=timedelta(minutes=1)
    )
    assert ports.uploads.put(url, b"x") == 200
    deleted = transitions.delete(draft.after)
    await ports.jobs.commit(deleted)
    erasing = Erasing(
        jobs=ports.jobs,
        inputs=ports.inputs,
        uploads=ports.uploads,
        results=ports.results,
        archive=ports.archive,
    )

    await erasing.erase(deleted.after)

    assert await ports.uploads.find(upload.key) is None
    assert ports.uploads.put(url, b"x") == 404
    assert await ports.jobs.get(user_id, job_id) is None
