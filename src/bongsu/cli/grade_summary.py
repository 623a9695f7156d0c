"""What all codes come to together: by letter, by method, method against method, and what is missing to say more."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bongsu.cli.grade_place import Place
from bongsu.cli.grade_rows import FACT, FLOWS, MIRROR, Code
from bongsu.indicators.agreement import YEARS, agreement, criterion_text, disagree, reasons
from bongsu.indicators.grades import CURRENCY, WINDOW
from bongsu.indicators.korean_bands import BANDS, FLOORS
from bongsu.indicators.methods import Method
from bongsu.items.item import LETTERS
from bongsu.items.schedule import Schedule
from bongsu.language import Text

UNKNOWN = "unknown"
EXPORTS = {"cdi3_over", "ratio_over"}
WORLD = {"world_over", "dominant"}
ESSENTIAL = "essential"


@dataclass(frozen=True)
class Judgement:
    """Everything that was judged.

    Args:
        codes: all of them, what matters first.
        methods: those asked for.
        place: where the figures come from; None: from no flows of the home's own.
        concentrated: codes whose HHI is surely above 0.4.
        gone: codes with a row in one of the two years before, and none in this one.
        partial: years before that damping looks at and that have no row at all.
    """

    codes: Sequence[Code]
    methods: Sequence[Method]
    place: Place | None
    concentrated: frozenset[str]
    gone: int
    partial: Sequence[int]


def summary(given: Judgement) -> dict[str, Any]:
    """The part of the answer that stands before the codes."""
    several = [one.judged for one in given.codes]
    return {
        "methods": [_method(method, given.codes, at) for at, method in enumerate(given.methods)],
        "agreement": [asdict(pair) for pair in agreement(several)],
        "disagreements": [
            {
                "method": name,
                "criterion": criterion,
                "text": _criterion(given.methods, name, criterion),
                "codes": number,
            }
            for (name, criterion), number in sorted(reasons(several).items(), key=lambda pair: (-pair[1], pair[0]))
        ],
        "grades": {
            "grade": _letters(given.codes, lambda one: one.grade[0]),
            "this_year": _letters(given.codes, lambda one: one.row["letter"]),
            "damped": _letters(given.codes, lambda one: one.row["damped"]),
        },
        "counts": _counts(given),
        "bands": _bands(given),
    }


def _method(method: Method, codes: Sequence[Code], at: int) -> dict[str, Any]:
    verdicts = Counter(one.judged[at].dependent for one in codes)
    rows = [one.judged[at].row for one in codes if one.judged[at].row]
    return {
        "method": method.id,
        "name": method.name,
        "window": method.window,
        "needed": method.needed,
        "judged": verdicts[True] + verdicts[False],
        "dependent": verdicts[True],
        "not_dependent": verdicts[False],
        "cannot_be_told": verdicts[None],
        "headline": method.headline,
        "criteria": [
            {"criterion": one.verdict, "text": one.text, "threshold": one.threshold, **_verdicts(rows, one.verdict)}
            for one in method.criteria
        ],
    }


def _verdicts(rows: Iterable[Mapping[str, Any]], name: str) -> dict[str, int]:
    counted = Counter(row[name] for row in rows)
    return {"holds": counted[True], "fails": counted[False], "cannot_be_told": counted[None]}


def _criterion(methods: Iterable[Method], name: str, criterion: str) -> Text:
    return criterion_text(next(one for one in methods if one.id == name), criterion)


def _letters(codes: Iterable[Code], letter: Callable[[Code], str | None]) -> dict[str, int]:
    counted = Counter(letter(one) or UNKNOWN for one in codes)
    return {name: counted[name] for name in (*LETTERS, UNKNOWN)}


def _counts(given: Judgement) -> dict[str, int]:
    codes = given.codes
    return {
        "codes": len(codes),
        "with_imports": sum((one.row["imports"] or 0.0) > 0 for one in codes),
        "no_imports": sum(bool(one.row["complete"]) and not one.row["imports"] for one in codes if one.basis == FLOWS),
        "partly_hidden": sum(not one.row["complete"] for one in codes if one.basis == FLOWS),
        "from_published_shares": sum(one.basis == FACT for one in codes),
        "from_partners_only": sum(one.basis == MIRROR for one in codes),
        "of_items": sum(bool(one.items) for one in codes),
        "disagree": sum(disagree(one.judged) for one in codes),
        "gone": given.gone,
    }


def _bands(given: Judgement) -> dict[str, Any]:
    """How many codes surely come from one country at so many per cent, and how many of them above the value floor."""
    bands: dict[str, Any] = {
        str(band): _with_floor(one for one in given.codes if (one.row["share_low"] or 0.0) >= band / 100)
        for band in BANDS
    }
    concentrated = (one for one in given.codes if one.basis == FLOWS and one.code in given.concentrated)
    hhi = _with_floor(concentrated) if given.place else None
    return {**bands, "hhi_over_0.4": hhi, "floor": FLOORS[CURRENCY], "floor_currency": CURRENCY}


def _with_floor(codes: Iterable[Code]) -> dict[str, int]:
    rows = [one.row for one in codes]
    above = sum(row["currency"] == CURRENCY and (row["imports"] or 0.0) >= FLOORS[CURRENCY] for row in rows)
    return {"codes": len(rows), "above_floor": above}


def notes(given: Judgement, home: str, held: Schedule) -> tuple[Text, ...]:
    """What the reader must know to read the figures, and what would say more."""
    return tuple(_notes(given, home, held))


def _notes(given: Judgement, home: str, held: Schedule) -> Iterator[Text]:
    if not given.codes:
        yield _nothing(home)
        return
    if not held.items:
        yield Text(
            f"{home}의 품목 목록이 없어 모든 부호의 대체·국내 생산의 어려움과 중요도를 가장 나쁜 값으로 셌습니다. "
            "at_best는 모르는 기준이 모두 가장 좋은 값이어도 남는 등급입니다.",
            f"There is no catalogue of {home}: difficulty and importance of every code are unknown and counted as the "
            "worst. at_best is the letter that stands even if they all turn out at their best.",
        )
    yield from _of_place(given, home)
    yield from _of_methods(given)
    if any(one.basis == FACT for one in given.codes):
        yield Text(
            "수입 기록이 없는 부호는 공표된 비중으로 매겼습니다. 그 목록에 없는 부호는 안전한 것이 아니라 모르는 것입니다.",
            "Codes without flows are graded from published shares. What such a list leaves out is unknown, not safe.",
        )


def _nothing(home: str) -> Text:
    return Text(
        f"{home}의 수입 기록도 공표된 비중도 없습니다. 예: bongsu setup kr (한국 관세청), "
        "bongsu fetch un_comtrade --from 내려받은파일, bongsu fetch bank_of_korea --from 목록.csv --published 날짜",
        f"Neither imports of {home} nor published shares are held. For example: bongsu setup kr (Korea Customs), "
        "bongsu fetch un_comtrade --from DOWNLOADS, bongsu fetch bank_of_korea --from LIST.csv --published DATE",
    )


def _of_place(given: Judgement, home: str) -> Iterator[Text]:
    place = given.place
    if any(one.basis == MIRROR for one in given.codes):
        yield Text(
            f"{home} 자신의 통계가 없어 상대국이 팔았다고 신고한 것을 보입니다. 신고하지 않은 나라가 빠져 있어 등급은 매기지 않습니다.",
            f"{home} reports nothing here: these are its partners' exports to it. Those that do not report are missing, "
            "so nothing is graded.",
        )
    if place is None:
        return
    if not place.full:
        yield Text(
            f"{place.source}에 {place.year}년은 {place.months}개월뿐입니다. 한 해가 다 차지 않으면 판단하지 않습니다.",
            f"{place.source} holds {place.months} months of {place.year} only; a part of a year is not judged.",
        )
    if given.partial:
        missing = ", ".join(map(str, given.partial))
        yield Text(
            f"{missing}년 기록이 없어 그 해는 모르는 것으로 두고 완충합니다({WINDOW}년 가운데 2년).",
            f"{missing} not held: damping counts such a year as unknown (2 of {WINDOW} years).",
        )


def _of_methods(given: Judgement) -> Iterator[Text]:
    """Criteria that no code can be told by, and how to get what they need."""
    lacking = {
        (method.id, name)
        for at, method in enumerate(given.methods)
        for name in (*(one.verdict for one in method.criteria), YEARS)
        if _never_told([one.judged[at] for one in given.codes if one.basis == FLOWS], name)
    }

    def of(names: set[str]) -> str:
        return ", ".join(dict.fromkeys(one.id for one in given.methods if {(one.id, name) for name in names} & lacking))

    source = given.place.source if given.place else ""
    if ids := of(EXPORTS):
        yield Text(
            f"수출 전체의 기록이 {source}에 없어 수입과 수출을 견줄 수 없습니다({ids}). 같은 출처의 수출을 모든 상대국에 걸쳐 넣으십시오: "
            f"bongsu fetch {source} --from 수출파일",
            f"{source} has no list of all exports here, so imports cannot be held against exports ({ids}). Bring that "
            f"source's exports to all partners: bongsu fetch {source} --from EXPORTS",
        )
    if ids := of(WORLD):
        yield Text(
            f"세계 수출이 절반도 보이지 않아 세계 시장의 집중을 판단할 수 없습니다({ids}). 다른 나라의 수출을 넣으십시오: "
            "bongsu fetch un_comtrade --from 내려받은파일",
            f"Less than half of the world's exports is seen, so their concentration cannot be told ({ids}). Bring other "
            "countries' exports: bongsu fetch un_comtrade --from DOWNLOADS",
        )
    if ids := of({ESSENTIAL}):
        yield Text(
            f"무엇이 필수 용도인지 알려 줄 품목 목록이 없습니다({ids}).",
            f"There is no catalogue to say which uses are essential ({ids}).",
        )
    if ids := of({YEARS}):
        yield Text(
            f"여러 해를 보는 방법인데 앞선 해의 기록이 모자랍니다({ids}).",
            f"These methods look at several years, and earlier ones are missing ({ids}).",
        )


def _never_told(judged: Sequence[Any], name: str) -> bool:
    if not judged:
        return False
    if name == YEARS:
        return all(one.dependent is None for one in judged) and any(YEARS in one.decides for one in judged)
    return all(one.row.get(name) is None for one in judged)
