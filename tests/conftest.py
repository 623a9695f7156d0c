"""What every test may lean on."""

import os
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real inputs; skips where it is absent, fails where CI demands it."""
    folder = Path(os.environ.get("BONGSU_REALDATA", HERE.parent.parent / "shared" / "data"))
    if folder.is_dir():
        return folder
    reason = "the real inputs are not on this machine: set BONGSU_REALDATA to their folder"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
