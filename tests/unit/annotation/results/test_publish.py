"""Results appear by rename, each with its size and SHA-256 in the manifest, which comes last."""

import hashlib
import json
from pathlib import Path

import pytest

from gas.annotation.reference.bundle import load_bundle
from gas.annotation.result import (
    ANNOTATED_INDEX,
    ANNOTATED_VCF,
    LOG,
    MANIFEST,
    SUMMARY,
    VARIANTS_PARQUET,
    VARIANTS_TSV,
    EngineError,
)
from gas.annotation.results.counts import Counts, summarise
from gas.annotation.results.publish import TABLES, publish

OUTCOME = {"event": "done", "pysam": "0.24.1", "pyarrow": "26.0.1"}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    work = tmp_path / "scratch" / "work"
    work.mkdir(parents=True)
    summary = summarise(
        Counts(), genome="rCRS", samples=[], input_format="vcf", sorted_by_gas=False, warnings=[]
    )
    (work / SUMMARY).write_text(summary.model_dump_json())
    for name in (ANNOTATED_VCF, ANNOTATED_INDEX, LOG, *TABLES):
        (work / name).write_text(f"content of {name}")
    (tmp_path / "input.vcf").write_text("the input")
    (tmp_path / "out").mkdir()
    return tmp_path / "scratch"


def test_all_files_are_published_and_described(scratch: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    bundle = load_bundle("rCRS")
    result = publish(scratch, out, tmp_path / "input.vcf", bundle, "1.2", OUTCOME, TABLES)
    names = {ANNOTATED_VCF, ANNOTATED_INDEX, VARIANTS_PARQUET, VARIANTS_TSV, SUMMARY, LOG, MANIFEST}
    assert set(result.files) == {path.name for path in out.iterdir()} == names
    manifest = json.loads((out / MANIFEST).read_text())
    assert manifest["gas"] == {"version": "1.2"}
    assert manifest["engine"] == {"pysam": "0.24.1", "pyarrow": "26.0.1"}
    assert manifest["reference"]["name"] == "rCRS"
    assert manifest["input"]["sha256"] == hashlib.sha256(b"the input").hexdigest()
    assert set(manifest["outputs"]) == names - {MANIFEST}
    for name, described in manifest["outputs"].items():
        content = (out / name).read_bytes()
        assert described == {
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }


def test_tables_that_were_not_asked_for_stay_behind(scratch: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = publish(scratch, out, tmp_path / "input.vcf", load_bundle("rCRS"), "1.2", OUTCOME)
    assert VARIANTS_PARQUET not in result.files
    assert not (out / VARIANTS_PARQUET).exists()


@pytest.mark.parametrize("name", [ANNOTATED_VCF, VARIANTS_PARQUET])
def test_a_file_that_is_missing_is_our_fault(scratch: Path, tmp_path: Path, name: str) -> None:
    (scratch / "work" / name).unlink()
    with pytest.raises(EngineError, match=name):
        publish(
            scratch,
            tmp_path / "out",
            tmp_path / "input.vcf",
            load_bundle("rCRS"),
            "1.2",
            OUTCOME,
            TABLES,
        )
    assert list((tmp_path / "out").iterdir()) == []
