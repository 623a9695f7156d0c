"""How long a body may be, by where it goes: anybody can send one, and what is read of it may lie on our disk."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bongsu.api.problems import TOO_LARGE, Kind, problem
from bongsu.language import Text

SPARE = 1 << 20  # what a multipart body needs beside its file
ROOT = "/api/"
LENGTH_NEEDED = Kind(
    name="length-needed",
    status=411,
    title=Text("길이를 밝혀야 함", "Length needed"),
    mend=Text("Content-Length를 적어 한 번에 보내십시오.", "Send it whole, with its Content-Length."),
)
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_TAKES_FILES = re.compile(rf"/api/v1/reports/{_UUID}/attachments|/reports/{_UUID}/files/")
_ENDLESS = 1 << 63
_DIGITS = 19  # of a 64-bit number

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]


def most(path: str) -> int:
    """The most bytes that a body sent there may have."""
    return settings.MOST_ATTACHMENT + SPARE if _TAKES_FILES.fullmatch(path) else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer to a body that is too long, or does not say how long it is; None: it may be read."""
    told = str(request.META.get("CONTENT_LENGTH") or "")
    if not told and request.META.get("HTTP_TRANSFER_ENCODING"):
        return _said(request, LENGTH_NEEDED)
    return _said(request, TOO_LARGE) if _length(told) > most(request.path_info) else None


def _length(told: str) -> int:
    """What is no plain number may be any."""
    if not told:
        return 0
    return int(told) if told.isascii() and told.isdigit() and len(told) <= _DIGITS else _ENDLESS


def _said(request: HttpRequest, kind: Kind) -> HttpResponse:
    if request.path.startswith(ROOT):
        return problem(request, kind, kind.title)
    return HttpResponse(_both(kind), status=kind.status, content_type="text/plain; charset=utf-8")


def _both(kind: Kind) -> str:
    return f"{kind.title.ko}\n{kind.title.en}\n"


class Bounded:
    """An ASGI application whose bodies are counted: Django keeps a whole body on disk before any middleware sees it."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:  # noqa: ANN401 - ASGI
        """One connection."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        left = most(scope["path"])
        told = b"".join(value for name, value in scope["headers"] if name.lower() == b"content-length")
        if _length(told.decode("latin-1")) > left:
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": TOO_LARGE.status, "headers": headers})
            await send({"type": "http.response.body", "body": _both(TOO_LARGE).encode()})
            return

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            return message if left >= 0 else {"type": "http.disconnect"}

        await self._application(scope, counted, send)
