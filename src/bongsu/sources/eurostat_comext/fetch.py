"""What to ask Comext's dissemination API, and what its answers mean. Unproven: no answer has been seen.

The bulk download is faster, but comes as 7z, which is not opened here. The API counts cells before it answers: all
positions of every dimension that is left open, whether they trade or not. So products are asked for in such numbers
that an answer comes at once, a calendar year at a time.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bongsu.codes.countries import country
from bongsu.codes.hs import hs_codes
from bongsu.codes.partner_codes import eurostat_area, eurostat_partner
from bongsu.codes.tables import UnknownCodeError, rows
from bongsu.language import BadInputError, Text, UsageError
from bongsu.sources.asking import Ask, NotYet, PlanRequest, Split, Verdict, Whole
from bongsu.sources.eurostat_comext.answers import QUEUED, TOO_BIG, refusal, refused
from bongsu.sources.eurostat_comext.columns import layout_of
from bongsu.sources.source import Source

WANTS = ("reporters", "partners", "codes", "flows", "frequencies")
FLOWS = {"import": "1", "export": "2"}
FREQUENCIES = {"M": 12, "A": 1}  # periods a year
INDICATORS = ("VALUE_IN_EUROS", "QUANTITY_IN_100KG")
LENGTHS = (2, 4, 6, 8)
MOST_CODES = 100  # in one address
SETTLED_AFTER = 2  # years: members correct a year until the autumn of the next
EMPTY = Text("이 기간의 자료가 아직 없습니다.", "there are no figures for these periods yet.")


def plan(request: PlanRequest) -> Iterator[Ask]:
    """Calendar years from the newest back, and within each the products in such numbers that an answer comes at once.

    Raises:
        UsageError: wants that Comext does not know.
    """
    wants, settings = _wants(request), request.source.settings
    first = request.first or date(request.now.year - int(settings["years_back"]), 1, 1)
    reporters, partners = [_geo(word) for word in wants["reporters"]], [_geo(word) for word in wants["partners"]]
    flows = [_flow(word) for word in wants["flows"]]
    for frequency in wants["frequencies"]:
        each = len(reporters) * (len(partners) or int(settings["partners"])) * len(flows) * len(INDICATORS)
        many = max(1, min(MOST_CODES, int(settings["cells"]) // (each * _periods(frequency))))
        for start, end, settled in _years(request.source, request.now, first, frequency):
            for codes in _chunks(_codes(wants["codes"]), many):
                key = (frequency, *map("+".join, (reporters, partners, codes, flows, INDICATORS)))
                params = {"format": "SDMX-CSV", "compressed": "false", "startPeriod": start, "endPeriod": end}
                yield Ask(f"{settings['api']}/{'.'.join(key)}", params, once=settled)


def judge(ask: Ask, answer: bytes, where: str) -> Verdict:
    """What an answer means: an empty one is not yet published, unless its year is long settled.

    Raises:
        ApiRefusedError: the API answered with an error.
        BadInputError: no answer of this API, or one that was cut off.
    """
    if said := refusal(answer, where):
        if said.nothing:
            return Whole() if ask.once else NotYet(EMPTY)
        if said.kind in (TOO_BIG, QUEUED) and (into := _halves(ask)):
            return Split(into)
        raise refused(said, where)
    table = csv.reader(io.StringIO(answer.decode("utf-8-sig", "replace"), newline=""))
    header = next(table, [])
    layout_of(header, where)
    count = 0
    for row in table:
        count += 1
        if row and len(row) != len(header):
            raise _cut(where, count + 1)
    if answer and not answer.endswith(b"\n"):
        raise _cut(where, count + 1)
    return Whole() if count or ask.once else NotYet(EMPTY)


def _cut(where: str, row: int) -> BadInputError:
    return BadInputError(
        Text(f"응답이 {row}행에서 끊겼습니다.", f"the answer breaks off in row {row}."),
        where=where,
        mend=Text("다음 실행에서 다시 묻습니다.", "It is asked for again by the next run."),
    )


def _halves(ask: Ask) -> tuple[Ask, ...]:
    """The question in two, by its products; none where it asks for one."""
    head, _, key = ask.url.rpartition("/")
    before, codes, after = key.rsplit(".", 3)[0], key.rsplit(".", 3)[1], key.rsplit(".", 2)[1:]
    each = codes.split("+")
    if len(each) == 1:
        return ()
    middle = len(each) // 2
    parts = ("+".join(each[:middle]), "+".join(each[middle:]))
    return tuple(replace(ask, url=f"{head}/{before}.{part}.{'.'.join(after)}") for part in parts)


def _wants(request: PlanRequest) -> Mapping[str, tuple[str, ...]]:
    said = {**request.source.settings.get("wants", {}), **request.wants}
    unknown = sorted(set(said) - set(WANTS))
    if unknown:
        raise _wrong(f"모르는 조건: {', '.join(unknown)}", f"unknown wants: {', '.join(unknown)}", ", ".join(WANTS))
    return {name: tuple(map(str, said.get(name, ()))) for name in WANTS}


def _wrong(ko: str, en: str, known: str) -> UsageError:
    return UsageError(
        Text(f"{ko}.", f"{en}."), where="eurostat_comext", mend=Text(f"가능한 값: {known}.", f"There are: {known}.")
    )


def _periods(frequency: str) -> int:
    if frequency not in FREQUENCIES:
        raise _wrong(f"모르는 주기: {frequency}", f"an unknown frequency: {frequency}", ", ".join(FREQUENCIES))
    return FREQUENCIES[frequency]


def _flow(word: str) -> str:
    if word not in FLOWS:
        raise _wrong(f"모르는 수출입 구분: {word}", f"an unknown flow: {word}", ", ".join(FLOWS))
    return FLOWS[word]


def _geo(word: str) -> str:
    """Comext's code of a country by its ISO codes, or of the EU (EU27_2020) and its outside (EXT_EU27_2020)."""
    wanted = word.strip().upper()
    if wanted == "W00":
        return "WORLD"
    if wanted == "EU":
        return "EU27_2020"
    if eurostat_area(wanted):
        return wanted
    try:
        known = country(wanted)
    except UnknownCodeError as error:
        if eurostat_partner(wanted, date.max):
            return wanted
        raise UsageError(error.what, where="eurostat_comext", mend=error.mend) from error
    own = {row["partner"]: row["code"] for row in rows("eurostat_partners") if row["code"] == "XS"}
    return own.get(known.alpha3, known.alpha2)


