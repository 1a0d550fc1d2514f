"""Where bundles live: those that come with GAS, and those installed on this machine.

``ROOT/NAME/current`` is a symbolic link to one of ``ROOT/NAME/VERSION-DIGEST/``; replacing the
link is what switches a bundle, in one step.
"""

import os
from importlib import resources
from pathlib import Path

from gas.annotation.reference.manifest import MANIFEST_NAME

ENVIRONMENT_VARIABLE = "GAS_REFERENCE_DIRECTORY"
CURRENT = "current"


def reference_directory() -> Path:
    """GAS_REFERENCE_DIRECTORY, else ``gas/reference`` in the user's XDG data directory."""
    if named := os.environ.get(ENVIRONMENT_VARIABLE):
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "gas" / "reference"


def embedded_directory() -> Path:
    """The bundles that are a part of the package."""
    return Path(str(resources.files("gas.annotation"))) / "data"


def bundle_directories() -> dict[str, Path]:
    """Folders of bundles by their names; an installed one goes before one that comes with GAS.

    Links are resolved, so that a switch in the middle of a job does not reach it.
    """
    embedded = embedded_directory().glob(f"*/{MANIFEST_NAME}")
    installed = reference_directory().glob(f"*/{CURRENT}/{MANIFEST_NAME}")
    return {manifest.parent.name: manifest.parent for manifest in sorted(embedded)} | {
        manifest.parent.parent.name: manifest.parent.resolve() for manifest in sorted(installed)
    }
