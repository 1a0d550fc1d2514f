"""Installing: all or nothing, whatever happens on the way."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gas.annotation import load_bundle
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.reference.installing.digests import RECORD
from gas.annotation.reference.installing.generations import Generations
from gas.annotation.reference.installing.install import build_to, install_bundle, install_recipe
from gas.annotation.reference.installing.origins import Folder, open_origin
from gas.annotation.reference.places import CURRENT
from gas.annotation.reference.recipe import Recipe
from gas.domain.errors import ErrorCode, PermanentError
from tests.support.file_server import FileServer


def quiet(name: str, stage: str, done: int, total: int) -> None:
    """Nobody looks."""


def install(recipe: Recipe, place: Path | str, root: Path) -> ReferenceBundle:
    with open_origin(str(place)) as origin:
        return install_recipe(recipe, origin, root, quiet)


def generations(root: Path) -> set[str]:
    """All that lies in the bundle's folder, hidden or not."""
    return {path.name for path in (root / "tiny").iterdir()}


def test_from_a_folder(recipe: Recipe, mirror: Path, root: Path) -> None:
    bundle = install(recipe, mirror, root)
    assert load_bundle("tiny") == bundle
    assert bundle.directory.name.startswith("1-")
    assert generations(root) == {CURRENT, bundle.directory.name}


def test_from_a_server_that_breaks_off(recipe: Recipe, server: FileServer, root: Path) -> None:
    server.drop_after = [500, None, 300, None]
    install(recipe, server.url, root)
    assert load_bundle("tiny").known[0].rows == 6
    assert [path for path, _ in server.requests] == [
        "/genome.fa.gz",
        "/genome.fa.gz",
        "/genes.gff3",
        "/genes.gff3",
        "/symbols.tsv",
        "/variants.vcf.gz",
        "/bands.txt",
    ]


def test_what_was_fetched_before_a_failure_is_not_fetched_again(
    recipe: Recipe, server: FileServer, root: Path
) -> None:
    (server.folder / "bands.txt").rename(server.folder / "away")
    with pytest.raises(PermanentError, match=r"bands\.txt cannot be fetched: 404"):
        install(recipe, server.url, root)
    (server.folder / "away").rename(server.folder / "bands.txt")
    server.requests.clear()
    install(recipe, server.url, root)
    assert [path for path, _ in server.requests] == ["/bands.txt"]


def test_progress_is_told(recipe: Recipe, mirror: Path, root: Path) -> None:
    said: list[tuple[str, str, int, int]] = []
    with open_origin(str(mirror)) as origin:
        install_recipe(recipe, origin, root, lambda *what: said.append(what))
    stages = list(dict.fromkeys((name, stage) for name, stage, _, _ in said))
    assert ("genome.fa.gz", "fetching") in stages
    assert [name for name, stage in stages if stage == "building"] == [
        "sequence",
        "genes",
        "variants",
        "BAND",
    ]
    size = (mirror / "variants.vcf.gz").stat().st_size
    assert said[-1][0] == "BAND"
    assert ("variants", "building", size, size) in said


def test_an_update_keeps_the_version_before_for_jobs_that_read_it(
    recipe: Recipe, mirror: Path, root: Path
) -> None:
    folders = [
        install(recipe.model_copy(update={"version": version}), mirror, root).directory.name
        for version in ("1", "2", "3")
    ]
    assert load_bundle("tiny").version == "3"
    assert generations(root) == {CURRENT, *folders[1:]}


def test_installing_the_same_again_changes_nothing(
    recipe: Recipe, mirror: Path, root: Path
) -> None:
    first, second = (install(recipe, mirror, root) for _ in range(2))
    assert first == second
    assert generations(root) == {CURRENT, first.directory.name}


def test_installing_again_heals_a_damaged_bundle(recipe: Recipe, mirror: Path, root: Path) -> None:
    bundle = install(recipe, mirror, root)
    (bundle.directory / "genes.gff3").write_bytes(b"")
    install(recipe, mirror, root)
    assert load_bundle("tiny") == bundle
    assert generations(root) == {CURRENT, bundle.directory.name}


