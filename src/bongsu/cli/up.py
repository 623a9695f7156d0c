"""`bongsu up`: the laptop's form. Folder, keys and tables are made, then the web and a worker run until this ends."""

import contextlib
import hashlib
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bongsu.cli.floor import answering, brought_up, floor_folder, make_keys, opened, write_privately
from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.http.listening import listens
from bongsu.language import BongsuError, ExitCode, Text

LINK_LIVES = timedelta(hours=24)
TOO_SOON = 5.0  # seconds: a part that ends sooner did not come up
MOST_FALLS = 3  # in a row, before we give up
MOST_LOG = 20 << 20  # bytes
PATIENCE = 25.0  # seconds to end by itself


@dataclass
class Part:
    """A process that is kept up."""

    name: str
    words: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    since: float = 0.0
    falls: int = 0

    def start(self, environment: Mapping[str, str], log: Path) -> None:
        """Start it; what it notes goes to the end of `log`."""
        command = [sys.executable, "-m", "bongsu.cli", *self.words]
        with log.open("ab") as out:
            self.process = subprocess.Popen(command, env=dict(environment), stdout=out, stderr=out)  # noqa: S603 - our own module
        self.since = time.monotonic()

    def end(self) -> None:
        """Ask it to end, and make it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def run(session: Session, *, port: int, every: int, fetch: bool) -> ExitCode:
    """Make what is missing, and keep web and worker up."""
    folder = floor_folder()
    make_keys(folder)
    opened(session)
    brought_up()
    address = f"http://127.0.0.1:{port}/"
    link = first_user_link(session, folder, address)
    common = ["--lake", str(session.folder), "--home", session.home, "--lang", session.language.value]
    keep_up(
        (
            Part("web", ["floor", "web", "--port", str(port), "--workers", "1", *common]),
            Part("work", ["floor", "work", "--every", str(every), *([] if fetch else ["--no-fetch"]), *common]),
        ),
        port,
        _log(folder),
        lambda: _tell_open(session, address, link),
    )
    return ExitCode.DONE


def first(session: Session, address: str, *, as_json_: bool) -> ExitCode:
    """Give the link that makes the first user."""
    opened(session)
    link = first_user_link(session, floor_folder(), address.rstrip("/") + "/")
    if as_json_:
        as_json(session, {"link": link})
    elif link is None:
        session.out.print(session.say(Text("사용자가 이미 있습니다.", "There are users already.")))
    else:
        _tell_first(session, link)
    return ExitCode.DONE


def _log(folder: Path) -> Path:
    """The file of what the parts note; the one before is kept once it has grown."""
    log = folder / "bongsu.log"
    if log.exists() and log.stat().st_size > MOST_LOG:
        log.replace(log.with_suffix(".log.1"))
    return log


def _tell_open(session: Session, address: str, link: str | None) -> None:
    said = Text("봉수가 열렸습니다: {address} (Ctrl-C로 끝냅니다)", "Bongsu is up: {address} (Ctrl-C ends it)")
    session.out.print(session.say(said.format(address=address)), soft_wrap=True)
    _tell_first(session, link)


def _tell_first(session: Session, link: str | None) -> None:
    said = Text("첫 사용자 만들기(한 번만, 24시간 안에): {link}", "Make the first user (once, within 24 hours): {link}")
    if link is not None:
        session.out.print(session.say(said.format(link=link)), markup=False, soft_wrap=True)


def keep_up(parts: Sequence[Part], port: int, log: Path, when_open: Callable[[], None]) -> None:
    """Run the parts, each begun again when it falls, until this process is told to end.

    Args:
        parts: what to run.
        port: where the web listens.
        log: the file for what the parts note.
        when_open: called once, when somebody answers there: nobody is sent to a door that is still shut.

    Raises:
        BongsuError: a part does not come up.
    """
    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    environment = {**os.environ, "BONGSU_PARENT": str(os.getpid())}
    try:
        for part in parts:
            part.start(environment, log)
        told = False
        while not stop.wait(0.5):
            for part in parts:
                _look_after(part, environment, log)
            if not told and listens(port):
                told = True
                when_open()
    finally:
        for part in parts:
            part.end()


def _look_after(part: Part, environment: Mapping[str, str], log: Path) -> None:
    if part.process is None or part.process.poll() is None:
        return
    part.falls = part.falls + 1 if time.monotonic() - part.since < TOO_SOON else 0
    if part.falls >= MOST_FALLS:
        raise BongsuError(
            Text(f"'{part.name}'이(가) 뜨지 않습니다.", f"'{part.name}' does not come up."),
            where=str(log),
            mend=Text(
                "그 파일의 마지막 줄을 보십시오. 포트를 다른 프로그램이 쓰고 있으면 --port 로 바꾸십시오.",
                "See the last lines of that file. If another program has the port, choose one with --port.",
            ),
        )
    part.start(environment, log)


def first_user_link(session: Session, folder: Path, address: str) -> str | None:
    """A link that makes the first user, once; None: there are users. Only its hash is kept."""
    from bongsu.people.models import User  # noqa: PLC0415 - an extra

    file = folder / "first-user.json"
    with answering():
        if User.objects.exists():
            with contextlib.suppress(FileNotFoundError):
                file.unlink()
            return None
    token = secrets.token_urlsafe(32)
    kept = {
        "digest": hashlib.sha256(token.encode()).hexdigest(),
        "until": (session.now + LINK_LIVES).isoformat(),
    }
    write_privately(file, json.dumps(kept).encode())
    return f"{address}first/{token}/"
