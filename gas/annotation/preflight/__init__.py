"""A verdict on an untrusted VCF in seconds, before it is queued.

`preflight_file` is the door; `PreflightReport` what it gives; see docs/preflight.md.
"""

from gas.annotation.preflight.door import PREFLIGHT_BUDGET, PREFLIGHT_LIMITS, preflight_file
from gas.annotation.preflight.report import (
    ContigReport,
    Coverage,
    GenomeReport,
    Place,
    PreflightReport,
    Problem,
    Problems,
    RecordCount,
    Refusal,
    Samples,
    Verdict,
)
from gas.annotation.preflight.windows import Window, windows_of

__all__ = [
    "PREFLIGHT_BUDGET",
    "PREFLIGHT_LIMITS",
    "ContigReport",
    "Coverage",
    "GenomeReport",
    "Place",
    "PreflightReport",
    "Problem",
    "Problems",
    "RecordCount",
    "Refusal",
    "Samples",
    "Verdict",
    "Window",
    "preflight_file",
    "windows_of",
]
