"""The life of one result, from upload to its return from the archive, as its owner sees it."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pysam
import pytest

from gas.annotation import (
    ANNOTATED_INDEX,
    ANNOTATED_VCF,
    LOG,
    MANIFEST,
    SUMMARY,
    VARIANTS_PARQUET,
    VARIANTS_TSV,
    demo_vcf,
)
from gas.cli.errors import RefusedError
from gas.cli.views import JobView
from gas.domain.errors import ErrorCode
from gas.domain.plan import Plan
from gas.domain.states import ARCHIVED, AVAILABLE, RUNNING
from tests.support.journey import Journey, classes_of
from tests.support.patience import until
from tests.support.users import User, archived_files

TO_ARCHIVE = {ANNOTATED_VCF, ANNOTATED_INDEX, VARIANTS_PARQUET, VARIANTS_TSV}
STAYS = {SUMMARY, LOG, MANIFEST}


@pytest.fixture(autouse=True)
async def nobody_repairs(journey: Journey) -> AsyncIterator[None]:
    """When nothing goes wrong, nothing of this takes the reconciler."""
    async with journey.stack.frozen("reconciler"):
        yield


async def test_result_is_made_archived_and_brought_back(
    journey: Journey, user: User, tmp_path: Path
) -> None:
    vcf = demo_vcf()
    records = vcf.read_bytes().count(b"\nMT\t")

    async with journey.stack.frozen("archiver"):  # time enough, on any machine
        job = await annotated_with_progress(journey, user, vcf)
        before = await user.download(job, tmp_path / "before")
    assert set(before) == TO_ARCHIVE | STAYS
    assert_annotated(before, records)
    await journey.until_mailed(job.id, "Your annotated VCF is ready: haplogroups.vcf")

    job = await user.until(job.id, ARCHIVED)
    assert {file.name for file in archived_files(job)} == TO_ARCHIVE
    await journey.until_mailed(job.id, "Your result was archived: haplogroups.vcf")
    await only_in_class(journey, user, job, "GLACIER")
    await only_the_small_files_can_be_read(user, job, before, tmp_path)

    await user.client.change_plan(Plan.PREMIUM)
    job = await user.until(job.id, AVAILABLE)
    await journey.until_mailed(job.id, "Your result is back: haplogroups.vcf")
    after = await user.download(job, tmp_path / "after")
    assert digests(after) == digests(before)
    assert archived_files(job) == []
    await only_in_class(journey, user, job, "STANDARD")

    assert {mail.to for mail in await journey.mails(job.id)} == {user.email}
    assert len(await journey.news(job.id)) == 3


async def annotated_with_progress(journey: Journey, user: User, vcf: Path) -> JobView:
    draft = await user.client.create(vcf.name)
    await user.client.upload(draft.upload, vcf)
    await user.client.submit(draft.job.id)
    engine = await journey.stack.engine()
    async with engine.frozen():  # so short a work would be over at once
        job = await until(
            lambda: user.client.show(draft.job.id),
            lambda job: job.progress is not None,
            what="progress",
            told=lambda job: job.state,
        )
    assert job.state == str(RUNNING)
    return await user.until(draft.job.id, AVAILABLE)


def assert_annotated(files: dict[str, Path], records: int) -> None:
    """What any tool makes of it: all records, found by position, with our fields."""
    with pysam.VariantFile(str(files[ANNOTATED_VCF])) as annotated:
        assert sum(1 for _ in annotated) == records
        at_3243 = list(annotated.fetch("MT", 3242, 3243))
    assert at_3243
    summary = json.loads(files[SUMMARY].read_bytes())
    assert summary["records"] == records
    assert summary["with_consequence"] > 0
    manifest = json.loads(files[MANIFEST].read_bytes())
    assert digests(files)[ANNOTATED_VCF] in json.dumps(manifest)


async def only_the_small_files_can_be_read(
    user: User, job: JobView, before: dict[str, Path], tmp_path: Path
) -> None:
    for file in job.files:
        if file.archived:
            with pytest.raises(RefusedError) as refused:
                await user.client.download(job.id, file, tmp_path)
            assert (refused.value.status, refused.value.code) == (409, ErrorCode.FILE_ARCHIVED)
        else:
            path = await user.client.download(job.id, file, tmp_path)
            assert path.read_bytes() == before[file.name].read_bytes()
    assert await user.client.log(job.id) == before[LOG].read_text(encoding="utf-8")


async def only_in_class(journey: Journey, user: User, job: JobView, storage_class: str) -> None:
    """The big files are stored once each, in this class: no copy, no old version, no marker."""
    await until(
        lambda: journey.results(user, job.id),
        lambda stored: (
            classes_of(stored, TO_ARCHIVE) == {name: [storage_class] for name in TO_ARCHIVE}
            and classes_of(stored, STAYS) == {name: ["STANDARD"] for name in STAYS}
        ),
        what=f"only {storage_class} copies of the archived files",
    )


def digests(files: dict[str, Path]) -> dict[str, str]:
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
