"""A made-up genome, its mirror folder and its bundle; bundles are installed in a folder of ours."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.reference.recipe import Recipe, find_recipe
from tests.support.bundles import build_from
from tests.support.file_server import FileServer, serving
from tests.support.tiny_genome import make_mirror


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where bundles are installed."""
    monkeypatch.setenv("GAS_REFERENCE_DIRECTORY", str(tmp_path / "installed"))
    return tmp_path / "installed"


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    return make_mirror(tmp_path / "mirror")


@pytest.fixture
def recipe(mirror: Path) -> Recipe:
    """With the sources that are on by default."""
    return find_recipe(str(mirror / "recipe.toml")).selected()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> ReferenceBundle:
    """The bundle of all sources; not to be changed."""
    folder = tmp_path_factory.mktemp("tiny")
    source = make_mirror(folder / "mirror")
    every = find_recipe(str(source / "recipe.toml")).selected(noncommercial=True, extra=("Big",))
    return build_from(every, source, folder / "bundle")


@pytest.fixture
def copied(built: ReferenceBundle, tmp_path: Path) -> Path:
    """The bundle's folder, to be damaged."""
    return Path(shutil.copytree(built.directory, tmp_path / "copied"))


@pytest.fixture
def server(mirror: Path) -> Iterator[FileServer]:
    with serving(mirror) as running:
        yield running
