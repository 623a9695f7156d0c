"""A body is refused by its length before anything reads it, whoever sends it and wherever."""

import asyncio
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from pytest_django import Settings

from bongsu.api.bounds import SPARE, Bounded, most
from bongsu.api.middleware import Requests

pytestmark = pytest.mark.django_db
PLACES = ["/accounts/login/", "/account/", "/language/", "/first/x/", "/nowhere", "/healthz", "/api/v1/accounts"]
SOME = "5b0c1f0e-8a52-4a7e-9a39-2f7c1f0c6d11"  # any report
FILES = ["/reports/{}/files/", "/api/v1/reports/{}/attachments"]


def _never(_request: object) -> HttpResponse:
    raise AssertionError("it was read")


def _sent(path: str, length: object, **more: str) -> int:
    request = RequestFactory().post(path, b"", content_type="text/plain", **more)
    request.META["CONTENT_LENGTH"] = str(length)
    return Requests(_never)(request).status_code


def test_the_places_that_take_files_are_these() -> None:
    page, api = (place.format(uuid4()) for place in FILES)
    assert resolve(page).url_name == "attach"
    assert resolve(api).route == "api/v1/reports/<uuidstr:report>/attachments"


@pytest.mark.parametrize("path", [*PLACES, "/reports/new/", *(place.format("x") for place in FILES)])
def test_a_long_body_is_refused_unread(path: str, settings: Settings) -> None:
    for length in (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1, 10**18, 10**30, "+9", "9_9", "-1", "x"):
        assert _sent(path, length) == 413
    with pytest.raises(AssertionError, match="read"):
        _sent(path, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


@pytest.mark.parametrize("place", FILES)
def test_a_file_may_be_as_long_as_files_may_be(place: str, settings: Settings) -> None:
    path = place.format(uuid4())
    assert _sent(path, settings.MOST_ATTACHMENT + SPARE + 1) == 413
    with pytest.raises(AssertionError, match="read"):
        _sent(path, settings.MOST_ATTACHMENT + SPARE)


@pytest.mark.parametrize("path", [*PLACES, *(place.format(SOME) for place in FILES)])
def test_a_body_of_untold_length_is_refused_unread(path: str) -> None:
    assert _sent(path, "", HTTP_TRANSFER_ENCODING="chunked") == 411


def test_nobody_writes_to_our_disk_without_signing_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", _never)
    file = io.BytesIO(b"x" * (6 << 20))
    answer = client.post("/accounts/login/", {"file": file})
    assert (answer.status_code, answer["Content-Type"]) == (413, "text/plain; charset=utf-8")
    answer = client.post("/api/v1/accounts", {"file": io.BytesIO(b"x" * (6 << 20))})
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def _through(headers: list[tuple[bytes, bytes]], chunks: int) -> tuple[list[Any], list[str]]:
    """What an ASGI server gets back, and what the application was given."""
    sent: list[Any] = []
    given: list[str] = []

    async def application(_scope: object, receive: Callable[..., Any], _send: object) -> None:
        given.extend([(await receive())["type"] for _ in range(chunks)])

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * (1 << 20), "more_body": True}

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI
        sent.append(message)

    scope = SimpleNamespace(type="http", path="/accounts/login/", headers=headers)
    asyncio.run(Bounded(application)(vars(scope), receive, send))
    return sent, given


def test_an_asgi_server_hands_on_no_more_than_that(settings: Settings) -> None:
    most_chunks = most("/accounts/login/") >> 20
    assert most_chunks == settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20
    _, given = _through([], most_chunks + 2)
    assert given == ["http.request"] * most_chunks + ["http.disconnect"] * 2
    sent, given = _through([(b"Content-Length", b"9999999")], 1)
    assert (sent[0]["status"], given) == (413, [])
