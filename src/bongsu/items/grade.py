"""The `ews_grade` of an item, A–D, by one documented rule; a person may override it with a reason.

| points | dependence: top supplier's share | difficulty of going without | importance |
|---|---|---|---|
| 6 | 90 % and more | | |
| 4 | 75 % to under 90 % | | |
| 2 | 50 % to under 75 % | hard, or unknown | high, or unknown |
| 1 | | moderate | medium |
| 0 | under 50 % | easy | low |

Sum of the three: **A** 8 and more, **B** 6–7, **C** 4–5, **D** under 4.

Difficulty is the lesser of substitution (hard 2, moderate 1, easy 0) and domestic production (none or
little 2, some 1, ample 0): one way out is enough. An unknown difficulty or importance counts as the worst
one and is named. Imports of less than the value floor a year lower the grade by one step, unless
importance is high or unknown: a small bill is no comfort where much hangs on it. **An unknown share gives
an unknown grade, never D.**

The criteria (dependence on one country, difficulty of domestic production or substitution, importance;
bands of 50, 75 and 90 %; a value floor) are those publicly stated for Korea's early-warning items; points
and cuts are Bongsu's own and are not the state's classification (docs/develop/grade.md).

The rule needs no item: `letter` grades any code (`schedule` says which codes belong to an item).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bongsu.items.item import LETTERS, UNKNOWN, Item, Override
from bongsu.language import Text

VALUE_FLOOR_USD = 10_000_000
BANDS = ((0.90, 6), (0.75, 4), (0.50, 2), (0.0, 0))
CUTS = ((8, "A"), (6, "B"), (4, "C"), (0, "D"))
WORST = 2
SUBSTITUTION = {"hard": 2, "moderate": 1, "easy": 0}
DOMESTIC = {"none": 2, "little": 2, "some": 1, "ample": 0}
IMPORTANCE = {"high": 2, "medium": 1, "low": 0}
NAMES = {
    "hard": Text("어려움", "hard"),
    "moderate": Text("보통", "moderate"),
    "easy": Text("쉬움", "easy"),
    "none": Text("없음", "none"),
    "little": Text("거의 없음", "little"),
    "some": Text("일부", "some"),
    "ample": Text("충분", "ample"),
    "high": Text("높음", "high"),
    "medium": Text("보통", "medium"),
    "low": Text("낮음", "low"),
    UNKNOWN: Text("알 수 없음", "unknown"),
}
SUBSTITUTION_BECOMES = Text("대체 난도가", "substitution becomes")
DOMESTIC_BECOMES = Text("국내 생산이", "domestic production becomes")
IMPORTANCE_BECOMES = Text("중요도가", "importance becomes")


@dataclass(frozen=True)
class Criteria:
    """What the rule looks at.

    Args:
        share: top supplier's share of the home country's imports, 0–1; None: unknown.
        value_usd: imports from the world in a year, USD; None: unknown.
        substitution, domestic, importance: values of the item's assessments.
    """

    share: float | None
    value_usd: float | None
    substitution: str
    domestic: str
    importance: str


@dataclass(frozen=True)
class Grade:
    """An item's grade.

    Args:
        letter: A–D; None: unknown, which is not D.
        by_rule: what the rule alone says.
        reasons: why, one sentence each.
        what_would_change: single changes that would give another letter.
        overridden_by: the person's override, where one stands.
    """

    letter: str | None
    by_rule: str | None
    reasons: tuple[Text, ...]
    what_would_change: tuple[Text, ...]
    overridden_by: Override | None


def ews_grade(item: Item, share: float | None, value_usd: float | None, on: date | None = None) -> Grade:
    """The grade of `item`, seen as of `on` where given.

    Args:
        item: the item; its assessments and override are used.
        share: top supplier's share of imports, 0–1, from the dependence indicator; None: unknown.
        value_usd: imports in a year, USD; None: unknown.
        on: the day of the view; None: everything held.

    Raises:
        ValueError: `share` lies outside 0–1, or `value_usd` is negative.
    """
    seen = item if on is None else item.as_of(on)
    assessed = (seen.substitution.value, seen.domestic.value, seen.importance.value)
    criteria = Criteria(share, value_usd, *assessed)
    by_rule = letter(criteria)
    override = seen.override
    reasons = tuple(reasons_of(criteria))
    if override:
        said = Text("{by}이(가) {on} {letter}로 조정: {why}", "{by} set {letter} on {on}: {why}")
        why = said.format(by=override.by, on=override.on, letter=override.letter, why=override.reason)
        reasons = (why, *reasons)
    return Grade(
        letter=override.letter if override else by_rule,
        by_rule=by_rule,
        reasons=reasons,
        what_would_change=tuple(changes_of(criteria)),
        overridden_by=override,
    )


def letter(criteria: Criteria, *, unknown: int = WORST) -> str | None:
    """The rule alone: A–D, or None where the share is unknown.

    Args:
        criteria: what the rule looks at.
        unknown: points of a criterion that nobody has assessed; 0 gives the letter that stands even if every unknown
            criterion turns out at its best.
    """
    if criteria.share is None:
        return None
    if not 0 <= criteria.share <= 1 or (criteria.value_usd is not None and criteria.value_usd < 0):
        raise ValueError(f"a share of {criteria.share} or a value of {criteria.value_usd} cannot be")
    difficulty, importance = weights(criteria, unknown=unknown)
    points = _band(criteria.share)[1] + difficulty + importance
    graded = next(grade for least, grade in CUTS if points >= least)
    return LETTERS[min(LETTERS.index(graded) + _lowered(criteria.value_usd, importance), len(LETTERS) - 1)]


def weights(criteria: Criteria, *, unknown: int = WORST) -> tuple[int, int]:
    """Points of the difficulty of going without and of the importance; `unknown` for what nobody has assessed."""
    difficulty = min(SUBSTITUTION.get(criteria.substitution, unknown), DOMESTIC.get(criteria.domestic, unknown))
    return difficulty, IMPORTANCE.get(criteria.importance, unknown)


def _band(share: float) -> tuple[float, int]:
    return next(band for band in BANDS if share >= band[0])


def _lowered(value_usd: float | None, importance: int) -> bool:
    return value_usd is not None and value_usd < VALUE_FLOOR_USD and importance < WORST


def lowered(criteria: Criteria) -> bool:
    """Did the value floor lower the grade by a step?"""
    return _lowered(criteria.value_usd, weights(criteria)[1])


def reasons_of(criteria: Criteria) -> Iterator[Text]:
    """Why the rule says what it says, one sentence each."""
    if criteria.share is None:
        yield Text(
            "최대 공급국 비중을 모르므로 등급도 알 수 없습니다.",
            "The top supplier's share is unknown, and so is the grade.",
        )
    else:
        shown = f"{criteria.share:.1%}"
        yield Text(f"최대 공급국 비중 {shown}.", f"Top supplier's share {shown}.")
    yield _said(
        Text(
            "대체 {substitution}, 국내 생산 {domestic}, 중요도 {importance}.",
            "Substitution {substitution}, domestic production {domestic}, importance {importance}.",
        ),
        criteria,
    )
    if UNKNOWN in (criteria.substitution, criteria.domestic, criteria.importance):
        yield Text("모르는 기준은 가장 나쁜 값으로 셌습니다.", "An unknown criterion counts as the worst value.")
    if criteria.value_usd is None:
        yield Text(
            "연간 수입액을 몰라 금액 하한을 적용하지 않았습니다.",
            "Yearly imports are unknown; the value floor was not applied.",
        )
    elif lowered(criteria):
        yield Text(
            "연간 수입액이 하한(1천만 달러)보다 적어 한 등급 낮췄습니다.",
            "Yearly imports are under the floor (USD 10 million): one step lower.",
        )


def _said(sentence: Text, criteria: Criteria) -> Text:
    return sentence.format(
        substitution=NAMES[criteria.substitution],
        domestic=NAMES[criteria.domestic],
        importance=NAMES[criteria.importance],
    )


def changes_of(criteria: Criteria) -> Iterator[Text]:
    """Every single change of one criterion that gives another letter than the rule's, nearest band first."""
    by_rule = letter(criteria)
    if criteria.share is None:
        yield Text("수입 통계가 들어오면 등급을 매깁니다.", "Import figures would give it a grade.")
        return
    yield from _share_changes(criteria, criteria.share, by_rule)
    yield from _value_changes(criteria, by_rule)
    for name, value, changed in _alternatives(criteria):
        if (graded := letter(changed)) != by_rule:
            said = Text("{name} '{value}'(으)로 바뀌면 {letter}.", "{letter} if {name} {value}.")
            yield said.format(name=name, value=NAMES[value], letter=graded)


