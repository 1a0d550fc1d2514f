"""What holds of the whole engine for any input: drawn on two genomes, where it is difficult."""

from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pysam
import pysam.bcftools
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gas.annotation import Options
from gas.annotation.results import parquet
from tests.unit.annotation.effects.changes import Change
from tests.unit.annotation.running import Made, info_of, run
from tests.unit.annotation.variants import (
    Genome,
    changes,
    inputs,
    lines,
    rcrs,
    same_changes,
    sites,
    text_of,
    tiny,
)

_PLACE = ("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER")
_PLAIN_HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
_some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="session", params=["rCRS", "tiny"])
def genome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Genome:
    return rcrs() if request.param == "rCRS" else tiny(tmp_path_factory.mktemp("tiny"))


def plain_text(records: list[tuple[str, int, str, str]]) -> bytes:
    """An input of (CHROM, POS, REF, ALT), whose ids tell the place of each in the list."""
    rows = (f"{c}\t{p}\tn{i}\t{r}\t{a}\t.\t.\t.\n" for i, (c, p, r, a) in enumerate(records))
    return (_PLAIN_HEADER + "".join(rows)).encode()


def in_order(found: list[bytes]) -> list[bytes]:
    """By chromosome as they first appear, and by position; else as they came."""
    ranks: dict[bytes, int] = {}
    for line in found:
        ranks.setdefault(line.split(b"\t", 1)[0], len(ranks))
    return sorted(found, key=lambda line: (ranks[line.split(b"\t")[0]], int(line.split(b"\t")[1])))


@_some
@given(data=st.data())
def test_every_record_comes_back_as_it_was(genome: Genome, data: st.DataObject) -> None:
    found = data.draw(inputs(genome))
    made = run(text_of(found), genome.bundle)
    ours = set(info_names(made))
    assert len(made.records) == len(found) == made.summary.records
    for before, after in zip(in_order(found), made.records, strict=True):
        columns = before.decode().split("\t")
        assert after[:7] + after[8:] == columns[:7] + columns[8:]
        kept = [] if columns[7] == "." else columns[7].split(";")
        entries = after[7].split(";")
        assert entries[: len(kept)] == kept
        assert {entry.partition("=")[0] for entry in entries[len(kept) :]} <= ours


def info_names(made: Made) -> list[str]:
    return [
        line.removeprefix("##INFO=<ID=").partition(",")[0]
        for line in made.header
        if line.startswith("##INFO=<") and 'Source="GAS"' in line
    ]


@_some
@given(data=st.data(), chunk_bytes=st.integers(1, 700), rows=st.integers(1, 9))
def test_neither_chunks_nor_threads_change_anything(
    genome: Genome, data: st.DataObject, chunk_bytes: int, rows: int
) -> None:
    content = text_of(data.draw(inputs(genome)))
    with patch.object(parquet, "ROWS_PER_GROUP", rows):
        whole = run(content, genome.bundle)
        cut = run(content, genome.bundle, Options(threads=3), chunk_bytes=chunk_bytes)
    assert cut.vcf == whole.vcf
    assert cut.tsv == whole.tsv
    assert cut.table == whole.table
    assert cut.summary == whole.summary
    assert cut.log == whole.log
    assert 0 <= min(cut.fractions) <= max(cut.fractions) == cut.fractions[-1] == 1


@_some
@given(data=st.data())
def test_a_multiallelic_record_says_what_its_split_records_say(
    genome: Genome, data: st.DataObject
) -> None:
    found = in_order(data.draw(inputs(genome)))
    whole = run(text_of(found), genome.bundle)
    split = run(text_of([one for line in found for one in split_line(line)]), genome.bundle)
    assert whole.tsv == split.tsv
    carried = [name for name in whole.table.column_names if not name.startswith("samples_")]
    assert whole.table.select(carried) == split.table.select(carried)
    rest = iter(split.records)
    for merged in whole.records:
        parts = [info_of(next(rest)) for _ in merged[4].split(",")]
        expected = {
            name: ",".join(part.get(name, ".") for part in parts)
            for name in info_names(whole)
            if name != "ANN" and any(name in part for part in parts)
        }
        if any("ANN" in part for part in parts):
            expected["ANN"] = ",".join(part["ANN"] for part in parts if "ANN" in part)
        ours = {name: value for name, value in info_of(merged).items() if name in info_names(whole)}
        assert ours == expected


def split_line(line: bytes) -> list[bytes]:
    columns = line.split(b"\t")
    return [
        b"\t".join([*columns[:4], alternate, *columns[5:]]) for alternate in columns[4].split(b",")
    ]


@_some
@given(data=st.data(), before=st.integers(0, 3), after=st.integers(0, 3))
def test_every_way_to_write_an_allele_says_the_same(
    genome: Genome, data: st.DataObject, before: int, after: int
) -> None:
    contig, change = data.draw(changes(genome))
    sequence = genome.sequences[contig].encode()
    assume(b"N" not in sequence[max(0, change.start - 1) : change.end])
    same = same_changes(sequence, change)
    forms = [(contig, *written(one, sequence, 1, 0)) for one in same]
    forms += [(contig, *written(one, sequence, before, after)) for one in same]
    # As wide as can be, and with nothing around it.
    forms.append((contig, *written(same[0], sequence, same[-1].start - same[0].start, 9)))
    # With the one N of the rCRS in its REF, a record is not annotated.
    made = run(plain_text([form for form in forms if "N" not in form[2]]), genome.bundle)
    said = defaultdict(set)
    for row in made.rows:
        for name, value in row.items():
            if name not in _PLACE:
                said[name].add(value)
    assert {name: s for name, s in said.items() if len(s) > 1} == {}
    assert len({ann_without_writing(record) for record in made.records}) == 1


