"""Reference data that is not ours to ship: GAS_REFDATA names the folder. Run by .ci/run."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def refdata() -> Path:
    folder = Path(os.environ.get("GAS_REFDATA", "")).resolve()  # some tests change directory
    if not (folder / "anntools").is_dir():
        pytest.fail("GAS_REFDATA must name a folder with anntools/, bad/ and mt/ in it")
    return folder
