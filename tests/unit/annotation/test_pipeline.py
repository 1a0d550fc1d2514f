"""Inputs of odd shapes and sizes, and what the pipeline does when it is stopped half-way."""

import asyncio
import gzip
import time
from datetime import timedelta
from pathlib import Path

import pytest

from gas.annotation import Limits, Options, Progress, ReferenceBundle, annotate
from gas.domain.errors import ErrorCode, PermanentError
from tests.support.inputs import large_vcf
from tests.unit.annotation.conftest import HEADER, MELAS, START_LOST, names_in, vcf_text
from tests.unit.annotation.running import run
from tests.unit.annotation.variants import Genome, tiny

FIRST = len(HEADER) + 2  # the line of the first record


@pytest.fixture(scope="session")
def genome(tmp_path_factory: pytest.TempPathFactory) -> Genome:
    return tiny(tmp_path_factory.mktemp("tiny"))


class TestShapes:
    @pytest.mark.parametrize("chunk_bytes", [1, 10**6])
    def test_blank_lines_are_left_out_and_counted(
        self, bundle: ReferenceBundle, chunk_bytes: int
    ) -> None:
        content = vcf_text("", MELAS, "", "\r", START_LOST, "")
        made = run(content, bundle, chunk_bytes=chunk_bytes)
        assert [record[1] for record in made.records] == ["3243", "3308"]
        assert made.summary.warnings == ["4 blank lines were left out."]

    def test_blank_lines_count_for_the_number_of_a_line(self, bundle: ReferenceBundle) -> None:
        content = vcf_text(MELAS, "", "", "MT\tx\t.\tA\tG\t.\t.\t.")
        with pytest.raises(PermanentError, match=rf"^Line {FIRST + 3}: column 2"):
            run(content, bundle, chunk_bytes=1)

    @pytest.mark.parametrize("content", [vcf_text(), vcf_text("", ""), vcf_text()[:-1]])
    def test_a_header_alone_is_refused(self, bundle: ReferenceBundle, content: bytes) -> None:
        with pytest.raises(PermanentError) as caught:
            run(content, bundle)
        assert caught.value.code is ErrorCode.NO_VARIANTS

    def test_contigs_that_take_turns_are_put_together(self, genome: Genome) -> None:
        contigs = {"chr1": "1", "MT": "MT", "chrM": "MT", "unknown": ""}
        lines = []
        for position in range(60, 0, -1):
            for name, ours in contigs.items():
                base = genome.sequences[ours][position - 1] if ours else "A"
                lines.append(f"{name}\t{position}\tn{position}\t{base}\t<DEL>\t.\t.\t.")
        for chunk_bytes in (1, 500, 10**6):
            made = run(
                vcf_text(*lines, header=HEADER[:1]),
                genome.bundle,
                Options(threads=2),
                chunk_bytes=chunk_bytes,
            )
            places = [(record[0], int(record[1])) for record in made.records]
            assert places == [(name, at) for name in contigs for at in range(1, 61)]
            assert made.summary.chromosomes == dict.fromkeys(contigs, 60)
            assert made.summary.skipped == {"symbolic_allele": 180, "unknown_contig": 60}

    def test_records_at_one_place_stay_in_order(self, bundle: ReferenceBundle) -> None:
        records = [f"MT\t3243\tn{at}\tA\tG\t.\t.\t." for at in range(200)]
        content = vcf_text(START_LOST, *records)  # so that it is sorted
        made = run(content, bundle, Options(threads=2), chunk_bytes=300)
        assert [record[2] for record in made.records] == [f"n{at}" for at in range(200)] + ["."]

    def test_the_worst_line_is_told_of_whatever_the_order(self, bundle: ReferenceBundle) -> None:
        """A later chunk may fail first; the line told of is the first wrong one."""
        bad = "MT\t3300\t.\tQ\tG\t.\t.\t."
        content = vcf_text(*[MELAS] * 50, bad, *[START_LOST] * 50, bad)
        for chunk_bytes in (1, 200, 10**6):
            with pytest.raises(PermanentError, match=rf"^Line {FIRST + 50}: column 4"):
                run(content, bundle, Options(threads=4), chunk_bytes=chunk_bytes)

    def test_an_unsorted_input_is_told_of_its_first_wrong_line(
        self, bundle: ReferenceBundle
    ) -> None:
        bad = "MT\t100\t.\tQ\tG\t.\t.\t."
        content = vcf_text(START_LOST, *[MELAS] * 50, bad, "MT\t50\t.\tQ\tG\t.\t.\t.")
        with pytest.raises(PermanentError, match=rf"^Line {FIRST + 51}: column 4"):
            run(content, bundle, chunk_bytes=200)

    def test_no_final_line_end(self, bundle: ReferenceBundle) -> None:
        content = vcf_text(MELAS, START_LOST)
        whole = run(content, bundle)
        assert run(content[:-1], bundle, chunk_bytes=1).vcf == whole.vcf


