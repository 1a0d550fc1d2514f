"""``gas reference``: the genomes of this machine, listed, installed, verified, built, removed."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from rich.filesize import decimal

from gas.annotation.reference.bundle import ReferenceBundle, bundle_names, find_bundle
from gas.annotation.reference.installing.generations import Generations
from gas.annotation.reference.installing.install import (
    OnProgress,
    build_to,
    install_bundle,
    install_recipe,
)
from gas.annotation.reference.installing.origins import open_origin
from gas.annotation.reference.places import embedded_directory, reference_directory
from gas.annotation.reference.recipe import Recipe, RecipeSource, find_recipe, recipe_names
from gas.annotation.reference.verification import verify as verify_files
from gas.cli.display import display_on, show_bytes
from gas.cli.errors import JOB_FAILED, OK, ClientError, JobFailedError, UsageError
from gas.cli.output import Output
from gas.domain.errors import ErrorCode, PermanentError


def run(command: Callable[[Output], int], *, as_json: bool) -> NoReturn:
    """Run a command and exit with its code, or with that of its error.

    Without an event loop: Ctrl-C must end a download that waits for a silent server.
    """
    try:
        code = command(Output(as_json=as_json))
    except PermanentError as error:
        code = _fail(_told(error))
    except ClientError as error:
        code = _fail(error)
    sys.exit(code)


@dataclass(frozen=True)
class Choice:
    """Which of a recipe's sources to take beyond, or less than, those that are on by default."""

    noncommercial: bool = False
    extra: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def of(self, name: str) -> Recipe:
        return find_recipe(name).selected(
            noncommercial=self.noncommercial, extra=self.extra, without=self.without
        )


def list_references(out: Output) -> int:
    """What is installed, then what can be."""
    bundles = [find_bundle(name) for name in bundle_names()]
    recipes = [find_recipe(name) for name in recipe_names()]
    out.document(
        {
            "installed": [_bundle_document(bundle) for bundle in bundles],
            "recipes": [_recipe_document(recipe) for recipe in recipes],
        }
    )
    out.table(
        ("INSTALLED", "VERSION", "BUILD", "SIZE", "FOLDER"),
        ((b.name, b.version, b.build, decimal(b.size), str(b.directory)) for b in bundles),
    )
    out.table(
        ("RECIPE", "VERSION", "SOURCE", "RELEASE", "TO FETCH", "BY DEFAULT", "LICENCE"),
        (_source_row(recipe, source) for recipe in recipes for source in recipe.sources),
    )
    return OK


def install(name: str, place: str | None, choice: Choice, out: Output) -> int:
    """Fetch and build a recipe's bundle, or take a finished one from ``place``."""
    root = reference_directory()
    with _progress(out) as on_progress, open_origin(place) as origin:
        if origin.has_bundle():
            # A recipe of one's own may come with a bundle that somebody has built of it.
            called = find_recipe(name).name if name.endswith(".toml") else name
            bundle = install_bundle(called, origin, root, on_progress)
        else:
            bundle = install_recipe(choice.of(name), origin, root, on_progress)
    out.document(_bundle_document(bundle))
    out.line(f"installed: {bundle.name} {bundle.version}, {decimal(bundle.size)}")
    return OK


def build(name: str, place: str, target: Path, choice: Choice, out: Output) -> int:
    """Build a recipe's bundle into a folder, without installing it."""
    with _progress(out) as on_progress, open_origin(place) as origin:
        bundle = build_to(choice.of(name), origin, target, on_progress)
    out.document(_bundle_document(bundle))
    out.line(f"built: {bundle.name} {bundle.version}, {decimal(bundle.size)}, in {target}")
    return OK


def verify(name: str, out: Output) -> int:
    """Read every file of a bundle and compare it with its SHA-256."""
    bundle, done = find_bundle(name), 0
    with _progress(out) as on_progress:

        def on_bytes(more: int) -> None:
            nonlocal done
            done += more
            on_progress(bundle.name, "verifying", done, bundle.size)

        faults = verify_files(bundle.directory, bundle.all_files(), on_bytes)
    out.document({"name": bundle.name, "version": bundle.version, "faults": faults})
    for fault in faults:
        out.error(f"{bundle.name}: {fault} ({ErrorCode.REFERENCE_DAMAGED})")
    if not faults:
        out.line(f"intact: {bundle.name} {bundle.version}, {decimal(bundle.size)}")
    return JOB_FAILED if faults else OK


def remove(name: str, out: Output) -> int:
    """Delete an installed bundle, all of it."""
    bundle = find_bundle(name)
    if bundle.directory.is_relative_to(embedded_directory()):
        raise UsageError(f"{bundle.name} comes with GAS and cannot be removed.")
    generations = Generations(reference_directory(), bundle.name)
    with generations.locked():
        generations.remove()
    out.document({"removed": bundle.name})
    out.line(f"removed: {bundle.name} {bundle.version}")
    return OK


@contextmanager
def _progress(out: Output) -> Iterator[OnProgress]:
    with display_on(out.console) as display:

        def show(name: str, stage: str, done: int, total: int) -> None:
            if total:
                show_bytes(display, name, stage, done, total)
            else:
                display.show(name, stage, None)

        yield show


def _fail(error: ClientError) -> int:
    sys.stderr.write(f"error: {error}\n")
    return error.exit_code


def _told(error: PermanentError) -> ClientError:
    kind = UsageError if error.code is ErrorCode.UNKNOWN_GENOME else JobFailedError
    return kind(error.message, error.code)


def _source_row(recipe: Recipe, source: RecipeSource) -> Sequence[str]:
    about = (recipe.name, recipe.version, source.name, source.version)
    return (*about, _to_fetch(recipe, source), _by_default(source), source.licence)


def _to_fetch(recipe: Recipe, source: RecipeSource) -> str:
    size = sum(part.size for part in recipe.downloads() if part.source == source.name)
    return decimal(size) if size else "-"


def _by_default(source: RecipeSource) -> str:
    if not source.commercial_use:
        return "no: not for commercial use"
    return "yes" if source.default else f"no: --with '{source.name}'"


def _bundle_document(bundle: ReferenceBundle) -> dict[str, Any]:
    return {
        **bundle.model_dump(mode="json", include={"name", "version", "build", "description"}),
        "size": bundle.size,
        "directory": str(bundle.directory),
        "sources": [source.model_dump(mode="json") for source in bundle.sources],
    }


def _recipe_document(recipe: Recipe) -> dict[str, Any]:
    return {
        **recipe.model_dump(mode="json", include={"name", "version", "build", "description"}),
        "sources": [
            source.model_dump(mode="json", exclude={"fetched"})
            | {
                "size": sum(p.size for p in recipe.downloads() if p.source == source.name),
                "taken_by_default": source.default and source.commercial_use,
            }
            for source in recipe.sources
        ],
    }
