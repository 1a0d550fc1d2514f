"""Genomes, and strategies of variants on them: where genes, repeats and known alleles lie."""

from functools import cache
from pathlib import Path

import pysam
from hypothesis import strategies as st

from gas.annotation import ReferenceBundle, load_bundle
from gas.annotation.reference.recipe import find_recipe
from tests.support.bundles import build_from
from tests.support.tiny_genome import REPEAT_START, make_mirror
from tests.unit.annotation.effects.changes import Change
from tests.unit.annotation.vcf.lines import CONTIGS, header_text, right_lines

HEADER = header_text()
# 0-based: the poly-C stretches and the AC repeat of the control region, N, borders of genes and
# codons, the nine bases that stand there twice, overlapping genes, both ends.
_IN_RCRS = (0, 72, 302, 309, 513, 522, 3106, 3242, 3306, 3311, 4328, 5729, 8270, 8279, 8526)
_IN_RCRS_TOO = (8572, 9206, 14148, 14673, 15886, 16183, 16188, 16560, 16568)
# Exons, the coding region, known variants, the repeat, borders of regions.
_IN_TINY = (0, 100, 130, 149, 159, 199, 300, 349, 399, REPEAT_START - 1, REPEAT_START + 57, 1499)
_IN_TINY_TOO = (1599, 1602, 1699, 2999)
# Longer than any change here is moved; what stands further away than this is another place.
_REACH = 80


class Genome:
    """``places`` are (contig, 0-based position) where something may go wrong."""

    def __init__(self, bundle: ReferenceBundle, places: list[tuple[str, int]]) -> None:
        self.bundle = bundle
        self.places = places
        with pysam.FastaFile(str(bundle.path(bundle.sequence.file))) as fasta:
            self.sequences = {c.name: fasta.fetch(c.name).upper() for c in bundle.contigs}


def rcrs() -> Genome:
    bundle = load_bundle("rCRS")
    return Genome(bundle, [("MT", at) for at in _IN_RCRS + _IN_RCRS_TOO])


def tiny(folder: Path) -> Genome:
    """With a spliced gene, two tables of known variants and two tracks of regions."""
    source = make_mirror(folder / "mirror")
    recipe = find_recipe(str(source / "recipe.toml")).selected(noncommercial=True, extra=("Big",))
    bundle = build_from(recipe, source, folder / "bundle")
    places = [("1", at) for at in _IN_TINY + _IN_TINY_TOO] + [("MT", 10), ("MT", 89)]
    return Genome(bundle, places)


# Strategies are made once, not in every draw, which would take most of the time.
_bases = st.text("ACGT", min_size=1, max_size=5)
_anywhere = st.one_of(st.none(), st.none(), st.integers(0, 2**15))
_nearby = st.integers(-6, 6)
_lengths = st.sampled_from([1, 1, 1, 2, 3, 6])
_ODD = ("*", "<DEL>", "<INS:ME>", "N", "AR", "A[MT:9[", "<*>")
_kinds = st.sampled_from(["replaced", "deleted", "inserted", "doubled", "begun", "turned"])
_odd_kinds = st.one_of(_kinds, _kinds, st.sampled_from(_ODD))
_plain_alternates = st.lists(st.tuples(_kinds, _bases), min_size=1, max_size=4)
_any_alternates = st.lists(st.tuples(_odd_kinds, _bases), min_size=1, max_size=4)
_tenths = st.integers(0, 9)


@st.composite
def positions(draw: st.DrawFn, genome: Genome) -> tuple[str, int]:
    """A contig and a 0-based position, most often near one of the genome's places."""
    contig, near = genome.places[draw(_anywhere_of(len(genome.places)))]
    anywhere, last = draw(_anywhere), len(genome.sequences[contig]) - 1
    at = near + draw(_nearby) if anywhere is None else anywhere % (last + 1)
    return contig, min(max(at, 0), last)