class TestLimits:
    def test_samples(self, bundle: ReferenceBundle) -> None:
        content = vcf_text(f"{MELAS}\tGT\t0\t1", samples=("a", "b"))
        assert run(content, bundle, limits=Limits(max_samples=2)).summary.samples == ["a", "b"]
        with pytest.raises(PermanentError, match="2 samples; 1 are the limit") as caught:
            run(content, bundle, limits=Limits(max_samples=1))
        assert caught.value.code is ErrorCode.LIMIT_EXCEEDED

    def test_a_line(self, bundle: ReferenceBundle) -> None:
        lines = [MELAS, f"{MELAS};X={'y' * 300}", MELAS]
        longest = len(lines[1]) + 1
        run(vcf_text(*lines), bundle, limits=Limits(max_line_bytes=longest))
        limits = Limits(max_line_bytes=longest - 2)
        for chunk_bytes in (1, 10**6):
            with pytest.raises(PermanentError, match=f"Line {FIRST + 1}") as caught:
                run(vcf_text(*lines), bundle, limits=limits, chunk_bytes=chunk_bytes)
            assert caught.value.code is ErrorCode.LIMIT_EXCEEDED

    def test_the_unpacked_size(self, bundle: ReferenceBundle) -> None:
        content = vcf_text(*[MELAS] * 1000)
        packed = gzip.compress(content)
        run(packed, bundle, limits=Limits(max_unpacked_bytes=len(content)))
        with pytest.raises(PermanentError, match="unpacked") as caught:
            run(packed, bundle, limits=Limits(max_unpacked_bytes=len(content) - 1))
        assert caught.value.code is ErrorCode.LIMIT_EXCEEDED


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.vcf"
    path.write_bytes(large_vcf(copies=20))
    return path


class TestStopped:
    """In the middle of a large input: a million records, which take seconds."""

    async def test_cancelled(self, large: Path, tmp_path: Path, bundle: ReferenceBundle) -> None:
        under_way = asyncio.Event()

        async def on_progress(progress: Progress) -> None:
            if progress.fraction > 0.1:
                under_way.set()

        out = tmp_path / "out"
        task = asyncio.create_task(
            annotate(large, out, bundle, limits=Limits(), on_progress=on_progress)
        )
        await asyncio.wait_for(under_way.wait(), 60)
        assert [path.name[:12] for path in out.iterdir()] == [".annotating-"]
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 1
        assert names_in(out) == set()

    async def test_out_of_time(self, large: Path, tmp_path: Path, bundle: ReferenceBundle) -> None:
        out, began = tmp_path / "out", time.monotonic()
        with pytest.raises(PermanentError, match="took longer") as caught:
            await annotate(large, out, bundle, limits=Limits(wall=timedelta(seconds=1)))
        assert caught.value.code is ErrorCode.LIMIT_EXCEEDED
        assert time.monotonic() - began < 5
        assert names_in(out) == set()

    async def test_a_result_too_large(
        self, large: Path, tmp_path: Path, bundle: ReferenceBundle
    ) -> None:
        with pytest.raises(PermanentError, match="grew beyond 1 MiB") as caught:
            await annotate(large, tmp_path / "out", bundle, limits=Limits(file_bytes=2**20))
        assert caught.value.code is ErrorCode.LIMIT_EXCEEDED
        assert names_in(tmp_path / "out") == set()
