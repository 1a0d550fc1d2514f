"""The annotation engine: untrusted VCF in, annotated VCF with index, summary and manifest out.

`annotate` is the door for services, `annotate_file` the one for the command line. The input is
only ever parsed in a child process with limits (rule R8); see docs/annotation.md.
"""

from gas.annotation.demo import demo_vcf
from gas.annotation.engine import annotate
from gas.annotation.limits import Limits
from gas.annotation.local import annotate_file
from gas.annotation.reference.bundle import ReferenceBundle, bundle_names, load_bundle
from gas.annotation.result import (
    ANNOTATED_INDEX,
    ANNOTATED_VCF,
    LOG,
    MANIFEST,
    SUMMARY,
    AnnotationResult,
    ChildDiedError,
    EngineError,
    OutputFile,
    Progress,
    Summary,
)

__all__ = [
    "ANNOTATED_INDEX",
    "ANNOTATED_VCF",
    "LOG",
    "MANIFEST",
    "SUMMARY",
    "AnnotationResult",
    "ChildDiedError",
    "EngineError",
    "Limits",
    "OutputFile",
    "Progress",
    "ReferenceBundle",
    "Summary",
    "annotate",
    "annotate_file",
    "bundle_names",
    "demo_vcf",
    "load_bundle",
]