@cache
def _anywhere_of(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


def _alternate(reference: str, kind: str, bases: str) -> str:
    return {
        "replaced": bases,
        "deleted": reference[0],  # if there is something to delete
        "inserted": reference + bases,
        "doubled": reference + reference,
        "begun": bases + reference[1:],
        "turned": reference.lower().translate(str.maketrans("acgt", "gtac")),
    }.get(kind, kind)


@st.composite
def sites(draw: st.DrawFn, genome: Genome, odd: bool = True) -> tuple[str, int, str, list[str]]:
    """CHROM, POS, REF as in the genome, and one or more alternates; or no more than '.'."""
    contig, at = draw(positions(genome))
    reference = genome.sequences[contig][at : at + draw(_lengths)]
    drawn = draw(_any_alternates if odd else _plain_alternates)
    alternates = [_alternate(reference, kind, bases) for kind, bases in drawn]
    if not odd:
        return contig, at + 1, reference, alternates
    if draw(_tenths) == 9:
        alternates = ["."]
    aliases = next(c.aliases for c in genome.bundle.contigs if c.name == contig)
    name = aliases[0] if draw(_tenths) == 9 else contig
    return name, at + 1, reference, alternates


_elsewhere: st.SearchStrategy[str | int | None] = st.sampled_from(
    [*[None] * 30, *CONTIGS, 0, 16_570, 2**29 - 1]
)
# A last sample of no character at all is refused: htslib cannot read it.
_right_lines = right_lines().filter(lambda line: not line.endswith(b"\t"))


@st.composite
def lines(draw: st.DrawFn, genome: Genome) -> bytes:
    """A record with all sorts of other columns, under HEADER; sometimes of an unknown place."""
    contig, position, reference, alternates = draw(sites(genome))
    elsewhere = draw(_elsewhere)
    if isinstance(elsewhere, str):
        contig = elsewhere
    elif elsewhere is not None:
        position = elsewhere
    columns = draw(_right_lines).decode().split("\t")
    columns[0], columns[1], columns[3] = contig, str(position), reference
    columns[4] = ",".join(alternates)
    if alternates == ["."]:
        columns[8:] = ["DP", "1", "2"]  # the genotypes of `right_lines` have an alternate
    return "\t".join(columns).encode()


@st.composite
def inputs(draw: st.DrawFn, genome: Genome, most: int = 8) -> list[bytes]:
    """Lines of an input that is accepted: a known place is among them."""
    contig, sequence = next(iter(genome.sequences.items()))
    good = f"{contig}\t200\t.\t{sequence[199]}\t<DEL>\t.\t.\t.\tGT\t0/1\t1|1".encode()
    found = draw(st.lists(lines(genome), max_size=most))
    if draw(st.booleans()):
        found.append(good.replace(f"\t{sequence[199]}\t".encode(), b"\tACGTACGT\t"))
        found.append(good)
    found.append(good)
    return draw(st.permutations(found))


def text_of(found: list[bytes]) -> bytes:
    return HEADER + b"".join(line + b"\n" for line in found)


_lost = st.sampled_from([0, 0, 1, 1, 2, 3, 9])
_gained = st.tuples(
    st.sampled_from(["nothing", "before", "behind", "bases"]), st.sampled_from([1, 2, 3, 9]), _bases
)


@st.composite
def changes(draw: st.DrawFn, genome: Genome) -> tuple[str, Change]:
    """A contig and a change on it that can be annotated; often a copy of what is there."""
    contig, start = draw(positions(genome))
    sequence = genome.sequences[contig]
    end = min(start + draw(_lost), len(sequence))
    kind, size, bases = draw(_gained)
    copied = {
        "nothing": "",
        "before": sequence[max(0, start - size) : start],
        "behind": sequence[start : start + size],
    }
    inserted = copied.get(kind, bases).replace("N", "").encode()
    if inserted == sequence[start:end].encode():
        inserted += b"A"
    return contig, Change(start, end, inserted)


def same_changes(sequence: bytes, change: Change) -> list[Change]:
    """The changes that lead to the same sequence, by position, the given one among them."""
    offset = max(0, change.start - _REACH)
    part = sequence[offset : change.end + _REACH]
    moved = Change(change.start - offset, change.end - offset, change.inserted)
    altered, size, length = moved.apply(part), change.end - change.start, len(change.inserted)
    found = (Change(s, s + size, altered[s : s + length]) for s in range(len(part) - size + 1))
    return [
        Change(one.start + offset, one.end + offset, one.inserted)
        for one in found
        if one.apply(part) == altered
    ]
