"""What to ask the Comtrade API, and what its answers mean. Unproven: see `answers`.

First the list of data sets (`getDa`) for a reporter and up to twelve periods, then the figures of those periods that
are published. So an empty answer to the second question means that nothing was traded, and a period that is not in
the list that it is not out yet. Figures are asked for as totals over procedures, transport and second partners.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bongsu.codes.countries import countries
from bongsu.codes.groups import comtrade_partner, find_partner
from bongsu.codes.tables import rows
from bongsu.language import Text, UsageError
from bongsu.sources.asking import Ask, NotYet, Paused, PlanRequest, Split, Verdict, Whole
from bongsu.sources.un_comtrade.answers import ApiAnswer, CutAnswerError, QuotaSpentError, read_answer
from bongsu.sources.un_comtrade.words import known_codes

KEY = "subscription-key"
PERIODS_A_CALL = 12
CODES_A_CALL = 200  # an address must stay short of 2,048 characters
PREVIEW_CAP = 500
TOTALS = {"partner2Code": "0", "customsCode": "C00", "motCode": "0", "breakdownMode": "classic", "includeDesc": "true"}
WANTS = ("reporters", "codes", "flows", "frequencies", "partners")
LEVELS = {"AG2": 2, "AG4": 4, "AG6": 6}
FLOWS = {"M": "M", "X": "X", "IMPORT": "M", "EXPORT": "X"}
# Comtrade's numbers where they are not M49's, or where several stand for one reporter.
NUMBERS = {"USA": "842", "FRA": "251", "ITA": "381", "NOR": "579", "IND": "699", "CHE": "757", "TWN": "490", "EU": "97"}


def plan(request: PlanRequest) -> Iterator[Ask]:
    """The lists of data sets to ask for, newest periods first.

    Raises:
        UsageError: wants that nobody knows, or all codes of a level without a key.
    """
    wants = _wants(request)
    settings = request.source.settings
    first = request.first or date(request.now.year - int(settings["years_back"]), 1, 1)
    settled, cap = int(settings["years_until_settled"]), str(settings["cap"] if request.keyed else PREVIEW_CAP)
    door = f"{settings['api']}/{'data' if request.keyed else 'public'}/v1/getDa"
    for frequency in wants["frequencies"]:
        for periods in _windows(first, request.now, frequency):
            for reporter in wants["reporters"]:
                for codes in _chunks(wants["codes"], CODES_A_CALL):
                    params = {
                        "reporterCode": reporter,
                        "period": ",".join(periods),
                        "cmdCode": ",".join(codes),
                        "flowCode": ",".join(wants["flows"]),
                        "maxRecords": cap,
                    }
                    if wants["partners"]:
                        params["partnerCode"] = ",".join(wants["partners"])
                    # What follows from the list is asked once, too, where its periods are settled.
                    once = int(periods[-1][:4]) < request.now.year - settled
                    yield Ask(f"{door}/C/{frequency}/HS", params, KEY if request.keyed else "", once)


def judge(ask: Ask, answer: bytes, where: str) -> Verdict:
    """What an answer means.

    Raises:
        CutAnswerError: it was cut although the question is as narrow as can be.
        SourceUnavailableError: a refusal other than a spent quota.
        BadInputError: no answer of this API.
    """
    try:
        found = read_answer(answer, where)
    except QuotaSpentError as error:
        return Paused(error)
    if "/getDa/" in ask.url:
        return _published(ask, found)
    if found.count < int(ask.params["maxRecords"]) and found.count == len(found.rows):
        return Whole()
    into = _narrower(ask)
    if into:
        return Split(into)
    raise CutAnswerError(
        Text(
            f"응답이 한도 {ask.params['maxRecords']}행에서 잘렸고 더 나눌 수 없습니다.",
            f"the answer was cut at {ask.params['maxRecords']} rows, and the question cannot be made narrower.",
        ),
        where=where,
        mend=Text("키를 주거나 품목과 기간을 좁히십시오.", "Give a key, or ask for fewer codes and periods."),
    )


def _published(ask: Ask, found: ApiAnswer) -> Verdict:
    asked = ask.params["period"].split(",")
    listed = {
        str(row.get("period")) for row in found.rows if str(row.get("reporterCode")) == ask.params["reporterCode"]
    }
    out = [period for period in asked if period in listed]
    if not out:
        return NotYet(
            Text(
                f"공표된 자료 목록에 {asked[0]}–{asked[-1]} 기간이 없습니다.",
                f"the list of data sets has none of the periods {asked[0]}–{asked[-1]}.",
            )
        )
    url = ask.url.replace("/data/v1/getDa/", "/data/v1/get/").replace("/public/v1/getDa/", "/public/v1/preview/")
    # All codes of a level: one period at a time, or each first answer would be cut.
    wide = any(code in LEVELS for code in ask.params["cmdCode"].split(","))
    windows = [[period] for period in out] if wide else [out]
    return Whole(
        tuple(Ask(url, {**ask.params, **TOTALS, "period": ",".join(window)}, ask.secret) for window in windows)
    )


def _narrower(ask: Ask) -> tuple[Ask, ...]:
    """Narrower questions that together ask the same: by period, flow, code, and partner last.

    A code's partners stay in one answer as long as may be, for they are held against their world row.
    """
    for name in ("period", "flowCode", "cmdCode"):
        values = ask.params[name].split(",")
        if len(values) > 1:
            return _halves(ask, name, values)
        if values[0] in LEVELS:
            return tuple(_with(ask, name, codes) for codes in _chunks(_codes(LEVELS[values[0]]), CODES_A_CALL))
    partners = ask.params["partnerCode"].split(",") if "partnerCode" in ask.params else _all_partners()
    return _halves(ask, "partnerCode", partners) if len(partners) > 1 else ()


def _halves(ask: Ask, name: str, values: Sequence[str]) -> tuple[Ask, ...]:
    middle = len(values) // 2
    return _with(ask, name, values[:middle]), _with(ask, name, values[middle:])


def _with(ask: Ask, name: str, values: Sequence[str]) -> Ask:
    return replace(ask, params={**ask.params, name: ",".join(values)})


def _codes(digits: int) -> tuple[str, ...]:
    """All codes of a level in any revision, those for goods that are not specified among them."""
    rest = {6: ("9999AA", "999999"), 4: ("9999",), 2: ("99",)}[digits]
    return tuple(sorted({*(code for code in known_codes(None) if len(code) == digits), *rest}))


def _all_partners() -> tuple[str, ...]:
    numbers = {known.m49 for known in countries().values() if known.m49} | {
        row["code"] for row in rows("comtrade_codes")
    }
    return tuple(sorted((str(int(number)) for number in numbers), key=int))


def _chunks(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _windows(first: date, now: datetime, frequency: str) -> Iterator[Sequence[str]]:
    """Periods from `first` to the running one, newest window first: calendar years of months, twelve years of years."""
    if frequency == "M":
        for year in range(now.year, first.year - 1, -1):
            begin, end = first.month if year == first.year else 1, now.month if year == now.year else PERIODS_A_CALL
            if begin <= end:
                yield [f"{year}{month:02}" for month in range(begin, end + 1)]
    else:
        years = [str(year) for year in range(first.year, now.year + 1)]
        yield from reversed(list(_chunks(years, PERIODS_A_CALL)))


def _wants(request: PlanRequest) -> Mapping[str, tuple[str, ...]]:
    unknown = [name for name in request.wants if name not in WANTS]
    if unknown:
        raise _odd(", ".join(unknown), ", ".join(WANTS))
    wants = {name: request.wants.get(name, ()) for name in WANTS}
    codes = tuple(_code(one, keyed=request.keyed) for one in wants["codes"])
    return {
        "reporters": tuple(map(_number, wants["reporters"])),
        "partners": tuple(map(_number, wants["partners"])),
        "codes": tuple(dict.fromkeys(codes)),
        "flows": tuple(_of(FLOWS, one) for one in wants["flows"]),
        "frequencies": tuple(_of({"M": "M", "A": "A"}, one) for one in wants["frequencies"]),
    }


def _of(known: Mapping[str, str], said: str) -> str:
    if said.upper() not in known:
        raise _odd(said, ", ".join(known))
    return known[said.upper()]


def _number(said: str) -> str:
    """Comtrade's number of a country; a number stands for itself."""
    code = comtrade_partner(said) if said.isdecimal() else find_partner(said)
    if code == "W00":
        return "0"
    if code is None or (code not in NUMBERS and code not in countries()):
        raise _odd(said, "ISO 3166-1 alpha-3")
    return NUMBERS.get(code) or str(int(countries()[code].m49))


def _code(said: str, *, keyed: bool) -> str:
    if said in LEVELS and not keyed:
        raise UsageError(
            Text(
                f"키가 없으면 한 번에 {PREVIEW_CAP}행만 볼 수 있어 {said} 전체를 물을 수 없습니다.",
                f"without a key an answer has {PREVIEW_CAP} rows at most, too few for all codes of {said}.",
            ),
            where="un_comtrade",
            mend=Text(
                "키를 주거나 품목부호를 적어 좁히십시오.",
                "Give a key, or name the commodity codes that are wanted.",
            ),
        )
    if said not in LEVELS and said not in known_codes(None):
        raise _odd(said, f"HS, {', '.join(LEVELS)}")
    return said


def _odd(said: str, known: str) -> UsageError:
    return UsageError(
        Text(f"'{said}'은(는) 물을 수 없습니다.", f"'{said}' cannot be asked for."),
        where="un_comtrade",
        mend=Text(f"쓸 수 있는 값: {known}.", f"Use one of: {known}."),
    )
