"""Transcripts laid out, and the spliced sequences of those that a run touches."""

import random
from dataclasses import replace
from threading import Thread

import pysam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gas.annotation.genes.model import Transcript
from gas.annotation.genes.store import read_models
from gas.annotation.kernel.consequence.transcripts import Transcripts
from gas.annotation.kernel.records import Records
from gas.annotation.reference.bundle import ReferenceBundle
from tests.unit.annotation.known.conftest import placed

REACH = 100  # bases around an exon that count as touched
REFERENCE = "".join(random.Random(5).choices("ACGT", k=30_000))  # noqa: S311 - the same on every run
OTHER = {"A": "C", "C": "G", "G": "T", "T": "A"}
COMPLEMENT = str.maketrans("ACGT", "TGCA")
MODEL = Transcript(
    id="T", gene_id="G", gene_name="N", biotype="protein_coding", strand=1,
    start=1000, end=5000, exons=((1000, 1100), (2000, 2050), (4900, 5000)), coding=(1040, 4930),
)  # fmt: skip
REVERSE = replace(MODEL, id="R", strand=-1)


class Fetch:
    """The reference, which notes what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def __call__(self, start: int, end: int) -> bytes:
        self.asked.append((start, end))
        return REFERENCE[start:end].encode()


def snvs(*positions: int) -> Records:
    """A run of single-base changes at 0-based positions."""
    variants = [(at + 1, REFERENCE[at], OTHER[REFERENCE[at]]) for at in positions]
    return placed(REFERENCE, variants)[0]


def spliced(model: Transcript) -> bytes:
    forward = "".join(REFERENCE[start:end] for start, end in model.exons)
    if model.strand == -1:
        forward = forward[::-1].translate(COMPLEMENT)
    return forward.encode()


def loaded(transcripts: Transcripts) -> dict[str, bytes]:
    items = [transcripts[at] for at in range(len(transcripts))]
    return {name: sequence for name, _, _, sequence in items if sequence is not None}


def test_exons_go_from_5_to_3_with_their_place_in_the_spliced_sequence() -> None:
    transcripts = Transcripts([REVERSE, MODEL])
    assert transcripts[0] == (
        "R", [(4900, 5000, 0), (2000, 2050, 100), (1000, 1100, 150)], (70, 210), None
    )  # fmt: skip
    assert transcripts[1] == (
        "T", [(1000, 1100, 0), (2000, 2050, 100), (4900, 5000, 150)], (40, 180), None
    )  # fmt: skip


def test_they_are_in_order_of_place_and_fit_to_be_written() -> None:
    later = replace(MODEL, id="a|b,c;d%e f&g=h", end=5001)
    transcripts = Transcripts([later, MODEL, replace(MODEL, start=900, id="first")])
    assert [transcripts[at][0] for at in range(3)] == ["first", "T", "a_b_c_d_e_f_g_h"]
    with pytest.raises(IndexError):
        transcripts[3]


def test_a_transcript_without_coding_region() -> None:
    assert Transcripts([replace(MODEL, coding=None)])[0][2] == (-1, -1)


@pytest.mark.parametrize(
    "changes",
    [
        {"exons": ()},
        {"exons": ((2000, 2050), (1000, 1100))},
        {"exons": ((1000, 1100), (1099, 1200))},
        {"exons": ((1000, 1000),)},
        {"exons": ((999, 1100),)},
        {"exons": ((1000, 5001),)},
        {"coding": (1040, 3000)},
        {"coding": (1100, 4930)},
        {"coding": (4930, 1040)},
        {"strand": 0},
        {"phase": 3},
        {"start": -5, "exons": ((-5, 10),), "coding": None},
    ],
)
def test_models_that_could_lead_out_of_bounds_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="T"):
        Transcripts([replace(MODEL, **changes)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("position", "touched"),
    [
        (1000, True), (1050, True), (2025, True), (4999, True),
        (1000 - REACH, True), (1099 + REACH, True), (1900, True), (5099, True),
        (898, False), (1201, False), (1500, False), (3000, False), (5101, False),
    ],
)  # fmt: skip
def test_only_transcripts_with_a_touched_exon_are_loaded(position: int, touched: bool) -> None:
    transcripts = Transcripts([MODEL, REVERSE])
    transcripts.load(snvs(position), 0, Fetch())
    expected = {model.id: spliced(model) for model in (MODEL, REVERSE)} if touched else {}
    assert loaded(transcripts) == expected


def test_a_long_deletion_touches_what_it_spans() -> None:
    transcripts = Transcripts([MODEL])
    transcripts.load(
        placed(REFERENCE, [(1501, REFERENCE[1500:2500], REFERENCE[1500])])[0], 0, Fetch()
    )
    assert set(loaded(transcripts)) == {"T"}


def test_alleles_that_are_not_annotated_touch_nothing() -> None:
    transcripts = Transcripts([MODEL])
    transcripts.load(placed(REFERENCE, [(1051, REFERENCE[1050], "<DEL>")])[0], 0, Fetch())
    assert loaded(transcripts) == {}


def test_exons_that_transcripts_share_are_fetched_once_and_not_again() -> None:
    transcripts, fetch = Transcripts([MODEL, REVERSE]), Fetch()
    transcripts.load(snvs(1050), 0, fetch)
    assert fetch.asked == [(1000, 2050), (4900, 5000)]
    transcripts.load(snvs(1060), 0, fetch)
    assert len(fetch.asked) == 2


def test_sequences_are_let_go_behind_the_run_and_come_back() -> None:
    far = replace(MODEL, id="F", start=9000, end=9100, exons=((9000, 9100),), coding=None)
    transcripts = Transcripts([MODEL, far])
    transcripts.load(snvs(1050), 0, Fetch())
    transcripts.load(snvs(4950, 9050), 0, Fetch())
    assert set(loaded(transcripts)) == {"T", "F"}
    transcripts.load(snvs(9050), 0, Fetch())
    assert set(loaded(transcripts)) == {"F"}
    transcripts.load(snvs(1050), 0, Fetch())
    assert loaded(transcripts) == {"T": spliced(MODEL), "F": spliced(far)}


def test_a_contig_that_is_too_short_is_refused() -> None:
    transcripts = Transcripts([MODEL])
    with pytest.raises(ValueError, match="no bases 4900 to 5000"):
        transcripts.load(
            snvs(1050), 0, lambda start, end: REFERENCE[start : min(end, 4950)].encode()
        )
    assert loaded(transcripts) == {}
    with pytest.raises(IndexError):
        transcripts.load(snvs(1050), 1, Fetch())


def test_a_copy_has_sequences_of_its_own_and_outlives_the_original() -> None:
    original = Transcripts([MODEL, REVERSE])
    original.load(snvs(1050), 0, Fetch())
    copy = original.copy()
    assert loaded(copy) == {}
    del original
    copy.load(snvs(1050), 0, Fetch())
    assert loaded(copy) == {"T": spliced(MODEL), "R": spliced(REVERSE)}


def test_threads_work_on_copies_at_once() -> None:
    models = [
        replace(MODEL, id=f"T{at}", start=at, end=at + 300, coding=None,
                exons=((at, at + 100), (at + 150, at + 300)))
        for at in range(0, 29_000, 50)
    ]  # fmt: skip
    original = Transcripts(models)
    results: list[bool] = []

    def work(seed: int) -> None:
        own, chance = original.copy(), random.Random(seed)  # noqa: S311 - the same on every run
        for _ in range(30):
            at = chance.randrange(28_000)
            own.load(snvs(at), 0, Fetch())
            wanted = [m for m in models if m.start - REACH <= at < m.end + REACH]
            results.append(all(loaded(own)[m.id] == spliced(m) for m in wanted))

    threads = [Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 120


@given(data=st.data())
def test_the_right_ones_are_loaded(data: st.DataObject) -> None:
    models = []
    for number in range(data.draw(st.integers(1, 8))):
        cuts = data.draw(st.lists(st.integers(0, 3000), min_size=2, max_size=8, unique=True))
        cuts = sorted(cuts)[: len(cuts) // 2 * 2]
        exons = tuple(zip(cuts[::2], cuts[1::2], strict=True))
        strand = data.draw(st.sampled_from([1, -1]))
        models.append(
            Transcript(f"T{number}", "", "", "", strand, cuts[0], cuts[-1], exons)
        )  # fmt: skip
    positions = sorted(data.draw(st.lists(st.integers(0, 3500), min_size=1, max_size=4)))
    transcripts = Transcripts(models)
    transcripts.load(snvs(*positions), 0, Fetch())
    assert loaded(transcripts) == {
        model.id: spliced(model)
        for model in models
        if any(
            start < at + 1 + REACH and end > at - REACH
            for start, end in model.exons
            for at in positions
        )
    }


def test_the_mitochondrial_genes_of_the_bundle_read_as_genes(bundle: ReferenceBundle) -> None:
    """All 13 begin with a start codon of NCBI's table 2 and have no stop codon but at their end."""
    models = read_models(bundle.path(bundle.genes["MT"]))
    with pysam.FastaFile(str(bundle.path(bundle.sequence.file))) as fasta:
        genome = fasta.fetch("MT").upper()
    transcripts = Transcripts(models, mitochondrial_code=True)
    starts = [model.start for model in models]
    records, _ = placed(genome, [(at + 1, genome[at], OTHER[genome[at]]) for at in starts])
    transcripts.load(records, 0, lambda start, end: genome[start:end].encode())
    genes = 0
    for at in range(len(transcripts)):
        _, _, (start, end), sequence = transcripts[at]
        if start >= 0 and sequence is not None:
            codons = [sequence[i : i + 3].decode() for i in range(start, end, 3)]
            assert codons[0] in {"ATG", "ATA", "ATT", "ATC", "GTG"}
            assert not {"TAA", "TAG", "AGA", "AGG"} & set(codons[:-1])
            assert codons[-1] in {"TAA", "TAG", "AGA", "AGG", "TA", "T"}
            genes += 1
    assert genes == 13
