"""The backtest as JSON; the keys are stable."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from bongsu.detectors.calibration import FIXED_TABLES
from bongsu.detectors.rule import OURS, PRICE
from bongsu.fusion.backtest.curve import BUDGETS, day_of, lead_days, median_lead
from bongsu.fusion.backtest.files import FUSED
from bongsu.fusion.backtest.forecasts import ENOUGH
from bongsu.fusion.backtest.fused import ALARM, SEVERE, Fused, FusedCase
from bongsu.fusion.backtest.ledger import KNOWN
from bongsu.fusion.backtest.ratios import ratios
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
    """

    outcomes: tuple[Outcome, ...]
    fused_cases: tuple[FusedCase, ...]
    whole: Fused | None
    stamp: Mapping[str, Any]
    span: tuple[date, date] | None

    @property
    def no_figures(self) -> tuple[str, ...]:
        """Series that the lake has nothing of."""
        return tuple(dict.fromkeys(name for one in self.outcomes for name in one.ledger.no_figures))

    @property
    def assumptions(self) -> tuple[Text, ...]:
        """What the figures rest on beside the data."""
        layers = {one.ledger.layer for one in self.outcomes}
        price = self.span is None and PRICE in layers
        return (*_ALWAYS, *((_PRICES,) if price else ()))


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
    FIXED_TABLES,
)
_PRICES = Text(
    f"가격의 오경보는 {KNOWN[0]}부터 {KNOWN[1]}까지 알려진 달에서 센다.",
    f"False alarms on prices are counted in months known from {KNOWN[0]} to {KNOWN[1]}.",
)


def document(found: Found) -> Mapping[str, Any]:
    """The whole backtest."""
    return {
        "cases": [*_cases(found), *_fused_cases(found)],
        "rules": [*_rules(found), *_fused_rules(found)],
        "summary": summary_rows(found),
        "halves": list(_halves(found)),
        "ratios": list(ratio_rows(found)),
        "reliability": list(_bins(found)),
        "no_figures": found.no_figures,
        "fused": _whole(found.whole),
        "assumptions": found.assumptions,
        **found.stamp,
    }


def _cases(found: Found) -> Iterator[Mapping[str, Any]]:
    for one in found.outcomes:
        head = {"rule": one.rule.id, "layer": one.ledger.layer}
        for budget in BUDGETS:
            place = one.curve.best(budget)
            for number, window in enumerate(one.ledger.windows):
                first = -1 if place is None else int(one.curve.first[place, number])
                yield {
                    "case_id": window.case.id,
                    **head,
                    "budget": budget,
                    "hit": first >= 0,
                    "first_alarm": day_of(first) if first >= 0 else None,
                    "lead_days": lead_days(window, first),
                    "figures": bool(window.inside.any()),
                }
            for case in one.ledger.missing_cases:
                nothing = {"hit": False, "first_alarm": None, "lead_days": None, "figures": False}
                yield {"case_id": case.id, **head, "budget": budget, **nothing}


def _fused_cases(found: Found) -> Iterator[Mapping[str, Any]]:
    for one in found.fused_cases:
        for budget in BUDGETS:  # levels rest on no such budget: the same for each
            yield {
                "case_id": one.case.id,
                "rule": OURS,
                "layer": FUSED,
                "budget": budget,
                "hit": one.first is not None,
                "first_alarm": one.first,
                "lead_days": None if one.first is None else (one.case.onset - one.first).days,
                "figures": bool(one.items),
                "items": one.items,
                "highest_level": one.level,
                "uses": [{"id": id_, "name": name} for id_, name in one.uses],
            }


def _rules(found: Found) -> Iterator[Mapping[str, Any]]:
    for one in found.outcomes:
        rates = one.curve.rates()
        for place, threshold in enumerate(one.curve.thresholds.tolist()):
            yield {
                "rule": one.rule.id,
                "layer": one.ledger.layer,
                "threshold": threshold,
                "hits": int(one.curve.hits[place].sum()),
                "cases": one.cases,
                "false_alarms": int(one.curve.false_alarms[place].sum()),
                "series": len(one.ledger.quiet_rows),
                "series_years": round(one.ledger.series_years, 3),
                "false_alarms_per_series_year": float(rates[place]),
                "median_lead_days": median_lead(one.ledger.windows, one.curve.first[place]),
            }


