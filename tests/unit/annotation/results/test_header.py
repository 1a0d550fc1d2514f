"""The header of a result tells how it was made, and is the same when made again."""

from dataclasses import replace

import pytest

from gas.annotation.reference.bundle import ReferenceBundle, load_bundle
from gas.annotation.results.header import Provenance, output_header
from gas.annotation.results.info import (
    ANN_FIELD,
    EFFECT_FIELDS,
    SKIPPED_FIELD,
    known_fields,
    with_free_names,
)
from gas.annotation.vcf.header import read_header
from gas.annotation.vcf.record import Undeclared

from .conftest import header_of

PROVENANCE = Provenance("1.2.3", "pysam 0.24.1", ("gas annotate --genome rCRS",))


@pytest.fixture(scope="module")
def bundle() -> ReferenceBundle:
    return load_bundle("rCRS")


def written(bundle: ReferenceBundle, undeclared: Undeclared | None = None) -> list[str]:
    fields = [ANN_FIELD, *EFFECT_FIELDS, *known_fields(bundle), SKIPPED_FIELD]
    header = output_header(
        header_of(("a",)), undeclared or Undeclared(), bundle, fields, PROVENANCE
    )
    assert header.endswith(b"\n")
    return header.decode().splitlines()


def test_the_input_comes_first_and_the_columns_last(bundle: ReferenceBundle) -> None:
    lines = written(bundle)
    header = header_of(("a",))
    assert lines[: len(header.meta)] == header.meta
    assert lines[-1] == header.column_line


def test_ann_is_declared_in_the_words_of_its_standard(bundle: ReferenceBundle) -> None:
    (line,) = (line for line in written(bundle) if line.startswith("##INFO=<ID=ANN,"))
    assert line == (
        "##INFO=<ID=ANN,Number=.,Type=String,Description=\"Functional annotations: 'Allele | "
        "Annotation | Annotation_Impact | Gene_Name | Gene_ID | Feature_Type | Feature_ID | "
        "Transcript_BioType | Rank | HGVS.c | HGVS.p | cDNA.pos / cDNA.length | "
        "CDS.pos / CDS.length | AA.pos / AA.length | Distance | ERRORS / WARNINGS / INFO' \","
        'Source="GAS",Version="1.2.3">'
    )


def test_it_names_version_command_bundle_and_sources(bundle: ReferenceBundle) -> None:
    lines = written(bundle)
    assert "##GAS_version=1.2.3" in lines
    assert "##GAS_engine=pysam 0.24.1" in lines
    assert "##GAS_command=gas annotate --genome rCRS" in lines
    assert sum(line.startswith("##GAS_bundle=<ID=rCRS,Version=") for line in lines) == 1
    sources = [line for line in lines if line.startswith("##GAS_source=<ID=")]
    assert len(sources) == len(bundle.sources)
    for line, source in zip(sources, bundle.sources, strict=True):
        assert f'Version="{source.version}"' in line
        assert f'Licence="{source.licence}"' in line
        assert 'Digest="sha256:' in line


def test_a_source_has_another_digest_when_one_of_its_files_has(bundle: ReferenceBundle) -> None:
    file = bundle.sequence.file.model_copy(update={"sha256": "0" * 64})
    sequence = bundle.sequence.model_copy(update={"file": file})
    other = bundle.model_copy(update={"sequence": sequence})
    changed = [
        before.partition(",")[0]
        for before, after in zip(written(bundle), written(other), strict=True)
        if before != after
    ]
    assert changed == [f"##GAS_source=<ID={name}" for name in bundle.sequence.file.sources]


def test_what_records_use_undeclared_is_declared(bundle: ReferenceBundle) -> None:
    undeclared = Undeclared(
        contigs={"chrM": None, "Z": None},
        info={"FLAG": False, "KEY": True, "not a key": True},
        formats={"GT": None, "XY": None},
        filters={"q10": None},
    )
    header = header_of(("a",), ["##fileformat=VCFv4.2"])
    lines = output_header(header, undeclared, bundle, [], PROVENANCE).decode().splitlines()
    assert "##contig=<ID=chrM,length=16569>" in lines
    assert "##contig=<ID=Z>" in lines
    for start in (
        "##INFO=<ID=FLAG,Number=0,Type=Flag,",
        "##INFO=<ID=KEY,Number=.,Type=String,",
        "##FORMAT=<ID=GT,Number=1,",
        "##FORMAT=<ID=XY,Number=.,",
        "##FILTER=<ID=q10,",
    ):
        assert sum(line.startswith(start) for line in lines) == 1
    assert not any("not a key" in line for line in lines)


def test_the_header_of_a_result_gives_itself_again(bundle: ReferenceBundle) -> None:
    undeclared = Undeclared(contigs={"Z": None}, info={"KEY": True})
    once = written(bundle, undeclared)
    header = read_header(iter(enumerate(once, 1)))
    fields = [ANN_FIELD, *EFFECT_FIELDS, *known_fields(bundle), SKIPPED_FIELD]
    again = output_header(header, Undeclared(), bundle, fields, PROVENANCE)
    assert again.decode().splitlines() == once
    assert header.earlier_fields == {field.name for field in fields}


def test_quotation_marks_are_escaped(bundle: ReferenceBundle) -> None:
    field = replace(SKIPPED_FIELD, description='so-called "x" \\')
    lines = output_header(header_of(), Undeclared(), bundle, [field], PROVENANCE).decode()
    assert 'Description="so-called \\"x\\" \\\\",' in lines


def test_names_that_the_input_uses_are_left_to_it() -> None:
    taken = {"ANN", "GENE", "GAS_GENE"}
    names = [field.name for field in with_free_names([ANN_FIELD, *EFFECT_FIELDS], taken)]
    assert names[:4] == ["GAS_ANN", "CONSEQUENCE", "IMPACT", "GAS2_GENE"]
    assert len(set(names)) == len(names)
