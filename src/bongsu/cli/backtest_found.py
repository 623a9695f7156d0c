"""All that a backtest found, and what has to be said with it: assumptions, what is missing, what cannot be judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bongsu.detectors.calibration import FIXED_TABLES
from bongsu.detectors.rule import FLOW, PRICE, TRANSIT
from bongsu.fusion.backtest.fused import Fused, FusedCase
from bongsu.fusion.backtest.ledger import KNOWN
from bongsu.fusion.backtest.run import Outcome
from bongsu.language import Text


@dataclass(frozen=True)
class Found:
    """All that a backtest found.

    Args:
        outcomes: a rule on a layer each.
        fused_cases: the watch on the cases of fusion.
        whole: the watch on all shipped items; None: not asked for.
        stamp: what makes the figures again.
        span: the known days that were asked for.
        quiet: how many quiet flows were given.
    """

    outcomes: tuple[Outcome, ...]
    fused_cases: tuple[FusedCase, ...]
    whole: Fused | None
    stamp: Mapping[str, Any]
    span: tuple[date, date] | None
    quiet: int = 0

    @property
    def no_figures(self) -> tuple[str, ...]:
        """Series that the lake has nothing of, or nothing in their days."""
        return tuple(dict.fromkeys(name for one in self.outcomes for name in one.ledger.no_figures))

    @property
    def not_found(self) -> tuple[Text, ...]:
        """What else might have been meant: codes that no item holds, chokepoints that there are."""
        codes = (one.case.flow.code for one in self.fused_cases if one.case.flow and not one.items)
        held = {one.ledger.layer: one.ledger for one in self.outcomes if one.ledger.missing_cases}.get(TRANSIT)
        places = ", ".join(held.name(row) for row in range(held.told.shape[0])) if held else ""
        there = (Text(f"저장소에 있는 해협: {places}.", f"Chokepoints that the lake has: {places}."),) if places else ()
        return (*map(_no_item, dict.fromkeys(codes)), *there)

    @property
    def no_budget(self) -> tuple[Text, ...]:
        """The layers that have nothing quiet, so that no threshold can be held to a budget."""
        bare = dict.fromkeys(one.ledger.layer for one in self.outcomes if not one.ledger.budgeted)
        return tuple(_NO_QUIET if layer == FLOW and not self.quiet else _no_budget(layer) for layer in bare)

    @property
    def assumptions(self) -> tuple[Text, ...]:
        """What the figures rest on beside the data."""
        layers = {one.ledger.layer for one in self.outcomes}
        price = self.span is None and PRICE in layers
        flow = FLOW in layers and self.quiet
        return (*self.no_budget, *_ALWAYS, *((_PRICES,) if price else ()), *((_FLOWS,) if flow else ()))


_ALWAYS = (
    Text(
        "날짜는 모두 공개 시점이다. 공표일이 적혀 있지 않은 수치는 출처의 시차로 정한 날에 알려진 것으로 본다"
        "(미국 통계국 36일, 핑크시트 다음 달 둘째 근무일, 포트워치 매주).",
        "All dates are known dates. A figure without a stated day counts as known after its source's lag "
        "(US Census 36 days, Pink Sheet the second working day of the next month, PortWatch weekly).",
    ),
    Text(
        "계열의 첫 36개월(일별 365일)은 채점하지 않는다. 울림이 이어지면 석 달마다 다시 한 번으로 센다.",
        "Nothing is scored in a series' first 36 months (daily: 365 days). An alarm that rings on counts again every "
        "three months.",
    ),
    Text(
        "절반으로 나누어 지키는 것은 문턱과 규칙이 열어 둔 상수다. 우리 규칙의 꼴과 나머지 상수는 보이는 사례를 보며 골랐으므로, "
        "여기서 아무도 보지 못한 사례만이 그것을 확인할 수 있다.",
        "The halves guard the threshold and the constants in a rule's grid; the form of our rule and its other constants were "
        "chosen with the visible cases in view, so only cases that nobody here has seen can confirm them.",
    ),
    FIXED_TABLES,
)
_FLOWS = Text(
    "조용한 흐름의 햇수는 파일이 적은 기간에 알려진 달을 모두 센 것이다. 첫 36개월도 들며, 같은 계열 사례의 기간은 뺀다.",
    "The years of quiet flows are all months that became known in the days that the file states, warm-up included; the days "
    "of a case on the same series are left out.",
)
_NO_QUIET = Text(
    "조용한 흐름을 주지 않아(--quiet) 예산을 적용할 수 없다.", "no quiet flows given: no budget can be applied"
)


def _no_budget(layer: str) -> Text:
    return Text(
        f"{layer}: 오경보를 셀 조용한 달이 없어 예산을 적용할 수 없다.",
        f"{layer}: no quiet months with figures: no budget can be applied",
    )


def _no_item(code: str) -> Text:
    return Text(f"{code}에 해당하는 실린 품목이 없다.", f"no shipped item holds {code}")


_PRICES = Text(
    f"가격의 오경보는 {KNOWN[0]}부터 {KNOWN[1]}까지 알려진 달에서 센다.",
    f"False alarms on prices are counted in months known from {KNOWN[0]} to {KNOWN[1]}.",
)
