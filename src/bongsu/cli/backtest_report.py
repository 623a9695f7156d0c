"""The backtest as one page: curves, every case with its alarms, reliability, ratios; no script, nothing from outside."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from html import escape
from math import isfinite, sqrt
from typing import Any

import numpy as np

from bongsu.cli.backtest_document import ratio_rows, summary_rows
from bongsu.cli.backtest_found import Found
from bongsu.cli.charts import Frame, Line, axes, band, dot, labels, legend, line, mark, plain_line, svg, upright
from bongsu.cli.session import Session
from bongsu.cli.stamp import stamped
from bongsu.detectors.episodes import start_places
from bongsu.detectors.rule import FLOW, OURS, PRICE, TRANSIT
from bongsu.fusion.backtest.curve import BUDGETS
from bongsu.fusion.backtest.files import FUSED
from bongsu.fusion.backtest.forecasts import ENOUGH
from bongsu.fusion.backtest.ledger import Window
from bongsu.fusion.backtest.ratios import PREFERENCES
from bongsu.fusion.backtest.run import Outcome
from bongsu.indicators.transit_deficit import WEEK, week_sums
from bongsu.language import Text

SHOWN_AT = BUDGETS[1]  # the budget at which the cases' alarms are drawn
MOST_RATE = 1.0  # false alarms a series and year, to the right end of the curves
BEFORE, AFTER = timedelta(days=4 * 365), timedelta(days=540)  # what is drawn around a case
NEAR = timedelta(days=150)  # around a case of days
LAYERS = {
    FLOW: Text("무역 흐름", "Flows"),
    PRICE: Text("가격", "Prices"),
    TRANSIT: Text("통항", "Transits"),
    FUSED: Text("융합", "Fusion"),
}
STYLE = """
:root{color-scheme:light}body{font:16px/1.5 system-ui,"Noto Sans KR","Malgun Gothic",sans-serif;max-width:1180px;
margin:0 auto;padding:1.2rem;color:#1c1b1a;background:#fff}h1{font-size:1.5rem}h2{margin-top:2.4rem;border-bottom:2px solid #b3261e}
h3{font-size:1rem;margin:1.2rem 0 .4rem}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.86rem}
td,th{padding:.22rem .6rem;border-bottom:1px solid #ddd;text-align:right;white-space:nowrap}td:first-child,th:first-child,
td:nth-child(2),th:nth-child(2){text-align:left}tr.ours td{font-weight:700}.wide{overflow-x:auto}
figure{margin:0 0 1rem}figcaption{font-size:.72rem;color:#555;overflow-wrap:anywhere}.pair{display:grid;gap:1.4rem;
grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr))}.cases{display:grid;gap:1rem;
grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr))}.cases h4{font-size:.82rem;margin:0;overflow-wrap:anywhere}
.cases p{font-size:.76rem;margin:.1rem 0;color:#444}svg{width:100%;height:auto}svg text{font-size:11px;fill:#333}
svg .axis{fill:none;stroke:#444}svg .grid{stroke:#e3e3e3;fill:none}.band{fill:#f3d9a4;opacity:.6}svg .series{fill:none;stroke:#1f4e79;stroke-width:1.4}.onset{stroke:#111;
stroke-dasharray:4 3;fill:none}.alarm{stroke:#b3261e;fill:none}.right{fill:#b3261e}.wrong{fill:#777}.dot{fill:#b3261e;opacity:.85}
.faint{fill:#bbb}.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.8rem;margin:.3rem 0}svg.key{width:34px;
height:8px;margin-right:.4rem;vertical-align:middle}.small{font-size:.82rem;color:#444}@media print{h2{break-before:page}}
"""


def report(session: Session, found: Found) -> str:
    """The page."""
    say = session.say
    title = say(Text("역검증: 그때 알려진 것만으로", "Backtest: on what was known at the time"))
    layers = dict.fromkeys(one.ledger.layer for one in found.outcomes)
    body = [f"<h1>{escape(title)}</h1>", _assumed(session, found), *(_layer(session, found, one) for one in layers)]
    if found.fused_cases or found.whole:
        body.append(_fusion(session, found))
    return (
        f'<!doctype html><html lang="{session.language.value}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>{''.join(body)}</body></html>\n"
    )


def _assumed(session: Session, found: Found) -> str:
    said = [*found.not_found, *found.assumptions]
    if found.no_figures:
        names = ", ".join(found.no_figures)
        said.append(Text(f"수치가 없는 계열: {names}.", f"Series without figures: {names}."))
    return f'<ul class="small">{"".join(f"<li>{escape(session.say(one))}</li>" for one in said)}</ul>'


def _layer(session: Session, found: Found, layer: str) -> str:
    mine = [one for one in found.outcomes if one.ledger.layer == layer]
    ledger, say = mine[0].ledger, session.say
    counts = Text(
        f"사례 {mine[0].cases}건, 조용한 계열 {len(ledger.quiet_rows)}개, {ledger.series_years:,.1f} 계열·년.",
        f"{mine[0].cases} cases, {len(ledger.quiet_rows)} quiet series, {ledger.series_years:,.1f} series-years.",
    )
    ours = next((one for one in mine if one.rule.id == OURS), mine[0])
    rows = [row for row in summary_rows(found) if row["layer"] == layer]
    pair = [_figure(found, _curves(session, mine)), _figure(found, _reliability(session, ours))]
    return "".join(
        [
            f"<h2>{escape(say(LAYERS[layer]))}</h2><p>{escape(say(counts))}</p>",
            f'<div class="pair">{"".join(pair)}</div>',
            _table(session, _SUMMARY, map(_summary_cells, rows), found),
            f"<h3>{escape(say(_RATIOS))}</h3>",
            _table(session, _RATIO_HEADS, _ratio_cells(found, layer), found),
            f"<h3>{escape(say(_cases_title(ours)))}</h3>",
            f'<div class="cases">{"".join(_cases(session, found, ours))}</div>',
        ]
    )


def _cases_title(one: Outcome) -> Text:
    return Text(
        f"사례와 {one.rule.id} 규칙의 경보(오경보 {SHOWN_AT:.2f} 이하). 노란 띠: 적중으로 세는 날, 점선: 시작일, "
        "빨간 세모: 적중한 경보, 회색: 그 밖. 통항은 7일 평균으로 그린다.",
        f"Cases, and the alarms of {one.rule.id} at {SHOWN_AT:.2f} false alarms or fewer. Yellow: days that count; "
        "dashed: onset; red: an alarm that counts; grey: another. Transits are drawn as 7-day means.",
    )


_RATIOS = Text(
    "카민스키–라인하트 비율과 상대 유용도(놓침에 두는 무게 μ)",
    "Kaminsky–Reinhart ratios, and relative usefulness (μ: weight of a missed onset)",
)
_SUMMARY = (
    Text("규칙", "Rule"),
    Text("예산", "Budget"),
    Text("적중", "Hits"),
    Text("오경보/계열·년", "False/series-year"),
    Text("앞선 날", "Lead days"),
    Text("못 본 절반", "Unseen half"),
    Text("평균정밀도", "Avg. precision"),
    Text("브라이어", "Brier"),
    Text("기술", "Skill"),
)
_RATIO_HEADS = (
    Text("규칙", "Rule"),
    Text("예산", "Budget"),
    *(Text(letter, letter) for letter in "ABCD"),
    Text("1종", "Type I"),
    Text("2종", "Type II"),
    Text("잡음/신호", "Noise/signal"),
    *(Text(f"유용도 μ={one:g}", f"Useful μ={one:g}") for one in PREFERENCES),
)


def _summary_cells(row: Mapping[str, Any]) -> list[str]:
    unseen = row["unseen_recall"]
    spread = "–" if unseen is None else f"{unseen['mean']:.0%} ({unseen['least']:.0%}–{unseen['most']:.0%})"
    figures = [row["false_alarms_per_series_year"], row["median_lead_days"]]
    scores = [row["average_precision"], row["brier"], row["brier_skill"]]
    return [
        row["rule"],
        f"{row['budget']:.2f}",
        f"{'–' if row['hits'] is None else row['hits']}/{row['cases']}",
        _number(figures[0], 3),
        _number(figures[1], 0),
        spread,
        *(_number(one, 3) for one in scores),
    ]


def _ratio_cells(found: Found, layer: str) -> Iterator[list[str]]:
    for row in ratio_rows(found):
        if row["layer"] == layer:
            counts = [str(row["hits"]), str(row["false_alarms"]), str(row["misses"]), f"{row['quiet']:,.0f}"]
            kinds = [_number(row[name], 3) for name in ("type_1", "type_2", "noise_to_signal")]
            useful = [_number(row["usefulness"][one], 2) for one in PREFERENCES]
            yield [row["rule"], f"{row['budget']:.2f}", *counts, *kinds, *useful]


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None or not isfinite(value) else f"{value:,.{digits}f}"


def _table(session: Session, heads: Sequence[Text], rows: Iterable[Sequence[str]], found: Found) -> str:
    head = "".join(f"<th>{escape(session.say(one))}</th>" for one in heads)
    body = "".join(
        f"<tr{' class=ours' if row[0] == OURS else ''}>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
        for row in rows
    )
    table = f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    return _figure(found, table)


def _figure(found: Found, drawing: str) -> str:
    return f"<figure>{drawing}<figcaption>{escape(stamped(found.stamp))}</figcaption></figure>"


def _curves(session: Session, mine: Sequence[Outcome]) -> str:
    """Recall over false alarms a series and year, a line a rule."""
    drawn = [Line(one.rule.id, _best_so_far(one), one.rule.id == OURS) for one in mine]
    frame = Frame((0, MOST_RATE), (0, 1))
    ticks = [(part / 4, f"{part / 4:g}") for part in range(5)]
    title = session.say(Text("오경보와 적중률", "False alarms and recall"))
    names = Text("오경보 / 계열·년", "false alarms / series-year"), Text("적중률", "recall")
    parts = [axes(frame, ticks, ticks), labels(frame, *map(session.say, names))]
    parts += [line(frame, one.points, number, strong=one.strong) for number, one in enumerate(drawn)]
    parts += [upright(frame, budget, "onset") for budget in BUDGETS]
    return svg(frame, title, parts) + legend([one.name for one in drawn])


def _best_so_far(one: Outcome) -> list[tuple[float, float]]:
    """The most recall at or below each rate: a stair."""
    rates, hits = one.curve.rates(), one.curve.hits.sum(axis=1) / max(one.cases, 1)
    points, best = [(0.0, 0.0)], 0.0
    for place in np.argsort(rates, kind="stable"):
        if hits[place] > best and rates[place] <= MOST_RATE:
            points += [(float(rates[place]), best), (float(rates[place]), float(hits[place]))]
            best = float(hits[place])
    return [*points, (MOST_RATE, best)] if np.isfinite(rates).any() and rates.min() <= MOST_RATE else []


def _reliability(session: Session, one: Outcome) -> str:
    """How often the event came, by the probability that was said, on unseen halves."""
    most = _round_up(max((max(each.said, each.came) for each in one.judged.bins), default=1.0))
    frame = Frame((0, most), (0, most))
    ticks = [(most * part / 4, f"{most * part / 4:.3g}") for part in range(5)]
    say = session.say
    names = Text("말한 확률", "probability said"), Text("일어난 비율", "how often it came")
    parts = [axes(frame, ticks, ticks), labels(frame, *map(say, names)), line(frame, [(0, 0), (most, most)], 7)]
    for each in one.judged.bins:
        size = 2 + min(sqrt(each.forecasts) / 12, 9)
        parts.append(dot(frame, (each.said, each.came), size, faint=each.forecasts < ENOUGH))
    title = Text(
        f"신뢰도({one.rule.id}). 못 본 절반, 회색은 예측 {ENOUGH}개 미만.",
        f"Reliability of {one.rule.id} on unseen halves; grey: fewer than {ENOUGH} forecasts.",
    )
    return svg(frame, say(title), parts) + f'<p class="small">{escape(say(title))}</p>'


def _round_up(value: float) -> float:
    """The end of an axis that holds a probability."""
    return next(end for end in (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if value <= end or end == 1.0)


# ---- cases


def _cases(session: Session, found: Found, one: Outcome) -> Iterator[str]:
    place = one.curve.best(SHOWN_AT)
    threshold = float("inf") if place is None else float(one.curve.thresholds[place])
    values = one.ledger.told.panel().values
    values = week_sums(values) / WEEK if one.ledger.told.step == "D" else values
    for number, window in enumerate(one.ledger.windows):
        first = -1 if place is None else int(one.curve.first[place, number])
        head = f"<h4>{escape(window.case.id)}</h4><p>{escape(_outcome(session, one, window, first))}</p>"
        yield f"<div>{head}{_figure(found, _case(one, window, values[window.row], threshold))}</div>"
    for case in one.ledger.missing_cases:
        nothing = session.say(Text("수치 없음", "no figures"))
        yield f"<div><h4>{escape(case.id)}</h4><p>{escape(nothing)}: {escape(case.named)}</p></div>"


def _outcome(session: Session, one: Outcome, window: Window, first: int) -> str:
    if not one.ledger.budgeted:
        what = Text("예산 없음", "no budget")
    elif first < 0:
        what = Text("놓침", "missed")
    else:
        day = np.datetime64(first, "D").item()
        lead = (window.case.onset - day).days
        what = Text(f"적중 {day} ({lead:+d}일)", f"hit {day} ({lead:+d} days)")
    return f"{window.case.named}: {session.say(what)}"


def _case(one: Outcome, window: Window, values: np.ndarray[Any, Any], threshold: float) -> str:
    """One case's series, its days, its onset and the alarms."""
    told = one.ledger.told
    column_days = np.arange(told.first, told.first + told.periods).astype(f"datetime64[{told.step}]")
    at = column_days.astype("datetime64[D]").astype(np.int64)
    around = (NEAR, NEAR) if told.step == "D" else (BEFORE, AFTER)
    first, last = (_number_of(window.case.onset + shift) for shift in (-around[0], around[1]))
    shown = (at >= first) & (at <= last) & np.isfinite(values)
    most = float(values[shown].max(initial=0.0)) or 1.0
    frame = Frame((first, last), (0, most * 1.12), 340, 170, 22)
    parts = [axes(frame, _years(first, last, told.step), [(0, "0"), (most, _short(most))])]
    inside = at[window.inside]
    if len(inside):
        parts.append(band(frame, float(inside.min()), float(inside.max()) + (30 if told.step == "M" else 1)))
    parts.append(plain_line(frame, list(zip(at[shown].tolist(), values[shown].tolist(), strict=True))))
    parts.append(upright(frame, _number_of(window.case.onset), "onset"))
    for place in start_places(one.scores[window.row : window.row + 1], threshold, told.step).tolist():
        if shown[place]:
            kind = "right" if window.inside[place] else "wrong"
            parts.append(mark(frame, (float(at[place]), float(values[place])), kind))
    return svg(frame, window.case.id, parts)


def _number_of(day: Any) -> int:  # noqa: ANN401 - a date
    return int(np.datetime64(day, "D").astype(np.int64))


def _years(first: int, last: int, step: str) -> list[tuple[float, str]]:
    """Ticks at the first of each year, or of each month where days are drawn."""
    unit = "Y" if step == "M" else "M"
    begin, end = (np.datetime64(day, "D").astype(f"datetime64[{unit}]") for day in (first, last))
    ticks = np.arange(begin + 1, end + 1)
    return [(float(one.astype("datetime64[D]").astype(np.int64)), str(one)) for one in ticks]


def _short(value: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


# ---- fusion


def _fusion(session: Session, found: Found) -> str:
    from bongsu.cli.backtest import lines  # noqa: PLC0415 - the same sentences as on the screen

    said = lines(found)[: len(found.fused_cases) + bool(found.whole)]
    body = "".join(f"<p>{escape(session.say(one))}</p>" for one in said)
    return f"<h2>{escape(session.say(LAYERS[FUSED]))}</h2>{_figure(found, body + _levels(session, found))}"


def _levels(session: Session, found: Found) -> str:
    """How often an event followed each level."""
    if found.whole is None:
        return ""
    heads = (
        Text("거수", "Fires"),
        Text("증거 층", "Layers"),
        Text("품목·월", "Item-months"),
        Text("뒤따른 사건", "Followed"),
        Text("비율", "Share"),
    )
    head = "".join(f"<th>{escape(session.say(one))}</th>" for one in heads)
    rows = [
        [row.level, row.layers, row.forecasts, row.followed, f"{row.followed / row.forecasts:.1%}"]
        for row in found.whole.rows
    ]
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
