"""Settings of the annotator."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from gas.annotation import AnnotationEngine, Bcsq, BuiltInEngine, Limits, Options
from gas.annotation.external import ExternalCommand, ExternalEngine
from gas.runtime.settings import WorkerSettings


class AnnotatorSettings(WorkerSettings):
    """Where the annotator works, and what it grants one job (rule R8)."""

    concurrency: int = Field(1, ge=1, le=64, description="Jobs annotated at a time")
    scratch_dir: Path = Field(
        Path("/tmp/gas"),  # noqa: S108 - a container's own tmpfs; `gas up` names another
        description="Where uploads are unpacked; emptied job by job",
    )
    max_attempts: int = Field(5, ge=1, description="Attempts in vain after which a job is given up")
    memory_bytes: int = Field(4 * 1024**3, description="Memory of one annotation")
    cpu_seconds: float = Field(7200, gt=0, description="CPU time of one annotation")
    wall_seconds: float = Field(14_400, gt=0, description="Wall time of one annotation")
    file_bytes: int = Field(50 * 1024**3, description="Largest file that one annotation writes")
    max_unpacked_bytes: int = Field(50 * 1024**3, description="Largest input, once unpacked")
    max_line_bytes: int = Field(16 * 1024**2, description="Longest line of an input")
    max_samples: int = Field(100_000, ge=0, description="Most samples in an input")
    threads: int = Field(0, ge=0, description="Threads of one annotation; 0: as many as cores")
    bcsq: Bcsq = Field(Bcsq.NONE, description="Whether results have bcftools csq's field too")
    external_command: Path | None = Field(
        None, description="JSON file that describes a command to annotate with instead"
    )

    @property
    def limits(self) -> Limits:
        return Limits(
            memory_bytes=self.memory_bytes,
            cpu=timedelta(seconds=self.cpu_seconds),
            wall=timedelta(seconds=self.wall_seconds),
            file_bytes=self.file_bytes,
            max_unpacked_bytes=self.max_unpacked_bytes,
            max_line_bytes=self.max_line_bytes,
            max_samples=self.max_samples,
        )

    def engine(self) -> AnnotationEngine:
        """Raises ValueError for a description of a command that makes no sense."""
        if self.external_command is None:
            return BuiltInEngine(Options(bcsq=self.bcsq, threads=self.threads))
        description = self.external_command.read_bytes()
        return ExternalEngine(ExternalCommand.model_validate_json(description))
