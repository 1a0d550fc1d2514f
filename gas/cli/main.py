# ruff: noqa: PLC0415 - each command imports what it needs, so that `gas --help` answers at once
"""The ``gas`` command: its arguments. What the commands do is in the modules beside."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gas.cli import reference_commands

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="GAS, the Genomics Annotation Service.",
    epilog=(
        "Environment: GAS_URL, the server (default http://localhost:8400); GAS_TOKEN, an access "
        "token of yours, made on its page /tokens. "
        "Exit codes: 0 done, 1 the job failed, 2 not possible as asked, 3 no answer."
    ),
)
app.add_typer(reference_commands.app, name="reference")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Genome = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The reference genome; the server's first by default."),
]
LocalGenome = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The reference genome, where more than one is installed."),
]
JobId = Annotated[str, typer.Argument(metavar="JOB", help="The id of a job.")]
JobIds = Annotated[list[str], typer.Argument(metavar="JOB", help="Ids of jobs.")]


class PlanName(StrEnum):
    """The plans, here once more since the domain is slow to import."""

    FREE = "free"
    PREMIUM = "premium"


class Only(StrEnum):
    """What an annotation can be confined to; `gas.annotation.options.Content`."""

    CONSEQUENCES = "consequences"


class BcsqMode(StrEnum):
    """`gas.annotation.options.Bcsq`."""

    LOCAL = "local"
    HAPLOTYPE = "haplotype"


@app.command()
def submit(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="VCF, plain or bgzipped.")],
    genome: Genome = None,
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What to call the jobs; default: their files."),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Stay until the jobs have ended.")] = False,
    as_json: AsJson = False,
) -> None:
    """Upload files and submit a job for each."""
    from gas.cli import submitting
    from gas.cli.session import run_with_client

    run_with_client(
        lambda client, out: submitting.submit(client, files, genome, out, wait=wait, name=name),
        as_json=as_json,
    )


@app.command("jobs")
def list_jobs(as_json: AsJson = False) -> None:
    """List your jobs, newest first."""
    from gas.cli import jobs
    from gas.cli.session import run_with_client

    run_with_client(jobs.list_jobs, as_json=as_json)


@app.command()
def show(job: JobId, as_json: AsJson = False) -> None:
    """Show all there is to know of a job."""
    from gas.cli import jobs
    from gas.cli.session import run_with_client

    run_with_client(lambda client, out: jobs.show(client, job, out), as_json=as_json)


@app.command()
def download(
    job: JobId,
    directory: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Where to; default: the job's id."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Download all result files of a job, each checked against its SHA-256."""
    from gas.cli import jobs
    from gas.cli.session import run_with_client

    run_with_client(lambda client, out: jobs.download(client, job, directory, out), as_json=as_json)


@app.command()
def cancel(job: JobIds, as_json: AsJson = False) -> None:
    """Cancel jobs that wait or run."""
    from gas.cli import jobs
    from gas.cli.session import run_with_client

    run_with_client(lambda client, out: jobs.cancel(client, job, out), as_json=as_json)


@app.command()
def rerun(job: JobIds, as_json: AsJson = False) -> None:
    """Submit the files of jobs once more, as new jobs; prints their ids."""
    from gas.cli import jobs
    from gas.cli.session import run_with_client

    run_with_client(lambda client, out: jobs.rerun(client, job, out), as_json=as_json)


@app.command()
def delete(job: JobIds, as_json: AsJson = False) -> None:
    """Delete jobs with all their files, archived or not. There is no way back."""
    from gas.cli import jobs
    from gas.cli.session import run_with_client

    run_with_client(lambda client, out: jobs.delete(client, job, out), as_json=as_json)


@app.command()
def plan(
    wanted: Annotated[PlanName | None, typer.Argument(help="The plan to change to.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show your plan, or change it."""
    from gas.cli import jobs
    from gas.cli.session import run_with_client
    from gas.domain.plan import Plan

    target = Plan(wanted) if wanted else None
    run_with_client(lambda client, out: jobs.plan(client, target, out), as_json=as_json)


@app.command()
def annotate(
    source: Annotated[Path, typer.Argument(metavar="IN.vcf[.gz]", help="What to annotate.")],
    target: Annotated[
        Path, typer.Option("-o", "--output", metavar="OUT.vcf.gz", help="The annotated VCF.")
    ],
    genome: LocalGenome = None,
    only: Annotated[Only | None, typer.Option(help="Leave known variants and regions out.")] = None,
    bcsq: Annotated[
        BcsqMode | None,
        typer.Option(help="Add bcftools csq's own field, allele by allele or by haplotype."),
    ] = None,
    all_files: Annotated[
        bool, typer.Option("--all-files", help="Write the tables, summary and manifest beside it.")
    ] = False,
    threads: Annotated[int, typer.Option(min=0, help="Threads; 0: as many as cores.")] = 0,
    timings: Annotated[
        bool, typer.Option("--timings", help="Where the time went, as JSON on stderr.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the output.")] = False,
) -> None:
    """Annotate a file right here, without a server."""
    from gas.annotation.options import Bcsq, Content, Options
    from gas.cli.annotating import annotate_here
    from gas.cli.running import run

    options = Options(
        Content(only or Content.ALL), Bcsq(bcsq or Bcsq.NONE), tables=all_files, threads=threads
    )
    run(lambda: annotate_here(source, target, genome, options, force=force, timings=timings))


@app.command()
def preflight(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="VCF or BCF, packed or not.")],
    genome: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Judge by this genome, not by the one that fits best."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look at a file, in seconds, and say what the annotation would make of it."""
    from gas.cli.output import Output
    from gas.cli.preflight import preflight_here
    from gas.cli.running import run

    run(lambda: preflight_here(source, genome, Output(as_json=as_json)))


@app.command()
def up(
    ports_from: Annotated[
        int,
        typer.Option(
            min=0, max=65_532, help="The first of four ports in a row; 0: any that are free."
        ),
    ] = 8400,
    state: Annotated[Path, typer.Option(metavar="DIR", help="Where data and logs go.")] = Path(
        ".gas/up"
    ),
    free_retention: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="How long Free users' results stay.")
    ] = 300,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the services' logs.")] = False,
) -> None:
    """Run the whole service on this machine, without Docker, until Ctrl-C."""
    from datetime import timedelta

    from gas.cli.embedded import serve
    from gas.cli.running import run

    run(lambda: serve(ports_from, state, timedelta(seconds=free_retention), verbose=verbose))
