"""`bongsu spark`: a Spark master and a worker on this machine, until one stops them."""

import os
import signal
import sys
import time

from bongsu.cli.session import Session
from bongsu.language import ExitCode, Text
from bongsu.records.cluster import cluster

_LOOK_SECONDS = 1.0


def run(session: Session, *, cores: int, memory: str, port: int) -> ExitCode:
    """Print the master's address and stay; Ctrl-C, or a polite kill, ends both processes."""
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: sys.exit(ExitCode.DONE))  # so that the block below is left in order
    logs = session.folder / "scratch" / "spark"
    with cluster(logs, environment=os.environ, cores=cores, memory=memory, port=port) as master:
        ready = Text(
            "Spark가 준비되었습니다. 다른 창에서 이렇게 쓰십시오:\n  BONGSU_ENGINE={master} bongsu indicators hhi\n끝내려면 Ctrl-C.",
            "Spark is ready. In another window:\n  BONGSU_ENGINE={master} bongsu indicators hhi\nCtrl-C ends it.",
        )
        session.out.print(session.say(ready.format(master=master)), soft_wrap=True)
        while True:
            time.sleep(_LOOK_SECONDS)
