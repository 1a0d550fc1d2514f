"""The parent's side of a preflight: nothing here opens the file."""

import asyncio
import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gas.annotation.engine import run_child
from gas.annotation.limits import GIB, Limits
from gas.annotation.preflight.findings import Findings
from gas.annotation.preflight.report import PreflightReport
from gas.annotation.reference.bundle import bundle_names, find_bundle, load_bundle
from gas.annotation.result import ChildDiedError, EngineError
from gas.domain.errors import ErrorCode, PermanentError

PREFLIGHT_BUDGET = timedelta(seconds=5)
PREFLIGHT_LIMITS = Limits(
    memory_bytes=1 * GIB, cpu=timedelta(seconds=30), wall=timedelta(seconds=60), file_bytes=1 * GIB
)

_DEATHS_OF_A_POISON = 2  # as the annotator counts them


async def preflight_file(
    source: Path,
    *,
    genome: str | None = None,
    limits: Limits = PREFLIGHT_LIMITS,
    time_budget: timedelta = PREFLIGHT_BUDGET,
    scratch_dir: Path | None = None,
) -> PreflightReport:
    """Say in about ``time_budget`` what the annotation would make of ``source``.

    ``genome`` names the genome to judge by; None means the one that fits best. A file that would
    be refused gives a report that says so. Of a file larger than `windows.WHOLE_BYTES` only the
    windows of `windows_of` are read, so the rest may be a hole. Temporary files go to a folder of
    their own in ``scratch_dir`` (default: the system's), which is gone afterwards.

    Raises PermanentError UNKNOWN_GENOME for a name that no bundle has, and LIMIT_EXCEEDED where
    the preflight itself needs more than ``limits`` allow; EngineError when it is our fault.
    """
    request = _request(source, genome, time_budget)
    for _ in range(_DEATHS_OF_A_POISON):
        with suppress(ChildDiedError):  # once may have been bad luck
            return await _report(request, limits, scratch_dir)
    return Findings(await asyncio.to_thread(_size, source)).refused(
        PermanentError(
            ErrorCode.POISON_INPUT,
            "The file makes the tools that read it crash, so it cannot be annotated.",
        )
    )


async def _report(
    request: dict[str, Any], limits: Limits, scratch_dir: Path | None
) -> PreflightReport:
    scratch = Path(tempfile.mkdtemp(prefix="gas-preflight-", dir=scratch_dir))
    try:
        done = await run_child("preflight", request, scratch, limits)
        return PreflightReport.model_validate(done["report"])
    except ValidationError as error:
        raise EngineError("The preflight process gave no report that makes sense.") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _request(source: Path, genome: str | None, time_budget: timedelta) -> dict[str, Any]:
    bundles = [find_bundle(name) for name in bundle_names()]
    return {
        "source": str(source.resolve()),
        "bundles": [str(bundle.directory.resolve()) for bundle in bundles],
        "genome": load_bundle(genome).name if genome else None,
        "seconds": time_budget.total_seconds(),
    }


def _size(source: Path) -> int:
    return source.stat().st_size
