"""What is read from a caller: strict JSON and query strings; what no database could keep is refused at the door."""

import json
import math
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from bongsu.api.problems import INVALID, UNREADABLE, WRONG_MEDIA, ProblemError
from bongsu.language import Text

MOST_DEPTH = 32
LEAST, MOST = -(2**63), 2**63 - 1


def storable(text: str) -> bool:
    """Can `text` be written as UTF-8 and kept by every database of ours? No NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class StrictParser(Parser):
    """Reads bodies and query strings; refuses what is ambiguous."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The JSON of the body."""
        if request.content_type != "application/json":
            raise ProblemError(
                WRONG_MEDIA, Text("본문이 application/json이 아닙니다.", "the body is not application/json.")
            )
        try:
            told = json.loads(
                request.body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite
            )
        except (ValueError, RecursionError):
            raise _unreadable() from None
        _check(told, MOST_DEPTH)
        return told  # type: ignore[no-any-return] # whatever JSON it is: the schema judges

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The query string's (or form's) values by name."""
        told: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        for value in [one for many in told.values() for one in (many if isinstance(many, list) else [many])]:
            if isinstance(value, str) and not storable(value):
                raise _unstorable()
        return told


def check_names(request: HttpRequest, allowed: set[str]) -> None:
    """Refuse a query that says what the operation does not know, or says one thing twice."""
    wrong = [name for name in request.GET if name not in allowed or len(request.GET.getlist(name)) > 1]
    if wrong:
        known = ", ".join(sorted(allowed)) or "-"
        raise ProblemError(
            INVALID,
            Text(
                f"질의에 모르는 이름이 있거나 같은 이름이 두 번 있습니다. 쓸 수 있는 이름: {known}.",
                f"the query has a name that is not known, or one twice. There are: {known}.",
            ),
        )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a name twice")
    return told


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(told: str) -> float:
    number = float(told)
    if not math.isfinite(number):
        raise ValueError(told)
    return number


def _check(told: object, depth: int) -> None:
    if depth < 0:
        raise _unreadable()
    if isinstance(told, str) and not storable(told):
        raise _unstorable()
    if isinstance(told, int) and not LEAST <= told <= MOST:
        raise ProblemError(INVALID, Text("64비트를 넘는 정수가 있습니다.", "there is an integer beyond 64 bits."))
    if isinstance(told, dict):
        _check(list(told), depth)
        for value in told.values():
            _check(value, depth - 1)
    elif isinstance(told, list):
        for value in told:
            _check(value, depth - 1)


def _unreadable() -> ProblemError:
    return ProblemError(
        UNREADABLE,
        Text("본문이 읽을 수 있는 JSON(UTF-8)이 아닙니다.", "the body is not JSON in UTF-8 that can be read."),
    )


def _unstorable() -> ProblemError:
    return ProblemError(
        INVALID,
        Text(
            "저장할 수 없는 글자(NUL, 짝 없는 대리 문자)가 있습니다.",
            "there is a character that cannot be kept (NUL, half a surrogate pair).",
        ),
    )
