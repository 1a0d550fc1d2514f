"""All that happens inside the child process, from the untrusted input to the finished files.

Chunks of the input are annotated side by side; what they give is written in the input's order, in
one pass. Two things that only show on the way make it begin anew: an input that is not sorted, and
undeclared INFO names that a field of ours would have had.
"""

import shlex
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue

from gas.annotation.bcsq import bcftools
from gas.annotation.bcsq.reading import sites_in
from gas.annotation.bcsq.table import make_bcsq_table
from gas.annotation.chunks import AnnotatedChunk, ChunkAnnotator, Workplace
from gas.annotation.genome import Genes
from gas.annotation.layout import Layout, layout
from gas.annotation.limits import Limits
from gas.annotation.options import Bcsq, Options
from gas.annotation.output import Output
from gas.annotation.parallel import in_order
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.result import Progress
from gas.annotation.results.counts import Counts
from gas.annotation.results.header import Provenance
from gas.annotation.timings import Timings
from gas.annotation.vcf.genome_check import GenomeVerdict, check_declared_lengths
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.ordering import Order, sort_chunks
from gas.annotation.vcf.record import Undeclared
from gas.annotation.vcf.scanning import add_undeclared
from gas.annotation.vcf.source import Chunk, Input
from gas.annotation.vcf.text import OPEN_END
from gas.domain.errors import ErrorCode, PermanentError

# Of text; a chunk in hand costs some thirty times that while it is annotated (in mitochondria, where
# every allele is near a dozen genes, ninety times), and a few thousand records are enough for the work
# that is done once a chunk not to matter.
CHUNK_BYTES = 96 * 1024
_READ, _SORTED = 0.98, 0.3


@dataclass(frozen=True)
class Task:
    """What `run_pipeline` is asked for."""

    source: Path
    bundle: ReferenceBundle
    options: Options
    limits: Limits
    gas_version: str

    @property
    def versions(self) -> dict[str, str]:
        """Of what computes the annotations."""
        return {"pysam": bcftools.pysam_version(), "bcftools": bcftools.version()}

    @property
    def provenance(self) -> Provenance:
        engine = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return Provenance(self.gas_version, engine, (self._command(),))

    def _command(self) -> str:
        """What gives the same again, but for the names of files."""
        words = ["gas", "annotate", "--genome", self.bundle.name, *self.options.arguments()]
        return shlex.join(words)


class _BeginAnewError(Exception):
    """What was learnt on the way changes how the input must be read from its beginning."""


@dataclass
class _Lessons:
    """What a pass over the input taught the next one."""

    unsorted: bool
    taken: set[str]


def run_pipeline(task: Task, on_progress: Callable[[Progress], None]) -> Timings:
    """Annotate into the working directory: the files of `gas.annotation.result`, but the manifest.

    Gives how long each stage took. Raises PermanentError for what is wrong with the input.
    """
    timings = Timings()
    on_progress = _forward_only(on_progress)
    lessons = _Lessons(unsorted=False, taken=set())
    with timings.stage("bcftools csq"):
        bcsq = _bcsq_table(task)
    while True:
        try:
            with Input(task.source, task.limits, CHUNK_BYTES) as source:
                _Pass(task, source, bcsq, lessons, timings, on_progress).run()
        except _BeginAnewError:
            continue
        return timings


