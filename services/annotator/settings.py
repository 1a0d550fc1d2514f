"""Settings of the annotator."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from gas.annotation import Limits
from gas.runtime.settings import WorkerSettings


class AnnotatorSettings(WorkerSettings):
    """Where the annotator works, and what it grants one job (rule R8)."""

    concurrency: int = Field(1, ge=1, le=64, description="Jobs annotated at a time")
    scratch_dir: Path = Field(
        Path("/tmp/gas"),  # noqa: S108 - a container's own tmpfs; `gas up` names another
        description="Where uploads are unpacked; emptied job by job",
    )
    max_attempts: int = Field(5, ge=1, description="Claims after which a job is given up")
    memory_bytes: int = Field(4 * 1024**3, description="Memory of one annotation")
    cpu_seconds: float = Field(7200, gt=0, description="CPU time of one annotation")
    wall_seconds: float = Field(14_400, gt=0, description="Wall time of one annotation")
    file_bytes: int = Field(50 * 1024**3, description="Largest file that one annotation writes")

    @property
    def limits(self) -> Limits:
        return Limits(
            memory_bytes=self.memory_bytes,
            cpu=timedelta(seconds=self.cpu_seconds),
            wall=timedelta(seconds=self.wall_seconds),
            file_bytes=self.file_bytes,
        )
