"""What the owner of a failed job can do about it, for every way to fail."""

from collections.abc import Mapping

from gas.domain.errors import ErrorCode

_ASK_AGAIN = "Run the job again. If it fails again, tell the operator the job's id."
_OUR_FAULT = (
    "This is most likely not about your file. Run the job again later; if it fails again, tell the "
    "operator the job's id."
)

ADVICE: Mapping[ErrorCode, str] = {
    ErrorCode.UPLOAD_MISSING: "Upload the file again, as a new job.",
    ErrorCode.UPLOAD_TOO_LARGE: (
        "Compress the file with bgzip, split it by chromosome, or upgrade your plan for larger "
        "uploads."
    ),
    ErrorCode.NOT_A_VCF: (
        "Check that this is the right file. GAS takes VCF, plain or compressed with gzip or bgzip, "
        "and BCF; a VCF begins with ##fileformat=VCF."
    ),
    ErrorCode.MALFORMED_VCF: (
        "Correct the line that is named and upload the file again. The check of the upload, or "
        "the command gas preflight on your own machine, shows the first of them at once."
    ),
    ErrorCode.TRUNCATED_FILE: (
        "The end of the file is missing, as after a copy that was cut short. Compare its checksum "
        "with the original's, copy it again, and upload that."
    ),
    ErrorCode.REFERENCE_MISMATCH: (
        "The file was made with another genome build than the one you chose. Submit it again with "
        "the build that its header names, or lift it over first."
    ),
    ErrorCode.UNKNOWN_CONTIG: (
        "The chromosome names are not those of the chosen genome. Choose the genome that the file "
        "was made with, or rename them with bcftools annotate --rename-chrs."
    ),
    ErrorCode.UNKNOWN_GENOME: "Submit the file again and choose one of the genomes on offer.",
    ErrorCode.NO_VARIANTS: (
        "The file has a header and no variants. Check the filters that it went through, and upload "
        "one that has some."
    ),
    ErrorCode.LIMIT_EXCEEDED: (
        "Split the file, by chromosome or by samples, and submit the parts as jobs of their own."
    ),
    ErrorCode.POISON_INPUT: (
        "Something in the file makes the annotation crash. Rewrite it with bcftools view, which "
        "tells what is wrong or leaves it out, and upload that. Running it again will not help."
    ),
    ErrorCode.REFERENCE_UNAVAILABLE: _OUR_FAULT,
    ErrorCode.REFERENCE_DAMAGED: _OUR_FAULT,
    ErrorCode.TOO_MANY_ATTEMPTS: _OUR_FAULT,
    ErrorCode.INTERNAL_ERROR: _OUR_FAULT,
    ErrorCode.SERVICE_UNAVAILABLE: _OUR_FAULT,
    ErrorCode.RESULT_CORRUPT: _OUR_FAULT,
}


def advice(code: ErrorCode) -> str:
    """What to do about a failure, in a sentence or two; for any code, so that none has nothing."""
    return ADVICE.get(code, _ASK_AGAIN)
