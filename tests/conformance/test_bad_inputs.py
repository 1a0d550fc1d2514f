"""The outcome of each of the odd inputs in bad/: refused with a code, or read, and with what said."""

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gas.annotation.reference.bundle import ReferenceBundle, load_bundle
from gas.domain.errors import ErrorCode, PermanentError
from tests.unit.annotation.vcf.lines import mutated
from tests.unit.annotation.vcf.taking_in import take_in


@dataclass(frozen=True)
class Refused:
    code: ErrorCode
    says: str


@dataclass(frozen=True)
class Read:
    """``skipped`` counts alleles by reason; ``undeclared`` are contigs, INFO, FORMAT, FILTER names."""

    records: int
    skipped: dict[str, int] = field(default_factory=dict)
    form: str = "plain"
    sorted_by_gas: bool = False
    ends_in_newline: bool = True
    warnings: int = 0
    undeclared: tuple[str, ...] = ()


NOT_A_VCF, MALFORMED = ErrorCode.NOT_A_VCF, ErrorCode.MALFORMED_VCF
TRUNCATED = ErrorCode.TRUNCATED_FILE

OUTCOMES: dict[str, Refused | Read] = {
    "bad_gt_idx.vcf": Refused(MALFORMED, "Line 8: column 10: genotype '0/7' names allele 7"),
    "bad_info_type.vcf": Refused(MALFORMED, "Line 8: column 8 (INFO): AC is declared as Integer"),
    "bcf_trunc.bcf": Refused(TRUNCATED, "end-of-file block of bgzip is missing"),
    "bgz.vcf.gz": Read(350, form="bgzip"),
    "bgz_corrupt.vcf.gz": Refused(MALFORMED, "The file is damaged"),
    "bgz_noeof.vcf.gz": Refused(TRUNCATED, "end-of-file block of bgzip is missing"),
    "bgz_trunc_half.vcf.gz": Refused(TRUNCATED, "end-of-file block of bgzip is missing"),
    "bom.vcf": Read(350),
    "chrM_names.vcf": Read(350),
    "cr_only.vcf": Refused(MALFORMED, "Line 1: lines end in CR alone"),
    "crlf.vcf": Read(350),
    "dup_sample.vcf": Refused(MALFORMED, "Line 7: the sample 'S1' is named more than once"),
    "empty.vcf": Refused(NOT_A_VCF, "The file is empty"),
    "few_cols.vcf": Refused(MALFORMED, "Line 13: it has 4 columns, where the header has 8"),
    "gt_cols_mismatch.vcf": Refused(MALFORMED, "Line 8: it has 10 columns"),
    "gzip_trunc.vcf.gz": Refused(TRUNCATED, "compressed data ends too early"),
    "header_only.vcf": Refused(ErrorCode.NO_VARIANTS, "no variants"),
    "iupac.vcf": Refused(MALFORMED, "Line 10: column 4 (REF): 'Q'"),
    "looks_gz_but_plain.vcf.gz": Read(350),
    "lowercase.vcf": Read(1),
    "multiallelic.vcf": Read(1),
    "no_chrom_line.vcf": Refused(MALFORMED, "Line 7: a record stands before the line '#CHROM"),
    "no_contig.vcf": Read(350, undeclared=("MT",)),
    "no_fileformat.vcf": Read(350, warnings=1),
    "no_final_newline.vcf": Read(350, ends_in_newline=False),
    "noncontig_order.vcf": Read(10),
    "notvcf.vcf": Refused(NOT_A_VCF, "does not begin with '##fileformat=VCF'"),
    "nul.vcf": Refused(MALFORMED, "Line 315: it holds a NUL byte"),
    "ok.bcf": Read(350, form="BCF"),
    "ok.vcf": Read(350),
    "ok.vcf.bz2": Refused(NOT_A_VCF, "bzip2"),
    "ok.vcf.xz": Refused(NOT_A_VCF, "xz"),
    "ok.zip": Refused(NOT_A_VCF, "ZIP"),
    "plain_gzip.vcf.gz": Read(350, form="gzip"),
    "pos0.vcf": Read(11, {"outside_contig": 1}),
    "pos_nan.vcf": Refused(MALFORMED, "Line 8: column 2 (POS): 'abc'"),
    "pos_neg.vcf": Refused(MALFORMED, "Line 8: column 2 (POS): '-5'"),
    "pos_past_end.vcf": Read(11, {"outside_contig": 1}),
    "ref_mismatch.vcf": Read(11, {"reference_mismatch": 1}),
    "spaces.vcf": Refused(MALFORMED, "Line 8: the columns are separated by spaces"),
    "symbolic.vcf": Read(
        5, {"symbolic_allele": 2, "reference_mismatch": 1, "breakend": 1, "no_alternate": 1}
    ),
    "truncated_line.vcf": Refused(TRUNCATED, "cut off in its last line. Line 315"),
    "undeclared_info.vcf": Read(2, undeclared=("FOO", "BAR", "q10")),
    "unknown_contig_declared.vcf": Read(6, {"unknown_contig": 1}),
    "unknown_contig_undeclared.vcf": Read(6, {"unknown_contig": 1}, undeclared=("GL000207.1",)),
    "unphased.vcf": Read(1),
    "unsorted.vcf": Read(350, sorted_by_gas=True),
    "utf16.vcf": Refused(NOT_A_VCF, "UTF-16"),
    "utf8.vcf": Read(1),
    "v33.vcf": Refused(
        MALFORMED, "Line 1: this is VCF version 3.3; GAS reads versions 4.0 to 4.5. Convert it"
    ),
}


