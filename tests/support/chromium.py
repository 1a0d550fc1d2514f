"""The browser of the tests: the Chromium that the system has, found or installed.

``python -m tests.support.chromium`` makes sure that there is one; `make test` runs it.
"""

import os
import shutil
import subprocess
import sys

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_VARIABLE = "GAS_CHROMIUM"
_PACKAGES = ("chromium", "fonts-dejavu-core")  # without a font, text has neither looks nor width
_INSTALL = (
    ["apt-get", "update", "--quiet"],
    ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *_PACKAGES],
)


def find_chromium() -> str | None:
    """The path of a Chromium: the one that GAS_CHROMIUM names, else the first on the PATH."""
    if named := os.environ.get(_VARIABLE):
        return shutil.which(named)
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def chromium() -> str:
    """Raises FileNotFoundError with a sentence for who runs the tests."""
    path = find_chromium()
    if path is None:
        raise FileNotFoundError(
            "The browser tests need Chromium: install it (Debian: apt-get install chromium), "
            f"or name one in {_VARIABLE}."
        )
    return path


def main() -> int:
    if find_chromium() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in _INSTALL:
            subprocess.run(
                command, check=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            )
    try:
        sys.stdout.write(f"Chromium: {chromium()}\n")
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