def _codes(prefixes: Sequence[str]) -> list[str]:
    """Products: what the user names, and for a chapter or heading its subheadings too; by default all six digits."""
    every = hs_codes(6)
    if not prefixes:
        return list(every)
    odd = [code for code in prefixes if not code.isdecimal() or len(code) not in LENGTHS]
    if odd:
        raise _wrong(f"품목부호가 아닙니다: {', '.join(odd)}", f"no product codes: {', '.join(odd)}", "HS 2·4·6, CN 8")
    found = [code for prefix in prefixes for code in every if code.startswith(prefix) and code != prefix]
    return sorted({*prefixes, *found})


def _years(source: Source, now: datetime, first: date, frequency: str) -> Iterator[tuple[str, str, bool]]:
    """(start, end, settled) of each calendar year with figures that are out, the newest first."""
    for year in range(now.year, first.year - 1, -1):
        settled = now.year >= year + SETTLED_AFTER
        begin = max(first.month, 1) if year == first.year else 1
        if frequency == "A":
            if source.lag.known_at(date(year, 1, 1), "A", source.zone) <= now:
                yield str(year), str(year), settled
            continue
        out = [m for m in range(begin, 13) if source.lag.known_at(date(year, m, 1), "M", source.zone) <= now]
        if out:
            yield f"{year}-{begin:02}", f"{year}-{out[-1]:02}", settled


def _chunks(codes: Sequence[str], many: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(codes), many):
        yield codes[start : start + many]
