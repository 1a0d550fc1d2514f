"""A bundle is loaded by name, and only as what its manifest says."""

import json
import os
import shutil
from pathlib import Path

import pytest

from gas.annotation import bundle_names, load_bundle
from gas.annotation.reference import verification
from gas.annotation.reference.bundle import ReferenceBundle, find_bundle, read_bundle
from gas.annotation.reference.manifest import BundleFile
from gas.annotation.reference.places import CURRENT
from gas.domain.errors import ErrorCode, PermanentError


@pytest.fixture
def installed(copied: Path, root: Path) -> Path:
    """The folder of an installed bundle."""
    generation = root / "tiny" / "1-0"
    generation.parent.mkdir(parents=True)
    shutil.move(copied, generation)
    (root / "tiny" / CURRENT).symlink_to(generation.name)
    return generation


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read whole from now on."""
    names: list[str] = []
    original = verification.fault_of

    def recording(directory: Path, file: BundleFile) -> str | None:
        names.append(file.path)
        return original(directory, file)

    monkeypatch.setattr(verification, "fault_of", recording)
    return names


def test_is_found_by_name_and_by_alias_beside_what_comes_with_gas(installed: Path) -> None:
    assert bundle_names() == ("rCRS", "tiny")
    assert load_bundle("TINY").directory == load_bundle("small").directory == installed.resolve()


def test_an_installed_bundle_goes_before_one_that_comes_with_gas(
    installed: Path, root: Path
) -> None:
    manifest = json.loads((installed / "bundle.json").read_text())
    (installed / "bundle.json").write_text(json.dumps(manifest | {"name": "rCRS"}))
    (root / "tiny").rename(root / "rCRS")
    assert load_bundle("rCRS").build == "tiny1"


def test_what_was_verified_is_not_read_again(installed: Path, hashed: list[str]) -> None:
    load_bundle("tiny")
    assert hashed == []


def test_a_touched_file_is_read_again_and_found_right(installed: Path, hashed: list[str]) -> None:
    os.utime(installed / "genes.gff3", (1, 1))
    load_bundle("tiny")
    assert hashed == ["genes.gff3"]


def test_without_a_stamp_everything_is_read(
    installed: Path, built: ReferenceBundle, hashed: list[str]
) -> None:
    (installed / verification.STAMP).unlink()
    load_bundle("tiny")
    assert hashed == [file.path for file in built.all_files()]


@pytest.mark.parametrize("stamp", ["", "[]", "{}", '{"genes.gff3": "right"}'])
def test_a_stamp_proves_nothing_by_itself(installed: Path, hashed: list[str], stamp: str) -> None:
    (installed / verification.STAMP).write_text(stamp)
    load_bundle("tiny")
    assert "genes.gff3" in hashed


@pytest.mark.parametrize("damage", ["altered", "longer", "missing"])
@pytest.mark.parametrize("file", ["genes.gff3", "sequence.fa.gz", "variants.tsv.gz.tbi"])
def test_a_damaged_bundle_is_refused(installed: Path, damage: str, file: str) -> None:
    path = installed / file
    content = path.read_bytes()
    match damage:
        case "altered":
            path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
            os.utime(path, (1, 1))
        case "longer":
            path.write_bytes(content + b"\n")
        case _:
            path.unlink()
    with pytest.raises(PermanentError, match=f"tiny is damaged: {file}") as caught:
        load_bundle("tiny")
    assert caught.value.code is ErrorCode.REFERENCE_DAMAGED


def test_verifying_reads_all_and_leaves_a_stamp(built: ReferenceBundle, copied: Path) -> None:
    (copied / verification.STAMP).unlink()
    read: list[int] = []
    assert verification.verify(copied, built.all_files(), read.append) == []
    assert sum(read) == built.size
    assert (copied / verification.STAMP).exists()


def test_verifying_names_every_fault_and_leaves_no_stamp(
    built: ReferenceBundle, copied: Path
) -> None:
    (copied / verification.STAMP).unlink()
    (copied / "genes.gff3").unlink()
    (copied / "band.bed.gz").write_bytes(b"")
    faults = verification.verify(copied, built.all_files())
    assert [fault.partition(" ")[0] for fault in faults] == ["genes.gff3", "band.bed.gz"]
    assert not (copied / verification.STAMP).exists()


def test_a_folder_that_cannot_be_written_to_gets_no_stamp(
    built: ReferenceBundle, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    (copied / verification.STAMP).unlink()
    monkeypatch.setattr(Path, "write_text", refuse)
    assert verification.verify(copied, built.all_files()) == []
    assert not (copied / verification.STAMP).exists()


@pytest.mark.parametrize(
    "changed",
    [{"format": 1}, {"contigs": [{"name": "1"}]}, {"surplus": 1}, {"name": "../elsewhere"}],
)
def test_a_manifest_of_another_kind_is_refused(copied: Path, changed: dict[str, object]) -> None:
    manifest = json.loads((copied / "bundle.json").read_text())
    (copied / "bundle.json").write_text(json.dumps(manifest | changed))
    with pytest.raises(PermanentError, match="cannot be read") as caught:
        read_bundle(copied)
    assert caught.value.code is ErrorCode.REFERENCE_DAMAGED


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "a/../b", ""])
def test_a_manifest_leads_nowhere_outside(copied: Path, path: str) -> None:
    manifest = json.loads((copied / "bundle.json").read_text())
    manifest["sequence"]["file"]["path"] = path
    (copied / "bundle.json").write_text(json.dumps(manifest))
    with pytest.raises(PermanentError):
        read_bundle(copied)


def test_an_unknown_genome_is_told_with_the_known_ones(installed: Path) -> None:
    with pytest.raises(PermanentError, match="there is: rCRS, tiny") as caught:
        find_bundle("hg19")
    assert caught.value.code is ErrorCode.UNKNOWN_GENOME


def test_the_provenance_names_sources_and_files(built: ReferenceBundle) -> None:
    told = built.provenance()
    assert json.loads(json.dumps(told)) == told
    variants = next(source for source in told["sources"] if source["name"] == "Variants")
    assert {file["path"] for file in variants["files"]} == {
        "variants.tsv.gz",
        "variants.tsv.gz.tbi",
    }
