"""Answers of the Comtrade API, version 1: rows, the list of data sets, or a refusal.

Unproven: built after the published description and what public clients show, for no answer of the real server could
be had. `data/v1/get` and `public/v1/preview` answer `{"elapsedTime", "count", "data": […], "error"}`; the gateway in
front refuses with `{"statusCode", "message"}`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from bongsu.language import BadInputError, SourceUnavailableError, Text
from bongsu.records.formats import Kind, decode, sniff_bytes
from bongsu.records.formats.kinds import HEAD, expect, refuse
from bongsu.records.formats.unpacking import broken

WORDS_KEPT = 300
_QUOTA = re.compile(r"out of call volume quota", re.IGNORECASE)
_RATE = re.compile(r"rate limit is exceeded", re.IGNORECASE)
_AGAIN_IN = re.compile(
    r"(?:replenished|again) in ([0-9][0-9.:]*(?: ?(?:seconds?|minutes?|hours?|days?))?)", re.IGNORECASE
)
_KEY = re.compile(r"subscription key", re.IGNORECASE)
UNAUTHORISED, FORBIDDEN, TOO_MANY = 401, 403, 429


class QuotaSpentError(SourceUnavailableError):
    """The key has used up its calls, or asks too fast."""


class KeyRefusedError(SourceUnavailableError):
    """The key is missing, wrong, or not subscribed to this API."""


class ServiceRefusedError(SourceUnavailableError):
    """The service answered with an error of another kind."""


class CutAnswerError(BadInputError):
    """An answer was cut by the cap, and the question cannot be made narrower."""


@dataclass(frozen=True)
class ApiAnswer:
    """One answer that is no refusal.

    Args:
        rows: its `data`.
        count: how many rows it says there are; at least as many as `rows`.
    """

    rows: tuple[Mapping[str, Any], ...]
    count: int

    @property
    def lists_data_sets(self) -> bool:
        """Does it list what is published (`getDa`), rather than give figures?"""
        return bool(self.rows) and all("cmdCode" not in row and "datasetCode" in row for row in self.rows)


def read_answer(data: bytes, where: str) -> ApiAnswer:
    """What one answer holds.

    Raises:
        QuotaSpentError, KeyRefusedError, ServiceRefusedError: a refusal, with whatever status it came.
        BadInputError: no JSON, cut off, or no answer of this API.
    """
    said = _parsed(data, where)
    if not isinstance(said, dict):
        raise _not_an_answer(where)
    message = _message(said)
    if message:
        raise _refusal(said.get("statusCode"), message, where)
    rows = said.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _not_an_answer(where)
    count = said.get("count")
    if isinstance(count, bool) or not isinstance(count, int | None):
        raise _not_an_answer(where)
    return ApiAnswer(tuple(cast("list[dict[str, Any]]", rows)), max(count or 0, len(rows)))


def _parsed(data: bytes, where: str) -> Any:  # noqa: ANN401 - JSON
    kind = sniff_bytes(data[:HEAD])
    refuse(kind, data, where)
    expect(kind, Kind.JSON, where)
    text, _ = decode(data, where=where)
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise broken(Kind.JSON, f"{where}:{error.lineno}:{error.colno}", error.msg) from error
    except (RecursionError, ValueError) as error:
        raise broken(Kind.JSON, where, error) from error


def _message(said: Mapping[str, Any]) -> str:
    """What an answer says went wrong; "" for none. A count of -1 is an error too."""
    words = said.get("error") or said.get("message") or said.get("errorMessage")
    details = said.get("errorObject")
    if words and isinstance(details, list):
        words = f"{words}: {'; '.join(str(one.get('ErrorMessage', '')) for one in details if isinstance(one, dict))}"
    if not words and ("statusCode" in said or said.get("count") == -1):
        words = f"statusCode {said.get('statusCode', '?')}"
    return " ".join(str(words or "").split())[:WORDS_KEPT]


def _refusal(status: object, message: str, where: str) -> SourceUnavailableError:
    if _QUOTA.search(message) or _RATE.search(message) or status == TOO_MANY:
        found = _AGAIN_IN.search(message)
        return QuotaSpentError(
            Text(f"Comtrade API의 호출 한도를 다 썼습니다 ({message}).", f"the API's quota is spent ({message})."),
            where=where,
            mend=Text(
                f"{found[1] + ' 뒤에' if found else '내일'} 같은 명령을 다시 주면 이어서 받습니다.",
                f"Give the same command {'in ' + found[1] if found else 'tomorrow'}: it goes on.",
            ),
        )
    if _KEY.search(message) or status in (UNAUTHORISED, FORBIDDEN):
        return KeyRefusedError(
            Text(f"Comtrade API가 키를 받지 않습니다 ({message}).", f"the API does not take the key ({message})."),
            where=where,
            mend=Text(
                "comtradedeveloper.un.org에서 comtrade - v1 상품을 구독했는지, 키를 빠짐없이 넣었는지 확인하십시오.",
                "Check at comtradedeveloper.un.org that the product comtrade - v1 is subscribed to, and that the key is whole.",
            ),
        )
    return ServiceRefusedError(
        Text(f"Comtrade API가 오류를 답했습니다 ({message}).", f"the API answered with an error ({message})."),
        where=where,
        mend=Text("물은 조건을 확인하십시오.", "Check what was asked for."),
    )


def _not_an_answer(where: str) -> BadInputError:
    return BadInputError(
        Text("Comtrade API의 응답이 아닙니다.", "this is not an answer of the Comtrade API."),
        where=where,
        mend=Text(
            "data/v1/get 또는 public/v1/preview의 응답이나 사이트에서 내려받은 파일을 주십시오.",
            "Give an answer of data/v1/get or public/v1/preview, or a download of the site.",
        ),
    )