def written(change: Change, sequence: bytes, before: int, after: int) -> tuple[int, str, str]:
    """As POS, REF and ALT, with so many bases of context as there are; VCF wants one at least."""
    room = (min(before, change.start), min(after, len(sequence) - change.end))
    if room == (0, 0) and (change.start == change.end or not change.inserted):
        room = (1, 0) if change.start else (0, 1)
    position, reference, alternate = change.variant(sequence, *room)
    return position, reference.decode(), alternate.decode()


def ann_without_writing(record: list[str]) -> str:
    """ANN without what may depend on how the allele is written: itself, and that it was moved."""
    entries = [entry.split("|") for entry in info_of(record)["ANN"].split(",")]
    return ",".join("|".join(entry[1:15]) for entry in entries)


@_some
@given(data=st.data())
def test_to_normalise_before_is_to_normalise_after(genome: Genome, data: st.DataObject) -> None:
    """By bcftools norm, another's work: what is said of an allele goes with it."""
    drawn = data.draw(st.lists(sites(genome, odd=False), min_size=1, max_size=8))
    records = [
        (contig, position, reference, ",".join(alternates))
        for contig, position, reference, alternates in drawn
        if "N" not in reference and reference not in alternates
    ]
    assume(records)
    content = plain_text(records)
    fasta = str(genome.bundle.path(genome.bundle.sequence.file))
    names = [contig.name for contig in genome.bundle.contigs]
    after = by_allele(normalised(run(content, genome.bundle).vcf.encode(), fasta, names))
    before = by_allele(run(normalised(content, fasta, names).encode(), genome.bundle).vcf)
    # The base before an indel must be written; where it is N, the reference is not known there.
    uncertain = {allele for allele in before if "N" in allele[2]}
    assert {a: s for a, s in after.items() if a not in uncertain} == {
        a: s for a, s in before.items() if a not in uncertain
    }


def normalised(content: bytes, fasta: str, contigs: list[str]) -> str:
    """Split, trimmed, left-aligned and sorted."""
    header = "".join(f"##contig=<ID={name}>\n" for name in contigs).encode()
    if b"##contig" not in content:
        content = content.replace(b"#CHROM", header + b"#CHROM", 1)
    with TemporaryDirectory() as folder:
        source, split, out = (Path(folder, name) for name in ("in.vcf", "split.vcf", "out.vcf"))
        source.write_bytes(content)
        pysam.bcftools.norm(
            *("--no-version", "-m", "-any", "-f", fasta, "-o", str(split), str(source)),
            catch_stdout=False,
        )
        pysam.bcftools.sort("-o", str(out), str(split), catch_stdout=False)
        return out.read_text(encoding="utf-8")


def by_allele(text: str) -> dict[tuple[str, str, str, str], set[str]]:
    """The values of each allele of a split VCF, but for ANN, which is no list by alleles."""
    found = defaultdict(set)
    for line in text.splitlines():
        if not line.startswith("#"):
            contig, position, _, reference, alternate, _, _, info, *_ = line.split("\t")
            entries = sorted(
                entry
                for entry in info.split(";")
                if not entry.startswith("ANN=") and not entry.endswith("=.")
            )
            found[contig, position, reference, alternate].add(";".join(entries))
    return dict(found)


@_some
@given(data=st.data())
def test_to_annotate_again_changes_nothing(genome: Genome, data: st.DataObject) -> None:
    once = run(text_of(data.draw(inputs(genome))), genome.bundle)
    twice = run(once.vcf.encode("utf-8", "surrogateescape"), genome.bundle)
    assert twice.vcf == once.vcf
    assert twice.tsv == once.tsv
    assert twice.table == once.table


@_some
@given(data=st.data(), chunk_bytes=st.integers(1, 700))
def test_to_sort_before_is_to_have_it_sorted(
    genome: Genome, data: st.DataObject, chunk_bytes: int
) -> None:
    found = data.draw(inputs(genome, most=12))
    sorted_before = run(text_of(in_order(found)), genome.bundle)
    made = run(text_of(found), genome.bundle, chunk_bytes=chunk_bytes)
    assert made.summary.sorted_by_gas == (in_order(found) != found)
    assert not sorted_before.summary.sorted_by_gas
    assert made.vcf == sorted_before.vcf
    assert made.tsv == sorted_before.tsv
    assert made.table == sorted_before.table
    own = {"sorted_by_gas", "warnings"}
    assert made.summary.model_dump(exclude=own) == sorted_before.summary.model_dump(exclude=own)


@_some
@given(data=st.data())
def test_counts_are_those_of_the_rows(genome: Genome, data: st.DataObject) -> None:
    found = [data.draw(lines(genome)) for _ in range(data.draw(st.integers(0, 8)))]
    made = run(text_of([*found, *data.draw(inputs(genome, most=0))]), genome.bundle)
    counted: dict[str, dict[str, int]] = {"CONSEQUENCE": {}, "IMPACT": {}, "GAS_SKIPPED": {}}
    for row in made.rows:
        for name, counts in counted.items():
            if row[name]:
                counts[row[name]] = counts.get(row[name], 0) + 1
    summary = made.summary
    assert summary.consequences == counted["CONSEQUENCE"]
    assert summary.impacts == counted["IMPACT"]
    assert summary.skipped == counted["GAS_SKIPPED"]
    assert summary.annotated_alleles == sum(counted["CONSEQUENCE"].values())
    known = {column.name for column in genome.bundle.known_columns}
    assert summary.known == sum(any(row[name] for name in known) for row in made.rows)
    assert summary.alleles == sum(row["ALT"] != "" for row in made.rows)
