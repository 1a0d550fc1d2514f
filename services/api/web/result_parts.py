"""What a page shows of a result, to its owner and to those it is shared with alike."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gas.annotation import (
    ANNOTATED_INDEX,
    ANNOTATED_VCF,
    LOG,
    MANIFEST,
    SUMMARY,
    VARIANTS_PARQUET,
    VARIANTS_TSV,
    Summary,
)
from gas.annotation.kernel.consequence.terms import IMPACT
from gas.domain.job import Job, ResultFile
from services.api.jobs.documents import ResultDocuments
from services.api.jobs.downloads import saved_name
from services.api.jobs.manifest import ManifestView
from services.api.plots import Filters, Plot, plots_of
from services.api.views.jobs import is_archived
from services.api.web.filters import percent

_PURPOSES = {
    ANNOTATED_VCF: "Your records with the annotations, compressed with bgzip",
    ANNOTATED_INDEX: "Its index: keep it beside the VCF",
    VARIANTS_PARQUET: "One row for each allele, for Python, R and DuckDB",
    VARIANTS_TSV: "The same as text, for spreadsheets and scripts",
    SUMMARY: "The counts that this page shows",
    MANIFEST: "How the result was made, and the checksums",
    LOG: "What the annotation had to say",
}


@dataclass(frozen=True)
class FileRow:
    """A file as listed; ``size`` in bytes, ``sha256`` in hex where it is known."""

    name: str
    saved_as: str
    purpose: str
    size: int
    sha256: str | None
    state: Literal["ready", "archived", "lost"]


@dataclass(frozen=True)
class Tile:
    """A number at the top of the summary; ``filters`` show it in the explorer."""

    label: str
    value: int | float | str
    note: str = ""
    filters: Filters | None = None


@dataclass(frozen=True)
class ResultParts:
    """``summary`` and ``manifest`` are None where there is none that can be read."""

    summary: Summary | None
    tiles: Sequence[Tile]
    plots: Sequence[Plot]
    manifest: ManifestView | None
    files: Sequence[FileRow]
    checksums: str
    command: str
    is_explorable: bool
    has_index: bool

    @property
    def archived(self) -> Sequence[FileRow]:
        return [file for file in self.files if file.state == "archived"]

    @property
    def lost(self) -> Sequence[FileRow]:
        return [file for file in self.files if file.state == "lost"]

    def plot(self, name: str) -> Plot | None:
        return next((plot for plot in self.plots if plot.name == name), None)


async def result_parts(job: Job, documents: ResultDocuments) -> ResultParts:
    """Raises TransientError when the store cannot answer."""
    summary = await documents.summary(job)
    manifest = await documents.manifest(job)
    files = [_row(job, file) for file in job.files]
    return ResultParts(
        summary=summary,
        tiles=_tiles(summary) if summary else (),
        plots=plots_of(summary, IMPACT) if summary else (),
        manifest=manifest,
        files=files,
        checksums=_checksums(files),
        command=_command(job, manifest),
        is_explorable=_can_be_read(job, VARIANTS_PARQUET),
        has_index=_can_be_read(job, ANNOTATED_VCF) and _can_be_read(job, ANNOTATED_INDEX),
    )


def _can_be_read(job: Job, name: str) -> bool:
    file = job.file(name)
    return file is not None and not file.lost and not is_archived(file, job.storage)


def _row(job: Job, file: ResultFile) -> FileRow:
    state: Literal["ready", "archived", "lost"] = "ready"
    if file.lost:
        state = "lost"
    elif is_archived(file, job.storage):
        state = "archived"
    purpose = _PURPOSES.get(file.name, "")
    return FileRow(file.name, saved_name(job, file.name), purpose, file.size, file.sha256, state)


def _tiles(summary: Summary) -> Sequence[Tile]:
    annotated = summary.annotated_alleles
    known = percent(summary.known / annotated) if annotated else "none"
    high = summary.impacts.get("HIGH", 0)
    alleles = "all annotated" if annotated == summary.alleles else f"{annotated:,} annotated"
    return (
        Tile("Records", summary.records, _samples(summary)),
        Tile("Alleles", summary.alleles, alleles),
        Tile("Known", known, f"{summary.novel:,} novel alleles", {"known": "known"}),
        Tile("High impact", high, "of all alleles", {"impact": "HIGH"} if high else None),
        Tile("Ti/tv", summary.ti_tv if summary.ti_tv is not None else "none", "of SNVs"),
    )


def _samples(summary: Summary) -> str:
    count = len(summary.samples)
    return "no samples" if not count else f"{count:,} sample{'' if count == 1 else 's'}"


def _checksums(files: Sequence[FileRow]) -> str:
    """As ``sha256sum --check`` reads it, by the names under which browsers save the files."""
    return "".join(f"{file.sha256}  {file.saved_as}\n" for file in files if file.state != "lost")


def _command(job: Job, manifest: ManifestView | None) -> str:
    """What makes the same result of the same file, on any machine that has GAS."""
    external: Mapping[str, object] = manifest.engine if manifest else {}
    if "command" in external and manifest:
        return dict(manifest.tools)["command"]
    name = job.input.file_name
    source = shlex.quote(f"./{name}" if name.startswith("-") else name)
    target = shlex.quote("./" + saved_name(job, ANNOTATED_VCF))
    return f"gas annotate {source} -o {target} --genome {shlex.quote(job.genome)} --all-files"
