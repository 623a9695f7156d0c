"""Asking the service behind PortWatch: a month of all chokepoints at a time, which stays below its cap."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bongsu.language import BadInputError, SourceUnavailableError, Text
from bongsu.records.known import period_end
from bongsu.sources.asking import Ask, NotYet, Paused, PlanRequest, Split, Verdict, Whole
from bongsu.sources.cadence import newest_out

TOO_MANY = 429
_DAYS = re.compile(r"year=(\d+) AND month=(\d+) AND day>=(\d+) AND day<=(\d+)")


def plan(request: PlanRequest) -> Iterator[Ask]:
    """The published months, newest first; the last of them is asked up to today."""
    settings = request.source.settings
    newest = newest_out(request.source, request.now)
    last = period_end(newest.first, "W") if newest else request.now.date()
    month, first = last.replace(day=1), request.first or settings["first"]
    settled = _earlier(month, int(settings["revised_months"]))
    while month >= first.replace(day=1):
        yield _ask(str(settings["api"]), str(settings["rows"]), month, 1, period_end(month, "M").day, month < settled)
        month = _earlier(month, 1)


def judge(ask: Ask, answer: bytes, where: str) -> Verdict:
    """Whole, cut at the cap, nothing published yet for those days, or asked too often.

    Raises:
        SourceUnavailableError: the service's own error, which comes with status 200.
        BadInputError: no answer of this service.
    """
    body = _body(answer, where)
    if "error" in body:
        return _refused(body["error"], where)
    cut = bool(body.get("exceededTransferLimit") or body.get("properties", {}).get("exceededTransferLimit"))
    if cut:
        return Split(_halves(ask, where))
    if not body["features"]:
        return NotYet(
            Text(
                f"물은 날({_asked(ask)})의 자료가 아직 없습니다.",
                f"there is nothing yet for the days asked ({_asked(ask)}).",
            )
        )
    return Whole()


def _ask(api: str, rows: str, month: date, first: int, last: int, once: bool) -> Ask:  # noqa: FBT001
    where = f"year={month.year} AND month={month.month} AND day>={first} AND day<={last}"
    asked = {"where": where, "outFields": "*", "orderByFields": "date,portid", "returnGeometry": "false"}
    return Ask(api, {**asked, "resultRecordCount": rows, "f": "json"}, once=once)


def _body(answer: bytes, where: str) -> dict[str, Any]:
    try:
        body = json.loads(answer)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict) and (isinstance(body.get("features"), list) or "error" in body):
        return body
    raise BadInputError(
        Text("포트워치 서비스의 응답이 아닙니다.", "this is no answer of PortWatch's service."),
        where=where,
        mend=Text("주소가 바뀌었는지 누리집에서 확인하십시오.", "Check on its site whether the address has moved."),
    )


def _refused(error: object, where: str) -> Verdict:
    code, said = (error.get("code"), str(error.get("message", ""))[:200]) if isinstance(error, dict) else (None, "")
    refusal = SourceUnavailableError(
        Text(f"서비스가 오류를 답했습니다 ({code} {said}).", f"the service answered with an error ({code} {said})."),
        where=where,
        mend=Text("잠시 뒤 다시 실행하십시오.", "Run it again later."),
    )
    if code == TOO_MANY:
        return Paused(refusal)
    raise refusal


def _halves(ask: Ask, where: str) -> tuple[Ask, ...]:
    """The days asked for in two parts."""
    year, month, first, last = map(int, _DAYS.fullmatch(ask.params["where"]).groups())  # type: ignore[union-attr] # ours
    if first == last:
        raise BadInputError(
            Text("하루치 응답도 잘렸습니다.", "the answer for a single day was cut."),
            where=where,
            mend=Text("서비스의 한도가 바뀌었는지 확인하십시오.", "Check whether the service's cap has changed."),
        )
    middle = (first + last) // 2
    parts = ((first, middle), (middle + 1, last))
    return tuple(
        replace(ask, params={**ask.params, "where": f"year={year} AND month={month} AND day>={low} AND day<={high}"})
        for low, high in parts
    )


def _asked(ask: Ask) -> str:
    year, month, first, last = map(int, _DAYS.fullmatch(ask.params["where"]).groups())  # type: ignore[union-attr] # ours
    return f"{date(year, month, first)} – {date(year, month, last)}"


def _earlier(month: date, count: int) -> date:
    for _ in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
    return month