def test_a_file_other_than_the_recipes_is_refused(recipe: Recipe, mirror: Path, root: Path) -> None:
    pinned = recipe.genes.model_copy(update={"sha256": {"genes.gff3": "0" * 64}})
    with pytest.raises(PermanentError, match="not the recipe's") as caught:
        install(recipe.model_copy(update={"genes": pinned}), mirror, root)
    assert caught.value.code is ErrorCode.REFERENCE_DAMAGED
    assert not (root / "tiny" / CURRENT).exists()


def test_a_dated_file_must_stay_what_it_was_first(
    recipe: Recipe, server: FileServer, root: Path
) -> None:
    first = install(recipe, server.url, root)
    genes = server.folder / "genes.gff3"
    right = genes.read_text()
    genes.write_text(right.replace("MT-X", "MT-Y"))
    with pytest.raises(PermanentError, match=RECORD) as caught:
        install(recipe, server.url, root)
    assert caught.value.code is ErrorCode.REFERENCE_DAMAGED
    assert load_bundle("tiny") == first
    genes.write_text(right)
    assert install(recipe, server.url, root) == first  # the wrong download is not kept


def test_an_undated_file_may_change(recipe: Recipe, mirror: Path, root: Path) -> None:
    install(recipe, mirror, root)
    bands = mirror / "bands.txt"
    bands.write_text(bands.read_text().replace("q1", "q2"))
    install(recipe, mirror, root)
    recorded = json.loads((root / RECORD).read_text())
    fetched = {f.url: f.sha256 for source in load_bundle("tiny").sources for f in source.fetched}
    assert recorded == fetched


def test_a_failed_install_leaves_the_bundle_before(
    recipe: Recipe, mirror: Path, root: Path
) -> None:
    before = install(recipe, mirror, root)
    broken = mirror / "variants.vcf.gz"
    broken.write_bytes(broken.read_bytes()[:200])
    (root / RECORD).unlink()
    with pytest.raises(PermanentError, match="cannot be used"):
        install(recipe.model_copy(update={"version": "2"}), mirror, root)
    assert load_bundle("tiny") == before


_INSTALL = """
import sys, time
from pathlib import Path
from gas.annotation.reference.installing import install
from gas.annotation.reference.installing.origins import Folder
from gas.annotation.reference.recipe import find_recipe
def stop_at(name, stage, done, total):
    if (name, stage) == ("BAND", "building"):
        print("there", flush=True)
        time.sleep(60)
recipe = find_recipe(sys.argv[1] + "/recipe.toml").selected().model_copy(update={"version": "2"})
install.install_recipe(recipe, Folder(Path(sys.argv[1])), Path(sys.argv[2]), stop_at)
"""


@pytest.fixture
def halfway(recipe: Recipe, mirror: Path, root: Path) -> Callable[[], subprocess.Popen[str]]:
    """Starts a process that installs version 2 and stops in the middle."""

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", _INSTALL, str(mirror), str(root)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        return process

    return start


def test_killed_in_the_middle_leaves_the_bundle_before(
    recipe: Recipe, mirror: Path, root: Path, halfway: Callable[[], subprocess.Popen[str]]
) -> None:
    before = install(recipe, mirror, root)
    process = halfway()
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert load_bundle("tiny") == before
    after = install(recipe.model_copy(update={"version": "2"}), mirror, root)
    assert load_bundle("tiny") == after
    assert generations(root) == {CURRENT, before.directory.name, after.directory.name}


def test_two_at_once_are_one_too_many(
    recipe: Recipe, mirror: Path, root: Path, halfway: Callable[[], subprocess.Popen[str]]
) -> None:
    process = halfway()
    try:
        with pytest.raises(PermanentError, match="Another process") as caught:
            install(recipe, mirror, root)
        assert caught.value.code is ErrorCode.REFERENCE_UNAVAILABLE
    finally:
        process.kill()
        process.wait()
    install(recipe, mirror, root)


