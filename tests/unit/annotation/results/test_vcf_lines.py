"""The lines of the annotated VCF: each as it was, with ours behind its own INFO."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gas.annotation.kernel.intake.scan import Scan
from gas.annotation.kernel.output.emit import LIST, PER_ALLELE, VERBATIM_LIST, write_vcf
from gas.annotation.kernel.output.table import skip_reasons

from .conftest import column_of, scan_lines, scan_text

NOTHING_DROPPED: frozenset[bytes] = frozenset()


def lines_of(
    scan: Scan, *fields: tuple[bytes, int, list[str]], dropped: set[bytes] | None = None
) -> str:
    columns = [(name, column_of(name.decode(), *values), mode) for name, mode, values in fields]
    return bytes(write_vcf(scan.records, columns, frozenset(dropped or ())).text).decode()


def info_of(
    scan: Scan, *fields: tuple[bytes, int, list[str]], dropped: set[bytes] | None = None
) -> str:
    return lines_of(scan, *fields, dropped=dropped).rstrip("\n").split("\t")[7]


def test_ours_stand_behind_the_records_own() -> None:
    scan = scan_lines("1\t5\trs1\tA\tC\t9.5\tPASS\tDP=3")
    written = lines_of(scan, (b"X", PER_ALLELE, ["y"]), (b"Z", PER_ALLELE, ["w"]))
    assert written == "1\t5\trs1\tA\tC\t9.5\tPASS\tDP=3;X=y;Z=w\n"


def test_a_dot_gives_way() -> None:
    assert info_of(scan_lines("1\t5\t.\tA\tC\t.\t.\t."), (b"X", PER_ALLELE, ["y"])) == "X=y"


def test_a_record_without_values_stays_as_it_was() -> None:
    scan = scan_lines("1\t5\t.\tA\tC,G\t.\t.\t.")
    assert info_of(scan, (b"X", PER_ALLELE, ["", ""])) == "."


def test_one_value_an_allele_with_dots_between() -> None:
    scan = scan_lines("1\t5\t.\tA\tC,G,T\t.\t.\t.")
    assert info_of(scan, (b"X", PER_ALLELE, ["", "b", ""])) == "X=.,b,."


@pytest.mark.parametrize("mode", [LIST, VERBATIM_LIST])
def test_a_list_has_only_what_there_is(mode: int) -> None:
    scan = scan_lines("1\t5\t.\tA\tC,G,T\t.\t.\t.")
    assert info_of(scan, (b"X", mode, ["a", "", "c"])) == "X=a,c"


def test_what_info_forbids_is_percent_encoded() -> None:
    scan = scan_lines("1\t5\t.\tA\tC\t.\t.\t.")
    assert info_of(scan, (b"X", PER_ALLELE, ["a;b=c%d,e f\t\u00e9"])) == (
        "X=a%3Bb%3Dc%25d%2Ce%20f%09\u00e9"
    )


def test_an_annotation_that_is_safe_already_is_not_touched() -> None:
    scan = scan_lines("1\t5\t.\tA\tC\t.\t.\t.")
    assert info_of(scan, (b"ANN", VERBATIM_LIST, ["C|p.M1%3D,C|x"])) == "ANN=C|p.M1%3D,C|x"


def test_values_go_to_their_own_record() -> None:
    scan = scan_lines("1\t5\t.\tA\tC,G\t.\t.\t.", "1\t6\t.\tA\tC\t.\t.\tDP=1")
    assert lines_of(scan, (b"X", PER_ALLELE, ["a", "b", "c"])).splitlines() == [
        "1\t5\t.\tA\tC,G\t.\t.\tX=a,b",
        "1\t6\t.\tA\tC\t.\t.\tDP=1;X=c",
    ]


def test_fields_of_an_earlier_run_are_dropped() -> None:
    scan = scan_lines("1\t5\t.\tA\tC\t.\t.\tX=old;DP=3;FLAG;X2=1;X")
    assert info_of(scan, (b"X", PER_ALLELE, ["new"]), dropped={b"X"}) == "DP=3;FLAG;X2=1;X=new"


def test_a_record_of_which_all_is_dropped_has_a_dot() -> None:
    assert info_of(scan_lines("1\t5\t.\tA\tC\t.\t.\tX=old"), dropped={b"X"}) == "."


@pytest.mark.parametrize("info", [".", "DP=3", "DP=3;", "DP=3;;", ";", "DP=3;;FLAG", "DP=3;."])
def test_annotating_again_gives_the_same_bytes(info: str) -> None:
    field = (b"X", PER_ALLELE, ["y"])
    once = lines_of(scan_lines(f"1\t5\t.\tA\tC\t.\t.\t{info}"), field)
    assert lines_of(scan_text(once.encode()), field, dropped={b"X"}) == once


def test_samples_are_not_touched() -> None:
    line = "1\t5\t.\tA\tC\t.\t.\tDP=3\tGT:LEN\t0/1:7\t./.\t1|1:"
    scan = scan_lines(line, samples=("a", "b", "c"))
    assert lines_of(scan, (b"X", PER_ALLELE, ["y"])) == line.replace("DP=3", "DP=3;X=y") + "\n"


def test_lines_end_in_line_feeds() -> None:
    scan = scan_text(b"1\t5\t.\tA\tC\t.\t.\tDP=3\r\n1\t6\t.\tA\tC\t.\t.\t.")
    assert lines_of(scan) == "1\t5\t.\tA\tC\t.\t.\tDP=3\n1\t6\t.\tA\tC\t.\t.\t.\n"


def test_no_records_give_no_text() -> None:
    lines = write_vcf(scan_text(b"").records, [(b"X", column_of("X"), PER_ALLELE)], NOTHING_DROPPED)
    assert (bytes(lines.text), bytes(lines.spans), lines.runs) == (b"", b"", [])


def test_a_line_longer_than_a_block_of_bgzip() -> None:
    long = "A" * 100_000
    scan = scan_lines(f"1\t5\t.\tA\tC,{long}\t.\t.\tDP=3")
    assert info_of(scan, (b"X", PER_ALLELE, [long, "="])) == f"DP=3;X={long},%3D"


def test_bytes_that_are_no_utf8_survive() -> None:
    scan = scan_text(b"1\t5\t\xff\tA\tC\t.\t.\tNOTE=\xfe\xff\n")
    text = bytes(write_vcf(scan.records, [], NOTHING_DROPPED).text)
    assert text == b"1\t5\t\xff\tA\tC\t.\t.\tNOTE=\xfe\xff\n"


def test_the_reason_for_a_skipped_allele() -> None:
    records = scan_lines("1\t5\t.\tA\tC,<DEL>,*\t.\t.\tDP=1", "1\t7\t.\tG\tC\t.\t.\t.").records
    column = skip_reasons(records, "GAS_SKIPPED")
    text = write_vcf(records, [(b"GAS_SKIPPED", column, PER_ALLELE)], NOTHING_DROPPED).text
    first, second = bytes(text).decode().splitlines()
    assert first.endswith(";GAS_SKIPPED=.,symbolic_allele,overlapping_deletion")
    assert second.endswith("\tGAS_SKIPPED=reference_mismatch")


def test_a_column_of_another_length_is_refused() -> None:
    records = scan_lines("1\t5\t.\tA\tC,G\t.\t.\t.").records
    with pytest.raises(ValueError, match="X: 1 of 2 values"):
        write_vcf(records, [(b"X", column_of("X", "y"), PER_ALLELE)], NOTHING_DROPPED)


_VALUE = st.text(st.characters(codec="utf-8"), max_size=8)


@given(st.lists(st.lists(_VALUE, min_size=1, max_size=3), min_size=1, max_size=5))
def test_every_value_comes_back(values: list[list[str]]) -> None:
    scan = scan_lines(
        *(
            f"1\t{position}\t.\tA\t{','.join('CGT'[: len(alleles)])}\t.\t.\tDP=1"
            for position, alleles in enumerate(values, 1)
        )
    )
    flat = [value for alleles in values for value in alleles]
    written = lines_of(scan, (b"X", PER_ALLELE, flat)).split("\n")[:-1]
    for line, alleles in zip(written, values, strict=True):
        assert len(line.split("\t")) == 8
        entries = dict(entry.split("=") for entry in line.split("\t")[7].split(";"))
        read = entries.get("X", ",".join("." * len(alleles))).split(",")
        assert [_decoded(text) for text in read] == [value or "." for value in alleles]


def _decoded(text: str) -> str:
    pieces = text.split("%")
    return pieces[0] + "".join(chr(int(piece[:2], 16)) + piece[2:] for piece in pieces[1:])
