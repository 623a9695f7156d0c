"""What to ask the e-Stat API, and what its answers mean. Unproven: no answer has been seen.

An answer holds at most 100,000 values. The figures of one fact could stand on two pages, so no second page is asked
for: an answer that does not hold all it found is thrown away, and its items are asked for in ten parts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bongsu.codes.countries import country
from bongsu.codes.hs import hs_codes
from bongsu.codes.tables import UnknownCodeError, rows
from bongsu.language import Text, UsageError
from bongsu.sources.asking import Ask, NotYet, PlanRequest, Split, Verdict, Whole
from bongsu.sources.jp_customs.answers import AREA, CutAnswerError, parse_answer
from bongsu.sources.jp_customs.words import DIGITS

KEY = "appId"
FLOWS = ("export", "import")
WANTS = ("codes", "partners", "flows")
FIXED_IN = 5  # the month by which the fixed figures of the year before are surely out
EMPTY = Text("이 해의 자료가 아직 없습니다.", "there are no figures for this year yet.")


def plan(request: PlanRequest) -> Iterator[Ask]:
    """Calendar years from the newest back; of each, exports and imports, chapter by chapter.

    Raises:
        UsageError: wants that nobody knows.
    """
    wants, settings = _wants(request), request.source.settings
    first = (request.first or date(request.now.year - int(settings["years_back"]), 1, 1)).year
    areas = ",".join(_area(word) for word in wants["partners"])
    for year in range(request.now.year, first - 1, -1):
        if request.source.lag.known_at(date(year, 1, 1), "M", request.source.zone) > request.now:
            continue
        fixed = request.now.date() >= date(year + 1, FIXED_IN, 1)
        for flow in wants["flows"]:
            for prefix in wants["codes"] or hs_codes(2):
                params = {
                    "statsDataId": _table(settings["tables"], flow, year),
                    "cdTime": f"{year}000000",
                    **_range(prefix),
                    **({"cdArea": areas} if areas else {}),
                    "limit": str(settings["page"]),
                    "lang": "J",
                    "metaGetFlg": "Y",
                    "cntGetFlg": "N",
                }
                if params["statsDataId"]:
                    yield Ask(str(settings["api"]), params, KEY, once=fixed)


def judge(ask: Ask, answer: bytes, where: str) -> Verdict:
    """What an answer means: one that found nothing is not yet published, unless its year is fixed.

    Raises:
        KeyRefusedError, ApiRefusedError: the API answered with an error.
        CutAnswerError: not all values, although one item was asked for.
        BadInputError: no answer of this API.
    """
    try:
        found = parse_answer(answer, where)
    except CutAnswerError:
        into = _narrower(ask)
        if not into:
            raise
        return Split(into)
    return NotYet(EMPTY) if found is None and not ask.once else Whole()


def _range(prefix: str) -> dict[str, str]:
    return {"cdCat01From": prefix.ljust(DIGITS, "0"), "cdCat01To": prefix.ljust(DIGITS, "9")}


def _narrower(ask: Ask) -> tuple[Ask, ...]:
    """The items of a question in ten parts, by their next digit; none for one item."""
    low, high = ask.params["cdCat01From"], ask.params["cdCat01To"]
    shared = next((place for place in range(DIGITS) if low[place] != high[place]), DIGITS)
    if shared == DIGITS:
        return ()
    return tuple(replace(ask, params={**ask.params, **_range(f"{low[:shared]}{digit}")}) for digit in range(10))


def _table(tables: list[Mapping[str, Any]], flow: str, year: int) -> str:
    """The table of a flow and year; "" where none is known."""
    return next((one["id"] for one in tables if one["flow"] == flow and one["from"] <= year <= one["until"]), "")


def _wants(request: PlanRequest) -> Mapping[str, tuple[str, ...]]:
    said = {**request.source.settings.get("wants", {}), **request.wants}
    unknown = sorted(set(said) - set(WANTS))
    if unknown:
        raise _wrong(f"모르는 조건: {', '.join(unknown)}", f"unknown wants: {', '.join(unknown)}", ", ".join(WANTS))
    wants = {name: tuple(map(str, said.get(name, ()))) for name in WANTS}
    odd = [word for word in wants["flows"] if word not in FLOWS]
    if odd:
        raise _wrong(f"모르는 수출입 구분: {', '.join(odd)}", f"unknown flows: {', '.join(odd)}", ", ".join(FLOWS))
    odd = [code for code in wants["codes"] if not (code.isascii() and code.isdecimal() and 2 <= len(code) <= DIGITS)]  # noqa: PLR2004 - a chapter
    if odd:
        raise _wrong(f"품목번호가 아닙니다: {', '.join(odd)}", f"no codes: {', '.join(odd)}", f"2–{DIGITS} 자리/digits")
    return wants


def _area(word: str) -> str:
    """The code on the area axis of a country by its ISO code."""
    try:
        wanted = country(word).alpha3
    except UnknownCodeError as error:
        raise UsageError(error.what, where="jp_customs", mend=error.mend) from error
    codes = [row["code"] for row in rows("japan_countries") if row["partner"] == wanted and not row["until"]]
    if not codes:
        raise _wrong(f"일본 무역통계에 없는 국가: {word}", f"Japan's statistics have no code for {word}", "ISO 3166")
    return ",".join(f"{AREA}{code}" for code in codes)


def _wrong(ko: str, en: str, known: str) -> UsageError:
    return UsageError(
        Text(f"{ko}.", f"{en}."), where="jp_customs", mend=Text(f"가능한 값: {known}.", f"There are: {known}.")
    )
