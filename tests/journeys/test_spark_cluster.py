"""A real standalone Spark, started by the documented command: the same numbers as DuckDB's, and nothing left behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

BONGSU = [sys.executable, "-c", "from bongsu.cli import main; main()"]
ASKED = ["indicators", "korean_bands", "--reporter", "USA", "--valid", "2024", "--csv"]


@pytest.fixture(scope="module")
def environment(sample_lake: Path) -> dict[str, str]:
    if find_spec("pyspark") is None or shutil.which("java") is None:
        reason = "no Spark or no Java on this machine; see docs/guide/en/spark.md"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return {
        **os.environ,
        "BONGSU_LAKE": str(sample_lake),
        "BONGSU_LANG": "en",
        "BONGSU_NOW": "2026-11-22T03:00:00+00:00",
    }


@pytest.fixture(scope="module")
def master(environment: dict[str, str]) -> Iterator[str]:
    """The address that `bongsu spark` prints."""
    words = [*BONGSU, "spark", "--cores", "1", "--memory", "1g"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own words
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(2)]
        found = re.search(r"BONGSU_ENGINE=(spark://127\.0\.0\.1:\d+)", "".join(said))
        assert found, said
        yield found[1]
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
    assert process.returncode == 0


def asked(environment: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own words
        [*BONGSU, *ASKED], env={**environment, **more}, capture_output=True, text=True, check=False
    )


def test_a_cluster_computes_what_one_machine_does(environment: dict[str, str], master: str) -> None:
    alone, together = asked(environment), asked(environment, BONGSU_ENGINE=master)
    assert (alone.returncode, together.returncode, together.stderr.count("Error")) == (0, 0, 0)
    assert together.stdout == alone.stdout
    assert len(alone.stdout.splitlines()) > 1


def test_ending_it_ends_both_processes(environment: dict[str, str], tmp_path: Path) -> None:
    environment = {**environment, "BONGSU_LAKE": str(tmp_path / "lake")}
    words = [*BONGSU, "spark", "--cores", "1", "--memory", "1g"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own words
        assert process.stdout is not None
        address = re.search(r"spark://[\d.]+:(\d+)", "".join(process.stdout.readline() for _ in range(2)))
        assert address
        process.send_signal(signal.SIGINT)
        process.stdout.read()
    logs = Path(environment["BONGSU_LAKE"]) / "scratch" / "spark"
    assert process.returncode == 0
    said = (logs / "master.log").read_text(encoding="utf-8"), (logs / "worker.log").read_text(encoding="utf-8")
    assert ["RECEIVED SIGNAL TERM" in one for one in said] == [True, True]
