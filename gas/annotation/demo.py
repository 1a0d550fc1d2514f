"""The VCF that comes with GAS: real haplogroups and disease variants, to try the service with."""

from importlib import resources
from pathlib import Path

DEMO_GENOME = "rCRS"


def demo_vcf() -> Path:
    """Its path; see the README beside it for what is in it and where that came from."""
    return Path(str(resources.files("gas.annotation"))) / "data" / "demo" / "haplogroups.vcf"
