"""Every refusal as a problem document (RFC 9457), in the caller's language, with the mend; nothing of the inside shows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header

from bongsu.language import Language, Text

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:bongsu:problem:"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A sort of problem: its name, status and title."""

    name: str
    status: int
    title: Text
    mend: Text | None = None


UNREADABLE = Kind(
    name="unreadable",
    status=400,
    title=Text("읽을 수 없는 요청", "Unreadable request"),
    mend=Text("요청의 형식을 API 명세에 맞추십시오.", "Shape the request as the API's schema says."),
)
UNKNOWN_CALLER = Kind(
    name="unknown-caller",
    status=401,
    title=Text("누구인지 알 수 없음", "Unknown caller"),
    mend=Text(
        "유효한 토큰을 Authorization: Bearer로 보내거나 로그인하십시오.",
        "Send a valid token as Authorization: Bearer, or sign in.",
    ),
)
DENIED = Kind(
    name="denied",
    status=403,
    title=Text("허용되지 않음", "Not allowed"),
    mend=Text("맡은 역할과 토큰의 권한을 확인하십시오.", "Check your role, and your token's scopes."),
)
NOT_THERE = Kind(
    name="not-there",
    status=404,
    title=Text("없음", "Not there"),
    mend=Text("목록에서 다시 고르십시오.", "Choose it from the list again."),
)
NO_SUCH_WAY = Kind(
    name="no-such-way",
    status=405,
    title=Text("쓸 수 없는 메서드", "Method not allowed"),
    mend=Text("Allow 머리말에 적힌 메서드를 쓰십시오.", "Use a method that the Allow header names."),
)
OUT_OF_STEP = Kind(
    name="out-of-step",
    status=409,
    title=Text("지금은 할 수 없는 단계", "Out of step"),
    mend=Text("다시 열어 지금 상태를 확인하십시오.", "Open it again, and see how it stands."),
)
STALE = Kind(name="stale", status=412, title=Text("그사이 바뀜", "Changed meanwhile"))
TOO_LARGE = Kind(
    name="too-large",
    status=413,
    title=Text("너무 큰 요청", "Too large"),
    mend=Text("나누어 보내거나 줄이십시오.", "Send it in parts, or less of it."),
)
WRONG_MEDIA = Kind(
    name="wrong-media",
    status=415,
    title=Text("받지 않는 형식", "Unsupported media type"),
    mend=Text("본문을 application/json(UTF-8)으로 보내십시오.", "Send the body as application/json (UTF-8)."),
)
INVALID = Kind(
    name="invalid",
    status=422,
    title=Text("받을 수 없는 값", "Invalid value"),
    mend=Text("errors에 적힌 곳을 고쳐 다시 보내십시오.", "Correct what `errors` names, and send it again."),
)
VERSION_NEEDED = Kind(
    name="version-needed",
    status=428,
    title=Text("본 판을 밝혀야 함", "Version needed"),
    mend=Text("본 항목의 ETag를 If-Match 머리말로 보내십시오.", "Send the entry's ETag, as you saw it, in If-Match."),
)
TOO_MANY = Kind(
    name="too-many",
    status=429,
    title=Text("요청이 너무 잦음", "Too many requests"),
    mend=Text("Retry-After 머리말의 초만큼 기다리십시오.", "Wait for the seconds that Retry-After names."),
)
OUR_FAULT = Kind(
    name="our-fault",
    status=500,
    title=Text("우리 쪽 오류", "Our fault"),
    mend=Text("X-Request-ID를 관리자에게 알려 주십시오.", "Tell the administrator the X-Request-ID."),
)
AWAY = Kind(
    name="away",
    status=503,
    title=Text("잠시 쓸 수 없음", "Away for a moment"),
    mend=Text("잠시 뒤 다시 하십시오.", "Try again in a moment."),
)
KINDS = (
    UNREADABLE,
    UNKNOWN_CALLER,
    DENIED,
    NOT_THERE,
    NO_SUCH_WAY,
    OUT_OF_STEP,
    STALE,
    TOO_LARGE,
    WRONG_MEDIA,
    INVALID,
    VERSION_NEEDED,
    TOO_MANY,
    OUR_FAULT,
    AWAY,
)
OF_STATUS = {kind.status: kind for kind in KINDS}


@dataclass
class ProblemError(Exception):
    """A refusal of the API itself, before any action."""

    kind: Kind
    detail: Text
    headers: dict[str, str] = field(default_factory=dict)
    mend: Text | None = None


def language(request: HttpRequest) -> Language:
    """What the caller reads: Accept-Language, else the account's own, else the installation's."""
    for told, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if told[:2] in tuple(Language):
            return Language(told[:2])
    caller = getattr(request, "auth", None)
    return Language(getattr(caller, "language", "") or settings.LANGUAGE_CODE[:2])


def problem(
    request: HttpRequest,
    kind: Kind,
    detail: Text,
    *,
    mend: Text | None = None,
    errors: Sequence[dict[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """The answer that refuses.

    Args:
        request: what was asked.
        kind: which sort of problem.
        detail: this one, one sentence.
        mend: what to do about this one; None: what helps with its kind.
        errors: each place that is wrong.
        headers: more of them.
    """
    reads = language(request)
    remedy = mend or kind.mend
    said: dict[str, Any] = {
        "type": TYPE + kind.name,
        "title": kind.title.to(reads),
        "status": kind.status,
        "detail": detail.to(reads),
        "instance": request.path,
        "mend": remedy.to(reads) if remedy else "",
    }
    if errors:
        said["errors"] = list(errors)
    body = json.dumps(said, ensure_ascii=False)
    told = {"Cache-Control": "no-store", "Content-Language": reads.value, **(headers or {})}
    return HttpResponse(body.encode("utf-8", "replace"), status=kind.status, content_type=MEDIA_TYPE, headers=told)
