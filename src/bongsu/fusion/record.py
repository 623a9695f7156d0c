"""The record behind a warning's probability: how often such a level was followed by a true event in the backtest.

It is kept by month of forecast, and a warning reads only what was over on its own day (`Record.until`): a record that holds
the event which it speaks of, or what came later, would prove nothing. The rules are today's: their fixed tables and the
choice of their constants have seen all years of the record (`detectors.calibration`).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bongsu.detectors.wording import josa
from bongsu.language import BadInputError, Text

FILE = Path(__file__).parent / "backtest" / "data" / "record.json"
WEEKS = 365.25 / 7  # in a year
ENOUGH = 30  # forecasts, without which a share is worth nothing: of 6 it is anywhere


@dataclass(frozen=True)
class Row:
    """How one kind of warning turned out.

    Args:
        level: the level that was given, 1–5.
        layers: how many layers were live.
        forecasts: how often such a warning stood, an item and month each.
        followed: after how many of these a true event came.
    """

    level: int
    layers: int
    forecasts: int
    followed: int


@dataclass(frozen=True)
class Month:
    """How the warnings that stood on the first day of a month turned out."""

    day: date
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Year:
    """Alarms of a year.

    Args:
        year: of the calendar.
        alarms: episodes at three fires or more that started.
        item_years: over which they were counted: all items.
        live_item_years: the same without the days on which an item had no live layer, and so could ring for nothing.
    """

    year: int
    alarms: int
    item_years: float
    live_item_years: float


@dataclass(frozen=True)
class Probability:
    """How often a level such as this one was followed by a true event.

    Args:
        value: 0–1.
        followed, forecasts: the counts that it is the ratio of.
        layers: the number of live layers that these warnings had; None: too few had as many, so all are counted.
        first, last: days of the first and the last forecasts that the record covers.
    """

    value: float
    followed: int
    forecasts: int
    layers: int | None
    first: date
    last: date


@dataclass(frozen=True)
class Past:
    """What of a record was over on a day.

    Args:
        rows: by level and number of live layers, each pair once.
        span: days of the first and the last forecasts; None: no forecast was over.
        years: that were over.
        horizon_days: within how many days an event counts as following.
    """

    rows: tuple[Row, ...]
    span: tuple[date, date] | None
    years: tuple[Year, ...]
    horizon_days: int

    def probability(self, level: int | None, layers: int) -> Probability | None:
        """What it says of a level given by so many live layers; None: it has fewer than `ENOUGH` such warnings."""
        same = self._of(level)
        return self._ratio([row for row in same if row.layers == layers], layers) or self._ratio(same, None)

    def forecasts(self, level: int | None) -> int:
        """How often such a level stood."""
        return sum(row.forecasts for row in self._of(level))

    def _of(self, level: int | None) -> list[Row]:
        return [row for row in self.rows if row.level == level]

    def _ratio(self, rows: Iterable[Row], layers: int | None) -> Probability | None:
        counted = list(rows)
        forecasts, followed = sum(row.forecasts for row in counted), sum(row.followed for row in counted)
        if self.span is None or forecasts < ENOUGH:
            return None
        return Probability(followed / forecasts, followed, forecasts, layers, *self.span)

    @property
    def alarms(self) -> int:
        """Episodes at three fires or more that started."""
        return sum(one.alarms for one in self.years)

    @property
    def item_years(self) -> float:
        """Over which the alarms were counted."""
        return sum(one.item_years for one in self.years)

    @property
    def live_item_years(self) -> float:
        """The part of them in which at least one layer was live."""
        return sum(one.live_item_years for one in self.years)

    def alarms_per_week(self, items: int) -> float | None:
        """Alarms a week that so many items would have given, fed as ours were; None: nothing was counted."""
        return self.alarms / self.item_years * items / WEEKS if self.item_years else None

    def live_alarms_per_week(self, items: int) -> float | None:
        """The same of items that always have a live layer."""
        return self.alarms / self.live_item_years * items / WEEKS if self.live_item_years else None


@dataclass(frozen=True, kw_only=True)
class Record:
    """What the fused backtest found; a warning is told only `until` its day.

    Args:
        months: forecasts, by the month in which they were made.
        years: alarms, by the year in which they started.
        horizon_days: within how many days an event counts as following.
        command: what writes the record again.
        stamp: commit, table versions, catalogue version and seed of that run.
    """

    months: tuple[Month, ...]
    years: tuple[Year, ...]
    horizon_days: int
    command: str
    stamp: Mapping[str, Any]

    def until(self, on: date) -> Past:
        """What was over before `on`: forecasts all of whose horizon had passed, and whole years."""
        horizon = timedelta(days=self.horizon_days)
        over = [month for month in self.months if month.day + horizon < on]
        days = [month.day for month in over]
        return Past(
            rows=pooled(over),
            span=(min(days), max(days)) if days else None,
            years=tuple(one for one in self.years if one.year < on.year),
            horizon_days=self.horizon_days,
        )

    def text(self) -> str:
        """The record as its file holds it: a month a line, its rows as level, layers, forecasts, followed."""
        lines = [[month.day.isoformat(), [astuple(row) for row in month.rows]] for month in self.months]
        held = {**asdict(self), "months": [], "years": [astuple(one) for one in self.years]}
        head = json.dumps(held, ensure_ascii=False, sort_keys=True)
        months = ",\n ".join(json.dumps(line) for line in lines)
        return head.replace('"months": []', f'"months": [\n {months}\n]', 1) + "\n"


def pooled(months: Iterable[Month]) -> tuple[Row, ...]:
    """The rows of months added up, by level and number of live layers."""
    tally: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for row in (row for month in months for row in month.rows):
        counts = tally[row.level, row.layers]
        counts[0] += row.forecasts
        counts[1] += row.followed
    return tuple(Row(*kind, *counts) for kind, counts in sorted(tally.items()))


def read_record(file: Path) -> Record | None:
    """The record in a file; None where it has not been written yet.

    Raises:
        BadInputError: the file is none of ours.
    """
    if not file.exists():
        return None
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        months = tuple(Month(date.fromisoformat(day), tuple(Row(*row) for row in rows)) for day, rows in held["months"])
        return Record(**{**held, "months": months, "years": tuple(Year(*year) for year in held["years"])})
    except (ValueError, TypeError, KeyError) as error:
        raise BadInputError(
            Text(f"경보 기록을 읽을 수 없습니다({error}).", f"the record of warnings cannot be read ({error})."),
            where=str(file),
            mend=Text("역검증을 다시 돌려 만드십시오.", "Write it again by the backtest."),
        ) from error


@cache
def record() -> Record | None:
    """The record that ships."""
    return read_record(FILE)


@cache
def record_on(on: date) -> Past | None:
    """What of the record that ships was over on a day."""
    held = record()
    return None if held is None else held.until(on)


def said(found: Probability | None, held: Past | None, level: int | None) -> Text:
    """The probability of a level with its record, in one sentence."""
    if held is None or held.span is None:
        return Text("아직 기록이 없어 확률을 말하지 않는다.", "No probability: there is no record yet.")
    if found is None:
        number = held.forecasts(level)
        return Text(
            f"아직 기록이 없어 확률을 말하지 않는다(이런 거수는 {number}번, {ENOUGH}번부터 말한다).",
            f"No probability: there is no record yet ({number} such levels; {ENOUGH} are needed).",
        )
    days, share, span = held.horizon_days, f"{found.value:.0%}", f"{found.first:%Y-%m}–{found.last:%Y-%m}"
    like = ("거수와 증거 층 수", " with as many layers") if found.layers is not None else ("거수", "")
    return Text(
        f"지난 기록({span})에서 {josa(like[0], '이', '가')} 같은 판단 {found.forecasts}번 가운데 {found.followed}번({share})은 "
        f"{days}일 안에 공식 조치가 뒤따랐다.",
        f"In the record ({span}), {found.followed} of {found.forecasts} such levels{like[1]} ({share}) were followed "
        f"by an official act within {days} days.",
    )
