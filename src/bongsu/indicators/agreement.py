"""Dependence methods side by side: what each says of a code, which criterion decides, where they disagree and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from bongsu.indicators.methods import Method
from bongsu.language import Text

Row = Mapping[str, Any]
YEARS = "years"  # decides where the criteria do not hold, or are not known, in enough years
NOT_JUDGED = "not_judged"  # decides where the method has no row of the code
_MILLION = 1e6
_LARGE = 1000


@dataclass(frozen=True)
class Judged:
    """What one method says of one code.

    Args:
        method: the method.
        dependent: true, false, or null for "cannot be told".
        decides: what stands in the way of "dependent": verdict columns that are false or, where it cannot be told, not
            known; `YEARS`; `NOT_JUDGED`. Empty where it is dependent.
        row: the method's row; empty where there is none.
    """

    method: Method
    dependent: bool | None
    decides: tuple[str, ...]
    row: Row


@dataclass(frozen=True)
class Agreement:
    """In how many codes two methods say the same, of those that both can tell."""

    one: str
    other: str
    both: int
    only_one: int
    only_other: int
    neither: int
    cannot_be_told: int  # by one of them at least


def judged(method: Method, row: Row | None) -> Judged:
    """What `method` says in `row`, one of its indicator's rows; None: it has no row of the code."""
    if row is None:
        return Judged(method, None, (NOT_JUDGED,), {})
    verdict: bool | None = row["dependent"]
    if verdict:
        return Judged(method, dependent=True, decides=(), row=row)
    # "Cannot be told" is decided by what is not known, "no" by what does not hold.
    missing = None if verdict is None else False
    found = tuple(one.verdict for one in method.criteria if row[one.verdict] is missing)
    return Judged(method, verdict, found or (YEARS,), row)


def disagree(several: Iterable[Judged]) -> bool:
    """Does one method call the code dependent and another say that it is not?"""
    return {True, False} <= {one.dependent for one in several}


def agreement(codes: Iterable[Sequence[Judged]]) -> tuple[Agreement, ...]:
    """Every pair of methods over all codes, each given by what the methods say of it in one order."""
    counts: dict[tuple[str, str], Counter[tuple[bool | None, bool | None]]] = {}
    for several in codes:
        for one, other in combinations(several, 2):
            counted = counts.setdefault((one.method.id, other.method.id), Counter())
            counted[one.dependent, other.dependent] += 1
    return tuple(
        Agreement(
            *pair,
            both=found[True, True],
            only_one=found[True, False],
            only_other=found[False, True],
            neither=found[False, False],
            cannot_be_told=sum(number for verdicts, number in found.items() if None in verdicts),
        )
        for pair, found in counts.items()
    )


def reasons(codes: Iterable[Sequence[Judged]]) -> Counter[tuple[str, str]]:
    """Where methods disagree: by (method, criterion), how many codes that criterion keeps out of the method's."""
    return Counter(
        (one.method.id, decides)
        for several in codes
        if disagree(several)
        for one in several
        if one.dependent is False
        for decides in one.decides
    )


def criterion_text(method: Method, name: str) -> Text:
    """What decides, in words."""
    if name == YEARS:
        return Text(
            f"최근 {method.window}년 가운데 {method.needed}년 이상 성립", f"in {method.needed} of {method.window} years"
        )
    if name == NOT_JUDGED:
        return Text("이 방법이 필요로 하는 수치", "the figures that this method needs")
    return next(one.text for one in method.criteria if one.verdict == name)


def why(several: Iterable[Judged]) -> Text | None:
    """Why methods disagree over a code, in one sentence; None where they do not."""
    given = tuple(several)
    if not disagree(given):
        return None
    yes = ", ".join(one.method.id for one in given if one.dependent)
    no = [_lacking(one) for one in given if one.dependent is False]
    return Text(
        f"{yes}: 의존. {'; '.join(one.ko for one in no)}.", f"{yes}: dependent. {'; '.join(one.en for one in no)}."
    )


def _lacking(one: Judged) -> Text:
    told = [_figure(one, name) for name in one.decides]
    ko, en = ", ".join(text.ko for text in told), ", ".join(text.en for text in told)
    return Text(f"{one.method.id}: 아님(불충족: {ko})", f"{one.method.id}: not, for want of {en}")


def what_would_change(one: Judged) -> Text:
    """What would give another answer by this method, in one sentence."""
    if one.dependent:
        told = [_figure(one, criterion.verdict) for criterion in one.method.criteria]
        return _joined(
            told, Text("다음 가운데 하나라도 어긋나면 의존이 아닙니다: ", "Not dependent once one of these fails: ")
        )
    told = [_figure(one, name) for name in one.decides]
    if one.dependent is None:
        return _joined(told, Text("다음을 알아야 판단할 수 있습니다: ", "To tell it, this must be known: "))
    return _joined(told, Text("다음이 모두 성립하면 의존입니다: ", "Dependent if all of these hold: "))


def _joined(told: Sequence[Text], head: Text) -> Text:
    return Text(f"{head.ko}{', '.join(one.ko for one in told)}.", f"{head.en}{', '.join(one.en for one in told)}.")


def _figure(one: Judged, name: str) -> Text:
    """A criterion in words with the figure that stands against it."""
    text = criterion_text(one.method, name)
    now = _years(one) if name == YEARS else _value(one, name)
    return Text(f"{text.ko}({now.ko})", f"{text.en} ({now.en})") if now else text


def _years(one: Judged) -> Text | None:
    held, not_held = one.row.get("years_true"), one.row.get("years_false")
    if held is None or not_held is None:
        return None
    unknown = one.method.window - held - not_held
    return Text(
        f"성립 {held}년, 불성립 {not_held}년, 모름 {unknown}년", f"{held} yes, {not_held} no, {unknown} unknown"
    )


def _value(one: Judged, name: str) -> Text | None:
    criterion = next((each for each in one.method.criteria if each.verdict == name), None)
    value = one.row.get(criterion.value) if criterion and criterion.value else None
    if criterion is None or value is None:
        return None
    if abs(value) < _LARGE and criterion.threshold is not None:
        return Text(f"지금 {value:.2f}", f"now {value:.2f}")
    money = f"{one.row.get('currency') or ''} {value / _MILLION:,.1f}".strip()
    return Text(f"지금 {money}백만", f"now {money} m")
