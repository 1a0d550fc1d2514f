"""The annotation engine: untrusted VCF in, annotated VCF with index, summary and manifest out.

`annotate` is the door for services, `annotate_file` the one for the command line. The input is
only ever parsed in a child process with limits (rule R8); see docs/annotation.md.
"""

from gas.annotation.demo import demo_vcf
from gas.annotation.engine import BuiltInEngine, annotate
from gas.annotation.engine_port import AnnotationEngine
from gas.annotation.limits import Limits
from gas.annotation.local import LocalResult, annotate_file
from gas.annotation.options import Bcsq, Content, Options
from gas.annotation.reference.bundle import ReferenceBundle, bundle_names, load_bundle
from gas.annotation.result import (
    ANNOTATED_INDEX,
    ANNOTATED_VCF,
    LOG,
    MANIFEST,
    SUMMARY,
    VARIANTS_PARQUET,
    VARIANTS_TSV,
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
    "VARIANTS_PARQUET",
    "VARIANTS_TSV",
    "AnnotationEngine",
    "AnnotationResult",
    "Bcsq",
    "BuiltInEngine",
    "ChildDiedError",
    "Content",
    "EngineError",
    "Limits",
    "LocalResult",
    "Options",
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