def _alternatives(criteria: Criteria) -> Iterator[tuple[Text, str, Criteria]]:
    """(criterion, other value, criteria with it) for every criterion but the share."""
    for value in (each for each in SUBSTITUTION if each != criteria.substitution):
        yield SUBSTITUTION_BECOMES, value, replace(criteria, substitution=value)
    for value in (each for each in DOMESTIC if each != criteria.domestic):
        yield DOMESTIC_BECOMES, value, replace(criteria, domestic=value)
    for value in (each for each in IMPORTANCE if each != criteria.importance):
        yield IMPORTANCE_BECOMES, value, replace(criteria, importance=value)


def _value_changes(criteria: Criteria, by_rule: str | None) -> Iterator[Text]:
    """What the other side of the value floor would give."""
    if criteria.value_usd is None:
        return
    small = criteria.value_usd < VALUE_FLOOR_USD
    other = replace(criteria, value_usd=float(VALUE_FLOOR_USD) if small else 0.0)
    if (graded := letter(other)) != by_rule:
        said = Text(
            "연간 수입액이 하한(1천만 달러)에 이르면 {letter}.",
            "{letter} if yearly imports reach the floor (USD 10 million).",
        )
        fallen = Text(
            "연간 수입액이 하한(1천만 달러)보다 줄면 {letter}.",
            "{letter} if yearly imports fall under the floor (USD 10 million).",
        )
        yield (said if small else fallen).format(letter=graded)


def _share_changes(criteria: Criteria, share: float, by_rule: str | None) -> Iterator[Text]:
    floors = [floor for floor, _ in BANDS]
    here = floors.index(_band(share)[0])
    for ceiling, floor in zip(floors[here:], floors[here + 1 :], strict=False):
        if (graded := letter(replace(criteria, share=floor))) != by_rule:
            said = Text(
                "비중이 {ceiling:.0%} 아래로 내려가면 {letter}.",
                "{letter} if the share falls below {ceiling:.0%}.",
            )
            yield said.format(ceiling=ceiling, letter=graded)
            break
    for floor in reversed(floors[:here]):
        if (graded := letter(replace(criteria, share=floor))) != by_rule:
            said = Text("비중이 {floor:.0%}에 이르면 {letter}.", "{letter} if the share reaches {floor:.0%}.")
            yield said.format(floor=floor, letter=graded)
            break