def _forward_only(on_progress: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """A bar of progress that goes back, when a pass begins anew, would look like a fault."""
    furthest = 0.0

    def tell(progress: Progress) -> None:
        nonlocal furthest
        furthest = max(furthest, progress.fraction)
        on_progress(replace(progress, fraction=furthest))

    return tell


def _bcsq_table(task: Task) -> Path | None:
    """A table of what bcftools csq says of the input's alleles, where that is asked for."""
    mode = task.options.bcsq
    if mode is Bcsq.NONE:
        return None
    with Input(task.source, task.limits) as source:
        samples = source.header.samples
        texts = (chunk.text for chunk in source.chunks())
        sites = sites_in(texts, task.bundle, len(samples) if mode is Bcsq.HAPLOTYPE else 0)
        return make_bcsq_table(sites, samples, task.bundle, mode, Path())


class _Pass:
    """One reading of the input."""

    def __init__(
        self,
        task: Task,
        source: Input,
        bcsq: Path | None,
        lessons: _Lessons,
        timings: Timings,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self._task = task
        self._source = source
        self._bcsq = bcsq
        self._lessons = lessons
        self._timings = timings
        self._on_progress = on_progress
        self._header: InputHeader = source.header
        self._layout: Layout = layout(
            task.bundle, task.options, lessons.taken | set(self._header.info_types)
        )
        self._order = Order()
        self._undeclared = Undeclared()
        self._verdict = GenomeVerdict(task.bundle)
        self._counts = Counts()
        self._blank = 0

    def run(self) -> None:
        check_declared_lengths(self._header.contigs, self._task.bundle)
        with ExitStack() as stack:
            output = stack.enter_context(
                Output(self._task.bundle, self._layout, self._header, self._task.provenance)
            )
            workplace = Workplace(
                bundle=self._task.bundle,
                header=self._header,
                layout=self._layout,
                genes=Genes(self._task.bundle),
                parquet=output.parquet,
                bcsq=self._bcsq,
                timings=self._timings,
            )
            threads = self._task.options.thread_count
            idle: SimpleQueue[ChunkAnnotator] = SimpleQueue()
            for _ in range(threads):
                idle.put(stack.enter_context(ChunkAnnotator(workplace)))

            def annotate(chunk: Chunk) -> AnnotatedChunk:
                annotator = idle.get()
                try:
                    return annotator.annotate(chunk)
                finally:
                    idle.put(annotator)

            try:
                for annotated in in_order(annotate, self._chunks(), threads):
                    self._take(annotated)
                    with self._timings.stage("write files"):
                        output.append(annotated)
            except PermanentError:
                self._source.check_rest()
                raise
            self._finish(output)

    def _chunks(self) -> Iterator[Chunk]:
        chunks: Iterable[Chunk] = self._source.chunks()
        if self._lessons.unsorted:
            chunks = sort_chunks(
                chunks, self._header, Path(), self._told_sorting, chunk_bytes=CHUNK_BYTES
            )
        iterator = iter(chunks)
        while True:
            with self._timings.stage("read"):
                chunk = next(iterator, None)
            if chunk is None:
                return
            yield chunk

    def _take(self, annotated: AnnotatedChunk) -> None:
        """Note what a chunk, the next in order, tells of the whole."""
        scan = annotated.scan
        self._order.note(scan)
        if not self._order.is_sorted:
            self._lessons.unsorted = True
            raise _BeginAnewError
        add_undeclared(self._undeclared, scan.undeclared)
        if clashes := self._layout.clashes(self._undeclared.info):
            self._lessons.taken |= clashes
            raise _BeginAnewError
        self._blank += scan.blank
        for contig, placed in annotated.placed:
            self._verdict.note_run(annotated.chunk, contig, placed)
        self._counts.add(annotated.counts)
        begun = _SORTED if self._lessons.unsorted else 0.0
        fraction = begun + (_READ - begun) * annotated.chunk.fraction
        self._on_progress(Progress("annotate", fraction, self._counts.plain["records"]))

    def _told_sorting(self, fraction: float) -> None:
        self._on_progress(Progress("sort", _SORTED * fraction, 0))

    def _finish(self, output: Output) -> None:
        records = self._counts.plain["records"]
        if not records:
            raise PermanentError(ErrorCode.NO_VARIANTS, "The file has a header but no variants.")
        self._verdict.judge()
        warnings = [*self._header.warnings, *self._warnings()]
        self._on_progress(Progress("write", _READ, records))
        with self._timings.stage("finish files"):
            output.finish(
                self._counts,
                self._undeclared,
                input_format=self._source.form,
                sorted_by_gas=self._lessons.unsorted,
                warnings=warnings,
            )
        self._on_progress(Progress("write", 1.0, records))

    def _warnings(self) -> Iterator[str]:
        if self._blank:
            yield f"{self._blank} blank lines were left out."
        if not self._source.ends_in_newline:
            yield OPEN_END
        if self._lessons.unsorted:
            yield "The input was not sorted by chromosome and position; the result is."
        renamed = [f"{plain} as {f.name}" for plain, f in self._layout.in_vcf if f.name != plain]
        if renamed:
            yield (
                "The input has INFO fields of its own under names that GAS uses; ours are written "
                f"as: {', '.join(renamed)}."
            )
        if not self._counts.plain["annotated"]:
            yield "No allele could be annotated; see the reasons under 'skipped'."
