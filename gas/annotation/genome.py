"""What a thread needs of a bundle at hand: sequence around records, transcripts, open tables."""

import threading
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import pysam

from gas.annotation.genes.store import read_models
from gas.annotation.kernel.consequence.transcripts import Transcripts
from gas.annotation.kernel.intake.place import spans
from gas.annotation.kernel.records import Records
from gas.annotation.kernel.sequence import Sequence
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.reference.manifest import BundleFile, Contig
from gas.annotation.reference.tables import IndexedTable

# Records nearer to each other than this share a window: one read of the FASTA costs more than
# the bases between them.
_GAP_BASES = 20_000
# An allele is shifted along repeats within the window; the longest tandem repeats that matter
# for short variants are well within this.
_MARGIN_BASES = 2_000
_MITOCHONDRIAL_CODE = 2


class Genes:
    """The transcripts of the contig that is being worked on, shared by all threads.

    Only the last few contigs are kept: input comes sorted, and a genome is larger than memory.
    """

    _KEPT_CONTIGS = 2

    def __init__(self, bundle: ReferenceBundle) -> None:
        self._bundle = bundle
        self._lock = threading.Lock()
        self._loaded: dict[str, Transcripts] = {}

    def of(self, contig: Contig) -> Transcripts:
        with self._lock:
            if contig.name not in self._loaded:
                while len(self._loaded) >= self._KEPT_CONTIGS:
                    del self._loaded[next(iter(self._loaded))]
                self._loaded[contig.name] = self._read(contig)
            return self._loaded[contig.name]

    def _read(self, contig: Contig) -> Transcripts:
        file = self._bundle.genes.get(contig.name)
        models = read_models(self._bundle.path(file)) if file else []
        return Transcripts(models, contig.genetic_code == _MITOCHONDRIAL_CODE)


class Genome:
    """One thread's own files of a bundle; use it as a context manager."""

    def __init__(self, bundle: ReferenceBundle, genes: Genes) -> None:
        self._bundle = bundle
        self._genes = genes
        self._open = ExitStack()
        self._fasta = self._open.enter_context(
            pysam.FastaFile(str(bundle.path(bundle.sequence.file)))
        )
        self._tables: dict[str, IndexedTable] = {}
        self._contig = ""
        self._transcripts: Transcripts | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def sequence(self, records: Records, run: int, contig: Contig) -> Sequence:
        """The reference around the records of a run."""
        places = spans(records, run, _GAP_BASES, _MARGIN_BASES, contig.length)
        return Sequence(
            contig.length, [(start, self.bases(contig, start, end)) for start, end in places]
        )

    def bases(self, contig: Contig, start: int, end: int) -> bytes:
        """Upper-case bases; 0-based, half open."""
        return str(self._fasta.fetch(contig.name, start, end)).upper().encode("ascii")

    def transcripts(self, records: Records, run: int, contig: Contig) -> Transcripts:
        """The contig's transcripts, with the sequence of those that the run's alleles touch."""
        if self._transcripts is None or self._contig != contig.name:
            self._transcripts = self._genes.of(contig).copy()
            self._contig = contig.name
        self._transcripts.load(records, run, lambda start, end: self.bases(contig, start, end))
        return self._transcripts

    def table(self, file: BundleFile) -> IndexedTable:
        """A table of the bundle, opened on first use."""
        if file.path not in self._tables:
            table = IndexedTable(self._bundle.path(file))
            self._tables[file.path] = self._open.enter_context(table)
        return self._tables[file.path]