def test_a_full_disk_is_told_before_anything_is_fetched(
    recipe: Recipe, server: FileServer, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = recipe.genes.model_copy(update={"size": 10**9})
    usage = shutil.disk_usage("/")._replace(free=10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(PermanentError, match=r"2\.0 GB are needed") as caught:
        install(recipe.model_copy(update={"genes": large}), server.url, root)
    assert caught.value.code is ErrorCode.REFERENCE_UNAVAILABLE
    assert server.requests == []


def test_a_disk_that_fills_up_is_told(
    recipe: Recipe, mirror: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    before = install(recipe, mirror, root)
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(PermanentError, match="no space left"):
        install(recipe, mirror, root)
    assert load_bundle("tiny") == before


def test_a_finished_bundle_from_a_folder(copied: Path, root: Path) -> None:
    bundle = install_bundle("tiny", Folder(copied), root, quiet)
    assert load_bundle("tiny") == bundle
    assert len(bundle.known) == 2


def test_a_finished_bundle_from_a_server_that_breaks_off(
    copied: Path, root: Path, server: FileServer
) -> None:
    server.folder = copied
    server.drop_after = [None, 700, None]
    with open_origin(server.url) as origin:
        assert origin.has_bundle()
        install_bundle("tiny", origin, root, quiet)
    assert load_bundle("tiny").build == "tiny1"
    assert generations(root) == {CURRENT, load_bundle("tiny").directory.name}


@pytest.mark.parametrize("over_http", [False, True])
def test_a_damaged_finished_bundle_is_refused_until_it_is_whole(
    copied: Path, root: Path, server: FileServer, *, over_http: bool
) -> None:
    server.folder = copied
    place = server.url if over_http else str(copied)
    right = (copied / "genes.gff3").read_bytes()
    (copied / "genes.gff3").write_bytes(right[::-1])
    with open_origin(place) as origin:
        with pytest.raises(PermanentError, match=r"genes\.gff3 does not have") as caught:
            install_bundle("tiny", origin, root, quiet)
        assert caught.value.code is ErrorCode.REFERENCE_DAMAGED
        assert not (root / "tiny" / CURRENT).exists()
        (copied / "genes.gff3").write_bytes(right)
        install_bundle("tiny", origin, root, quiet)
    assert load_bundle("tiny").build == "tiny1"


@pytest.mark.parametrize("name", ["other", "../tiny", "", ".."])
def test_a_bundle_by_another_name_is_refused(copied: Path, root: Path, name: str) -> None:
    with pytest.raises(PermanentError) as caught:
        install_bundle(name, Folder(copied), root, quiet)
    assert caught.value.code is ErrorCode.REFERENCE_UNAVAILABLE


def test_build_makes_a_folder_that_can_be_installed(
    recipe: Recipe, mirror: Path, root: Path, tmp_path: Path
) -> None:
    target = tmp_path / "somewhere" / "bundle"
    built = build_to(recipe, Folder(mirror), target, quiet)
    assert built.directory == target
    assert [path.name for path in target.parent.iterdir()] == ["bundle"]
    assert install_bundle("tiny", Folder(target), root, quiet).size == built.size
    with pytest.raises(PermanentError, match="exists already"):
        build_to(recipe, Folder(mirror), target, quiet)


def test_a_failed_build_leaves_nothing(recipe: Recipe, mirror: Path, tmp_path: Path) -> None:
    (mirror / "bands.txt").unlink()
    with pytest.raises(PermanentError, match=r"has no file bands\.txt"):
        build_to(recipe, Folder(mirror), tmp_path / "new" / "bundle", quiet)
    assert list((tmp_path / "new").iterdir()) == []


def test_removed_is_gone(recipe: Recipe, mirror: Path, root: Path) -> None:
    install(recipe, mirror, root)
    place = Generations(root, "tiny")
    with place.locked():
        place.remove()
    assert not (root / "tiny").exists()
    with pytest.raises(PermanentError, match="not installed"), place.locked():
        place.remove()