PLAIN = [name for name, o in OUTCOMES.items() if isinstance(o, Read) and o.form == "plain"]


@pytest.fixture(scope="module")
def bundle() -> ReferenceBundle:
    return load_bundle("rCRS")


@pytest.fixture(scope="module")
def bases(refdata: Path) -> dict[str, bytes]:
    lines = (refdata / "mt" / "MT.fa").read_bytes().splitlines()
    return {"MT": b"".join(lines[1:]).upper()}


def test_every_file_has_its_row(refdata: Path) -> None:
    assert {path.name for path in (refdata / "bad").iterdir()} == set(OUTCOMES)


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_outcome(
    name: str,
    refdata: Path,
    bundle: ReferenceBundle,
    bases: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "sorting").mkdir()
    monkeypatch.chdir(tmp_path)  # where a BCF is unpacked
    expected = OUTCOMES[name]
    if isinstance(expected, Refused):
        with pytest.raises(PermanentError) as caught:
            take_in(refdata / "bad" / name, bundle, bases, tmp_path / "sorting")
        assert caught.value.code is expected.code
        assert expected.says in caught.value.message
        return
    taken = take_in(refdata / "bad" / name, bundle, bases, tmp_path / "sorting")
    names = taken.undeclared
    assert expected == Read(
        records=len(taken.lines),
        skipped=dict(taken.skipped),
        form=taken.form,
        sorted_by_gas=taken.sorted_by_gas,
        ends_in_newline=taken.ends_in_newline,
        warnings=len(taken.warnings),
        undeclared=(*names.contigs, *names.info, *names.formats, *names.filters),
    )


@pytest.mark.parametrize("name", PLAIN)
def test_no_record_is_lost_or_changed(
    name: str,
    refdata: Path,
    bundle: ReferenceBundle,
    bases: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = refdata / "bad" / name
    (tmp_path / "sorting").mkdir()
    monkeypatch.chdir(tmp_path)
    taken = take_in(source, bundle, bases, tmp_path / "sorting", chunk_bytes=700)
    lines = source.read_bytes().replace(b"\r\n", b"\n").split(b"\n")
    records = [line for line in lines if line and not line.startswith((b"#", b"\xef\xbb\xbf#"))]
    assert Counter(taken.lines) == Counter(records)
    assert [lines[number - 1] for number in taken.numbers] == taken.lines


def test_mutations(
    refdata: Path, bundle: ReferenceBundle, bases: dict[str, bytes], tmp_path: Path
) -> None:
    """Each ends in records or in a known code; BCF is for the child process, as htslib reads it."""
    rng = random.Random(7)  # noqa: S311 - reproducible tests
    files = [path.read_bytes() for path in sorted((refdata / "bad").glob("*.vcf*"))]
    (tmp_path / "sorting").mkdir()
    outcomes: Counter[str] = Counter()
    for _ in range(4000):
        (tmp_path / "input").write_bytes(mutated(rng.choice(files), files, rng))
        try:
            take_in(tmp_path / "input", bundle, bases, tmp_path / "sorting", chunk_bytes=2000)
            outcomes["read"] += 1
        except PermanentError as error:
            outcomes[error.code] += 1
    assert set(outcomes) <= {
        "read",
        ErrorCode.NOT_A_VCF,
        ErrorCode.MALFORMED_VCF,
        ErrorCode.TRUNCATED_FILE,
        ErrorCode.NO_VARIANTS,
        ErrorCode.UNKNOWN_CONTIG,
        ErrorCode.REFERENCE_MISMATCH,
    }
    assert outcomes["read"] > 100
    assert outcomes[ErrorCode.MALFORMED_VCF] > 100
