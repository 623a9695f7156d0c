"""The false-alarm budget: from the alarms that an officer reads in a week to the marks of raised and strong.

An officer who can read `alarms` a week over `ITEMS` items can read `alarms` · 52.18 / `ITEMS` an item and year. The
scale of strengths says how often a quiet series comes to a strength for no cause (`detectors.ladder`, measured layer by
layer): 0.25 times a year to 0.25, 0.10 times to 0.5, and so on; in between, straight in the logarithm. Under the
default budget a signal is raised and strong at just these rates; another budget moves both in proportion.
"""

from dataclasses import dataclass

import numpy as np

from bongsu.detectors.ladder import RATES, STRENGTHS
from bongsu.detectors.signal import RAISED, STRONG, Marks
from bongsu.fusion.record import WEEKS, Past
from bongsu.language import Text, UsageError

ITEMS = 4000  # watched, of the size that Korea's early-warning system is said to have
DEFAULT = 10.0  # alarms a week
FROM_LEVEL = 3  # fires
LEAST, MOST = 0.05, 1.0  # strengths between which a mark may lie: at 0 everything would be raised


@dataclass(frozen=True)
class Budget:
    """What may be read, and the thresholds that follow.

    Args:
        alarms: a week, at `FROM_LEVEL` fires or more, over `ITEMS` items.
    """

    alarms: float = DEFAULT

    def __post_init__(self) -> None:
        if not 0 < self.alarms < float("inf"):
            raise UsageError(
                Text(f"--budget {self.alarms:g} 값은 없습니다.", f"there is no --budget {self.alarms:g}."),
                mend=Text("한 주에 읽을 수 있는 경보 수를 0보다 크게 주십시오.", "Give the alarms a week, above 0."),
            )

    @property
    def per_item_year(self) -> float:
        """The same for one item and year."""
        return self.alarms * WEEKS / ITEMS

    @property
    def rates(self) -> tuple[float, float]:
        """False alarms a series and year from which a signal is raised, and strong."""
        return rate(self.marks.raised), rate(self.marks.strong)

    @property
    def marks(self) -> Marks:
        """The strengths from which a signal is raised, and strong."""
        return Marks(*map(_strength, self._wanted))

    @property
    def reached(self) -> bool:
        """Can the thresholds follow the budget, or do they stand at the end of the scale?"""
        return all(rate(MOST) <= each <= rate(LEAST) for each in self._wanted)

    @property
    def _wanted(self) -> tuple[float, float]:
        """The rates that the budget asks for: the default's, in proportion."""
        part = self.alarms / DEFAULT
        return rate(RAISED) * part, rate(STRONG) * part


def rate(strength: float) -> float:
    """How often a year a quiet series comes to a strength for no cause."""
    return float(np.exp(np.interp(strength, STRENGTHS, np.log(RATES))))


def _strength(per_year: float) -> float:
    """The strength that a quiet series comes to so often."""
    found = np.interp(-np.log(per_year), -np.log(RATES), STRENGTHS)
    return round(float(min(max(found, LEAST), MOST)), 6)


def said(budget: Budget, held: Past | None) -> tuple[Text, ...]:
    """The budget, what it means, the thresholds in force, and what the rules gave in the record."""
    raised, strong = budget.rates
    marks = budget.marks
    return (
        Text(
            f"오경보 예산: {FROM_LEVEL}거 이상 한 주 {budget.alarms:g}건(품목 {ITEMS:,}개 기준), "
            f"곧 품목 하나에 한 해 {budget.per_item_year:.3f}건.",
            f"False-alarm budget: {budget.alarms:g} alarms a week at {FROM_LEVEL} fires or more over {ITEMS:,} items, "
            f"that is {budget.per_item_year:.3f} an item and year.",
        ),
        Text(
            f"문턱: 강도 {marks.raised:.2f}부터 높음(계열당 한 해 오경보 {raised:.2f}건), "
            f"{marks.strong:.2f}부터 강함({strong:.2f}건)."
            + ("" if budget.reached else " 이 예산까지는 문턱을 옮길 수 없어 눈금 끝에 두었다."),
            f"Thresholds: raised from strength {marks.raised:.2f} ({raised:.2f} false alarms a series and year), "
            f"strong from {marks.strong:.2f} ({strong:.2f})."
            + ("" if budget.reached else " They cannot follow this budget and stand at the end of the scale."),
        ),
        _in_the_record(held),
    )


def _in_the_record(held: Past | None) -> Text:
    found, live = (None, None) if held is None else (held.alarms_per_week(ITEMS), held.live_alarms_per_week(ITEMS))
    if held is None or found is None:
        return Text(
            "지금 규칙이 낸 경보 수는 아직 기록이 없다.", "How many alarms the rules gave: there is no record yet."
        )
    span, fed = f"{held.years[0].year}–{held.years[-1].year}", "–" if live is None else f"{live:.1f}"
    return Text(
        f"지금 규칙은 기본 예산에서 {span}년 {held.item_years:,.0f} 품목·년에 {held.alarms}건, "
        f"곧 품목 {ITEMS:,}개에 한 주 {found:.1f}건을 냈다. 살아 있는 증거 층이 하나라도 있던 {held.live_item_years:,.0f} "
        f"품목·년으로만 나누면 한 주 {fed}건이다.",
        f"Under the default budget these rules gave {held.alarms} alarms in {held.item_years:,.0f} item-years of {span}, "
        f"that is {found:.1f} a week over {ITEMS:,} items; over the {held.live_item_years:,.0f} item-years with a live "
        f"layer alone, {fed} a week.",
    )
