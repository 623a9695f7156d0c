"""The backtest as JSON; the keys are stable."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from bongsu.cli.backtest_found import Found
from bongsu.detectors.rule import OURS
from bongsu.fusion.backtest.curve import BUDGETS, day_of, lead_days, median_lead
from bongsu.fusion.backtest.files import FUSED
from bongsu.fusion.backtest.forecasts import ENOUGH
from bongsu.fusion.backtest.fused import ALARM, SEVERE, Fused
from bongsu.fusion.backtest.ratios import ratios
from bongsu.fusion.backtest.run import Outcome


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
        "not_found": found.not_found,
        "no_budget": found.no_budget,
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
                    "hit": first >= 0 if one.ledger.budgeted else None,
                    "first_alarm": day_of(first) if first >= 0 else None,
                    "lead_days": lead_days(window, first),
                    "figures": bool(window.inside.any()),
                }
            for case in one.ledger.missing_cases:
                missed = False if one.ledger.budgeted else None
                nothing = {"hit": missed, "first_alarm": None, "lead_days": None, "figures": False}
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
                "false_alarms_per_series_year": float(rates[place]) if one.ledger.budgeted else None,
                "median_lead_days": median_lead(one.ledger.windows, one.curve.first[place]),
            }


def _fused_rules(found: Found) -> Iterator[Mapping[str, Any]]:
    whole = found.whole
    for level in (ALARM, SEVERE) if found.fused_cases or whole else ():
        counted = whole is not None and level == SEVERE
        starts = [(one.case, one.first if level == ALARM else one.severe) for one in found.fused_cases]
        leads = [(case.onset - day).days for case, day in starts if day is not None]
        yield {
            "rule": OURS,
            "layer": FUSED,
            "threshold": level,
            "hits": len(leads),
            "cases": len(found.fused_cases),
            "false_alarms": len(whole.false_alarms) if whole and counted else None,
            "series": None,
            "series_years": whole.item_years if whole and counted else None,
            "false_alarms_per_series_year": whole.per_item_year if whole and counted else None,
            "median_lead_days": float(np.median(leads)) if leads else None,
        }


def summary_rows(found: Found) -> list[Mapping[str, Any]]:
    """One row a rule, layer and budget."""
    rows = [_summary(one, budget) for one in found.outcomes for budget in BUDGETS]
    hits = sum(one.first is not None for one in found.fused_cases)
    fused = {"rule": OURS, "layer": FUSED, "hits": hits, "cases": len(found.fused_cases)}
    nothing = dict.fromkeys(_SUMMARY)
    return [*rows, *({**nothing, **fused, "budget": budget} for budget in BUDGETS if found.fused_cases)]


_SUMMARY = (
    "rule", "layer", "budget", "hits", "cases", "average_precision", "brier", "brier_skill", "threshold",
    "false_alarms_per_series_year", "median_lead_days", "base_rate", "constants", "unseen_recall",
    "unseen_false_alarms_per_series_year",
)  # fmt: skip


def _summary(one: Outcome, budget: float) -> Mapping[str, Any]:
    place = one.curve.best(budget)
    return {
        "rule": one.rule.id,
        "layer": one.ledger.layer,
        "budget": budget,
        "hits": _hits(one, place),
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
            [
                half.hits / half.cases
                for half in one.halves
                if half.budget == budget and half.cases and one.ledger.budgeted
            ]
        ),
        "unseen_false_alarms_per_series_year": _spread(
            [
                half.false_alarms / half.series_years
                for half in one.halves
                if half.budget == budget and half.series_years
            ]
        ),
    }


def _hits(one: Outcome, place: int | None) -> int | None:
    """Hits at a threshold; none where no threshold is within the budget, unknown where there is nothing quiet."""
    if place is None:
        return 0 if one.ledger.budgeted else None
    return int(one.curve.hits[place].sum())


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
            unknown = {} if one.ledger.budgeted else {"hits": None}
            yield {"rule": one.rule.id, "layer": one.ledger.layer, **asdict(half), **unknown}


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
