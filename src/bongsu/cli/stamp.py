"""What every published figure prints, so that it can be made again: commit, table versions, catalogue version, seed."""

import subprocess
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bongsu.cli.session import Session
from bongsu.records.snapshot import Snapshot


def stamp(session: Session, snapshot: Snapshot, seed: int) -> Mapping[str, Any]:
    """The stamp of figures computed from a snapshot."""
    return {
        "commit": commit(),
        "table_versions": dict(snapshot.versions),
        "catalogue_version": session.catalogue().version,
        "seed": seed,
    }


def stamped(marks: Mapping[str, Any]) -> str:
    """The stamp in one line; its words are names, alike in both languages."""
    tables = " ".join(f"{name}@{number}" for name, number in sorted(marks["table_versions"].items()))
    return f"commit {marks['commit']} · {tables} · catalogue {marks['catalogue_version'][:12]} · seed {marks['seed']}"


@cache
def commit() -> str:
    """The commit of the code that runs, with `-dirty` where files were changed since; the version where it is installed."""
    here = Path(__file__).parent
    command = ["git", "-C", str(here), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603 - our own words
    except (OSError, subprocess.TimeoutExpired):
        return version("bongsu")
    return done.stdout.strip() if done.returncode == 0 else version("bongsu")
