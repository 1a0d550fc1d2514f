"""Installs, builds and removes bundles. All or nothing: see `generations`."""

import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from gas.annotation.reference.building.build import Obtained, build_bundle
from gas.annotation.reference.bundle import ReferenceBundle, read_bundle
from gas.annotation.reference.installing.digests import Digests
from gas.annotation.reference.installing.errors import (
    full_disk_is_told,
    require_space,
    unavailable,
)
from gas.annotation.reference.installing.generations import Generations
from gas.annotation.reference.installing.origins import Origin
from gas.annotation.reference.manifest import MANIFEST_NAME
from gas.annotation.reference.recipe import Recipe, file_name
from gas.annotation.reference.verification import damaged, fault_of, stamp
from gas.domain.errors import PermanentError

OnProgress = Callable[[str, str, int, int], None]
"""Told what is worked on, the stage, and how many bytes of how many (0: unknown) are done."""


def install_recipe(
    recipe: Recipe, origin: Origin, root: Path, on_progress: OnProgress
) -> ReferenceBundle:
    """Fetch the recipe's files, build its bundle and make it the current one under ``root``.

    Until the very end the bundle that was installed before stays in place; downloads survive a
    failure, to be taken up again. Raises PermanentError: REFERENCE_UNAVAILABLE where files or
    space are missing or another process is at it, REFERENCE_DAMAGED for other bytes than expected.
    """
    generations = Generations(root, recipe.name)
    with generations.locked(), full_disk_is_told(root):
        incoming = generations.start()
        # What is fetched, and about as much again built from it.
        require_space(root, 2 * recipe.size())
        obtained = _obtain(recipe, origin, Digests(root), generations.downloads, on_progress)
        _build(recipe, obtained, incoming, on_progress)
        bundle = generations.switch_to_incoming()
        Digests(root).record([one.fetched for one in obtained.values() if one.fetched])
        return bundle


def install_bundle(
    name: str, origin: Origin, root: Path, on_progress: OnProgress
) -> ReferenceBundle:
    """Install a bundle that somebody has built; every file is checked by its SHA-256.

    Raises what `install_recipe` raises.
    """
    generations = Generations(root, name)
    with generations.locked(), full_disk_is_told(root):
        incoming = generations.start()
        # A manifest may have changed since a download of it was broken off.
        fetched = generations.downloads / MANIFEST_NAME
        fetched.unlink(missing_ok=True)
        shutil.copyfile(
            origin.part(MANIFEST_NAME, fetched, partial(on_progress, MANIFEST_NAME, "fetching")),
            incoming / MANIFEST_NAME,
        )
        bundle = read_bundle(incoming)
        if bundle.name != name:
            raise unavailable(f"The bundle there is {bundle.name}, not {name}.")
        require_space(root, bundle.size)
        before = 0
        for file in bundle.all_files():
            report = partial(_of_all, on_progress, name, before, bundle.size)
            found = origin.part(file.path, generations.downloads / file.sha256, report)
            before += file.size
            _take(found, incoming / file.path, generations.downloads)
            if fault := fault_of(incoming, file):
                _forget(found, generations.downloads)
                raise damaged(name, fault)
        stamp(incoming, bundle.all_files())
        return generations.switch_to_incoming()


def build_to(
    recipe: Recipe, origin: Origin, target: Path, on_progress: OnProgress
) -> ReferenceBundle:
    """Build the recipe's bundle into the folder ``target``, which must not exist yet.

    Raises what `install_recipe` raises.
    """
    if target.exists():
        raise unavailable(f"{target} exists already.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".gas-build-", dir=target.parent) as folder,
        full_disk_is_told(target.parent),
    ):
        incoming, downloads = Path(folder) / "bundle", Path(folder) / "downloads"
        downloads.mkdir()
        obtained = _obtain(recipe, origin, Digests(Path(folder)), downloads, on_progress)
        _build(recipe, obtained, incoming, on_progress)
        incoming.rename(target)
    return read_bundle(target)


def _obtain(
    recipe: Recipe, origin: Origin, digests: Digests, downloads: Path, on_progress: OnProgress
) -> dict[str, Obtained]:
    obtained = {}
    for part in recipe.downloads():
        for url in part.all_urls():
            name = file_name(url)
            path = origin.source(url, downloads, partial(on_progress, name, "fetching"))
            on_progress(name, "checking", 0, 0)
            try:
                obtained[url] = Obtained(path, digests.check(part, url, path))
            except PermanentError:
                _forget(path, downloads)
                raise
            size = path.stat().st_size
            on_progress(name, "ready", size, size)
    return obtained


def _of_all(on_progress: OnProgress, name: str, before: int, size: int, done: int, _: int) -> None:
    """One bar for all files: a bundle has one for each contig."""
    on_progress(name, "fetching", before + done, size)


def _take(found: Path, target: Path, downloads: Path) -> None:
    """A download is linked, not moved: a failure later on must not cost it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if found.parent == downloads:
        target.hardlink_to(found)
    else:
        shutil.copyfile(found, target)


def _forget(found: Path, downloads: Path) -> None:
    """A download that is not what it should be is fetched anew next time."""
    if found.parent == downloads:
        found.unlink()


def _build(
    recipe: Recipe, obtained: dict[str, Obtained], target: Path, on_progress: OnProgress
) -> None:
    def report(step: str, done: int, total: int) -> None:
        on_progress(step, "building", done, total)

    build_bundle(recipe, obtained, target, report)
