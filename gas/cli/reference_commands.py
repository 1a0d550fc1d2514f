# ruff: noqa: PLC0415 - each command imports what it needs, so that `gas --help` answers at once
"""``gas reference``: its arguments. What the commands do is in `gas.cli.reference`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The reference genomes of this machine.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
RecipeName = Annotated[
    str, typer.Argument(metavar="RECIPE", help="A recipe's name, or a file *.toml of your own.")
]
Installed = Annotated[str, typer.Argument(metavar="NAME", help="An installed genome.")]
Noncommercial = Annotated[
    bool,
    typer.Option(
        "--with-noncommercial", help="Also the sources whose licence forbids commercial use."
    ),
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="SOURCE", help="Also this source of the recipe."),
]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="SOURCE", help="Not this source of the recipe."),
]


@app.command("list")
def list_references(as_json: AsJson = False) -> None:
    """List the genomes that are installed, and the recipes to install more."""
    from gas.cli import reference

    reference.run(reference.list_references, as_json=as_json)


@app.command()
def install(
    name: RecipeName,
    place: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DIR|URL",
            help="A mirror of the recipe's files by their names, or a finished bundle.",
        ),
    ] = None,
    noncommercial: Noncommercial = False,
    extra: With = None,
    without: Without = None,
    as_json: AsJson = False,
) -> None:
    """Fetch, build and install a genome; what was installed before stays until all is done."""
    from gas.cli import reference

    choice = reference.Choice(noncommercial, tuple(extra or ()), tuple(without or ()))
    reference.run(lambda out: reference.install(name, place, choice, out), as_json=as_json)


@app.command()
def build(
    name: RecipeName,
    place: Annotated[
        str, typer.Option("--from", metavar="DIR|URL", help="The recipe's files, by their names.")
    ],
    target: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="The new bundle's folder.")
    ],
    noncommercial: Noncommercial = False,
    extra: With = None,
    without: Without = None,
    as_json: AsJson = False,
) -> None:
    """Build a genome's bundle into a folder, to be installed elsewhere."""
    from gas.cli import reference

    choice = reference.Choice(noncommercial, tuple(extra or ()), tuple(without or ()))
    reference.run(lambda out: reference.build(name, place, target, choice, out), as_json=as_json)


@app.command()
def verify(name: Installed, as_json: AsJson = False) -> None:
    """Read every file of a genome and compare it with its SHA-256."""
    from gas.cli import reference

    reference.run(lambda out: reference.verify(name, out), as_json=as_json)


@app.command()
def remove(name: Installed, as_json: AsJson = False) -> None:
    """Delete an installed genome with all its files."""
    from gas.cli import reference

    reference.run(lambda out: reference.remove(name, out), as_json=as_json)
