"""A standalone Spark master and worker on this machine, from the files that the pip package brings."""

import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bongsu.language import SourceUnavailableError, Text
from bongsu.records.spark import LOOPBACK, needed

_READY = re.compile(r"Starting Spark master at (spark://\S+)[\s\S]*I have been elected leader")
_REGISTERED = re.compile(r"Successfully registered with master (\S+)")
_LOOKS, _LOOK_SECONDS = 300, 0.2  # a minute in all
_END_SECONDS = 20


@contextmanager
def cluster(
    logs: Path,
    *,
    environment: Mapping[str, str],
    cores: int = 2,
    memory: str = "2g",
    port: int = 0,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[str]:
    """Run a master and one worker; both end with the block. Nothing outside this machine can reach them.

    Args:
        logs: folder for what the two processes say, and for the worker's files.
        environment: of this process; Java is found through it.
        cores: what the worker lends.
        memory: likewise.
        port: the master's; 0 takes a free one.
        sleep: waits between two looks at the log.

    Yields:
        the master's address, for BONGSU_ENGINE.

    Raises:
        UsageError: no Spark, or no Java.
        SourceUnavailableError: a process did not come up; names its log.
    """
    home = needed()
    logs.mkdir(parents=True, exist_ok=True)
    there = ["--host", LOOPBACK, "--webui-port", "0"]
    lent = ["--cores", str(cores), "--memory", memory, "--work-dir", str(logs / "work")]
    settings = {**environment, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": LOOPBACK}
    with ExitStack() as stack:
        master = _Started(home, "Master", [*there, "--port", str(port)], logs, settings, sleep)
        stack.callback(master.end)
        address = master.says(_READY)
        worker = _Started(home, "Worker", [*there, *lent, address], logs, settings, sleep)
        stack.callback(worker.end)
        worker.says(_REGISTERED)
        yield address


class _Started:
    """One of Spark's processes, and its log."""

    def __init__(
        self,
        home: Path,
        kind: str,
        words: list[str],
        logs: Path,
        environment: Mapping[str, str],
        sleep: Callable[[float], None],
    ) -> None:
        self._sleep = sleep
        self.log = logs / f"{kind.lower()}.log"
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind.lower()}.{kind}", *words]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)  # noqa: S603 - our own words

    def says(self, pattern: re.Pattern[str]) -> str:
        """What stands in the first group of `pattern`, once the log has it."""
        for _ in range(_LOOKS):
            found = pattern.search(self.log.read_text(encoding="utf-8", errors="replace"))
            if found:
                return found[1]
            if self._process.poll() is not None:
                break
            self._sleep(_LOOK_SECONDS)
        raise SourceUnavailableError(
            Text("Spark 프로세스가 뜨지 않았습니다.", "a Spark process did not come up."),
            where=str(self.log),
            mend=Text("그 기록의 마지막 줄을 보십시오.", "See the last lines of that log."),
        )

    def end(self) -> None:
        """Ask it to end, and see that it has."""
        self._process.terminate()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