def _fused_rules(found: Found) -> Iterator[Mapping[str, Any]]:
    hits = sum(one.first is not None for one in found.fused_cases)
    leads = [(one.case.onset - one.first).days for one in found.fused_cases if one.first]
    whole = found.whole
    for level in (ALARM, SEVERE) if found.fused_cases or whole else ():
        counted = whole is not None and level == SEVERE
        yield {
            "rule": OURS,
            "layer": FUSED,
            "threshold": level,
            "hits": hits if level == ALARM else sum((one.level or 0) >= SEVERE for one in found.fused_cases),
            "cases": len(found.fused_cases),
            "false_alarms": len(whole.false_alarms) if whole and counted else None,
            "series": None,
            "series_years": whole.item_years if whole and counted else None,
            "false_alarms_per_series_year": whole.per_item_year if whole and counted else None,
            "median_lead_days": float(np.median(leads)) if leads and level == ALARM else None,
        }


def summary_rows(found: Found) -> list[Mapping[str, Any]]:
    """One row a rule, layer and budget."""
    rows = [_summary(one, budget) for one in found.outcomes for budget in BUDGETS]
    hits = sum(one.first is not None for one in found.fused_cases)
    nothing = dict.fromkeys(("average_precision", "brier", "brier_skill", "threshold", "unseen_recall"))
    fused = {"rule": OURS, "layer": FUSED, "hits": hits, "cases": len(found.fused_cases), **nothing}
    return [*rows, *({**fused, "budget": budget} for budget in BUDGETS if found.fused_cases)]


def _summary(one: Outcome, budget: float) -> Mapping[str, Any]:
    place = one.curve.best(budget)
    return {
        "rule": one.rule.id,
        "layer": one.ledger.layer,
        "budget": budget,
        "hits": 0 if place is None else int(one.curve.hits[place].sum()),
        "cases": one.cases,
        "average_precision": one.judged.average_precision,
        "brier": one.judged.brier,
        "brier_skill": one.judged.brier_skill,
        "threshold": None if place is None else float(one.curve.thresholds[place]),
        "false_alarms_per_series_year": None if place is None else float(one.curve.rates()[place]),
        "median_lead_days": None if place is None else median_lead(one.ledger.windows, one.curve.first[place]),
        "base_rate": one.judged.base_rate,
        "constants": dict(one.rule.constants),
        "unseen_recall": _spread(
            [half.hits / half.cases for half in one.halves if half.budget == budget and half.cases]
        ),
        "unseen_false_alarms_per_series_year": _spread(
            [
                half.false_alarms / half.series_years
                for half in one.halves
                if half.budget == budget and half.series_years
            ]
        ),
    }


def _spread(values: Sequence[float]) -> Mapping[str, float] | None:
    """Mean, least and most over the seeds, and the standard deviation."""
    if not values:
        return None
    return {
        "mean": float(np.mean(values)),
        "least": min(values),
        "most": max(values),
        "deviation": float(np.std(values)),
    }


def _halves(found: Found) -> Iterator[Mapping[str, Any]]:
    for one in found.outcomes:
        for half in one.halves:
            yield {"rule": one.rule.id, "layer": one.ledger.layer, **asdict(half)}


def ratio_rows(found: Found) -> Iterator[Mapping[str, Any]]:
    """Kaminsky–Reinhart ratios and usefulness, a row a rule, layer and budget."""
    for one in found.outcomes:
        for budget in BUDGETS:
            place = one.curve.best(budget)
            if place is not None:
                hits, alarms = int(one.curve.hits[place].sum()), int(one.curve.false_alarms[place].sum())
                found_ratios = ratios(hits, one.cases, alarms, one.ledger.series_years)
                yield {"rule": one.rule.id, "layer": one.ledger.layer, "budget": budget, **asdict(found_ratios)}


def _bins(found: Found) -> Iterator[Mapping[str, Any]]:
    for one in found.outcomes:
        for each in one.judged.bins:
            enough = each.forecasts >= ENOUGH
            yield {"rule": one.rule.id, "layer": one.ledger.layer, **asdict(each), "enough": enough}


def _whole(whole: Fused | None) -> Mapping[str, Any] | None:
    if whole is None:
        return None
    return {
        "first": whole.first,
        "last": whole.last,
        "item_years": whole.item_years,
        "all_item_years": whole.all_item_years,
        "episodes": len(whole.episodes),
        "false_alarms": len(whole.false_alarms),
        "false_alarms_per_item_year": whole.per_item_year,
        "events": whole.events,
        "events_caught": whole.caught,
        "alarms_at_three_fires": whole.alarms,
        "false": [{"item": one.item, "day": one.day} for one in whole.false_alarms],
        "true": [
            {"item": one.item, "day": one.day, "event": one.event.what}
            for one in whole.episodes
            if one.event is not None
        ],
        "levels": [asdict(row) for row in whole.rows],
    }
