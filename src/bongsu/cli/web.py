"""`bongsu floor web`: the screens and the API, by gunicorn; where that does not run (Windows), by a server of Python's own."""

import ctypes
import os
import signal
import sys
from dataclasses import dataclass
from typing import Any

from bongsu.cli.floor import opened
from bongsu.cli.session import Session
from bongsu.language import ExitCode, Text

_DIES_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


@dataclass(frozen=True)
class Listen:
    """Where and with how many hands."""

    host: str
    port: int
    workers: int
    threads: int

    @property
    def address(self) -> str:
        """As a browser takes it."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}/"


def run(session: Session, listen: Listen) -> ExitCode:
    """Serve until told to end."""
    opened(session)
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - an extra
    from django.urls import get_resolver  # noqa: PLC0415 - likewise

    application = get_wsgi_application()
    _ = get_resolver().url_patterns  # every page is loaded before the first asks
    _end_with_parent()
    if sys.platform == "win32":
        _serve_plainly(session, application, listen)
    else:
        _serve(application, listen)
    return ExitCode.DONE


def _serve(application: Any, listen: Listen) -> None:  # noqa: ANN401 - WSGI
    from gunicorn.app.base import (  # type: ignore[import-untyped] # noqa: PLC0415 - an extra, and not on Windows
        BaseApplication,
    )

    host = f"[{listen.host}]" if ":" in listen.host else listen.host
    settings = {
        "bind": f"{host}:{listen.port}",
        "workers": listen.workers,
        "threads": listen.threads,
        "worker_class": "gthread",
        "preload_app": True,  # a process that was killed is back at once
        "keepalive": 30,
        "timeout": 60,
        "graceful_timeout": 20,
        "loglevel": "warning",
        "proc_name": "bongsu-web",
        "control_socket_disable": True,
    }

    class Server(BaseApplication):  # type: ignore[misc] # ships no types
        def load_config(self) -> None:
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:  # noqa: ANN401 - WSGI
            return application

    Server().run()


def _serve_plainly(session: Session, application: Any, listen: Listen) -> None:  # noqa: ANN401 - WSGI
    from socketserver import ThreadingMixIn  # noqa: PLC0415 - only here
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server  # noqa: PLC0415 - likewise

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - its signature
            """Say nothing: the application's own log has a line for each request, without addresses."""

    said = Text(
        "이 운영체제에서는 파이썬에 딸린 간단한 서버를 씁니다. 한 사람이 쓰기에만 알맞습니다.",
        "On this system Python's own plain server is used: fit for one person's use only.",
    )
    session.err.print(session.say(said))
    with make_server(listen.host, listen.port, application, Server, Quiet) as server:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        server.serve_forever()


def _end_with_parent() -> None:
    """Where `bongsu up` is killed outright its web ends too, and leaves the port to the next one; Linux only."""
    if os.environ.get("BONGSU_PARENT") and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGTERM)
