"""The record behind a warning's probability: how often such a level was followed by a true event in the backtest."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bongsu.detectors.wording import josa
from bongsu.language import BadInputError, Text

FILE = Path(__file__).parent / "backtest" / "data" / "record.json"
WEEKS = 365.25 / 7  # in a year


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
class Probability:
    """How often a level such as this one was followed by a true event.

    Args:
        value: 0–1.
        followed, forecasts: the counts that it is the ratio of.
        layers: the number of live layers that these warnings had; None: too few had as many, so all are counted.
    """

    value: float
    followed: int
    forecasts: int
    layers: int | None


@dataclass(frozen=True, kw_only=True)
class Record:
    """What the fused backtest found.

    Args:
        rows: by level and number of live layers.
        alarms: episodes at three fires or more that started.
        item_years: over which they were counted.
        horizon_days: within how many days an event counts as following.
        command: what writes the record again.
        stamp: commit, table versions, catalogue version and seed of that run.
    """

    rows: tuple[Row, ...]
    alarms: int
    item_years: float
    horizon_days: int
    command: str
    stamp: Mapping[str, Any]

    def probability(self, level: int | None, layers: int) -> Probability | None:
        """What the record says of a level given by so many live layers; None: it has no such warning."""
        same = [row for row in self.rows if row.level == level]
        return _ratio([row for row in same if row.layers == layers], layers) or _ratio(same, None)

    def alarms_per_week(self, items: int) -> float | None:
        """Alarms a week that so many items would have given; None: nothing was counted."""
        return self.alarms / self.item_years * items / WEEKS if self.item_years else None

    def text(self) -> str:
        """The record as its file holds it."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _ratio(rows: Iterable[Row], layers: int | None) -> Probability | None:
    counted = list(rows)
    forecasts, followed = sum(row.forecasts for row in counted), sum(row.followed for row in counted)
    return Probability(followed / forecasts, followed, forecasts, layers) if forecasts else None


def read_record(file: Path) -> Record | None:
    """The record in a file; None where it has not been written yet.

    Raises:
        BadInputError: the file is none of ours.
    """
    if not file.exists():
        return None
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        return Record(**{**held, "rows": tuple(Row(**row) for row in held["rows"])})
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


def said(found: Probability | None, held: Record | None) -> Text:
    """The probability with its record, in one sentence."""
    if held is None:
        return Text("아직 기록이 없어 확률을 말하지 않는다.", "No probability: there is no record yet.")
    if found is None:
        return Text(
            "기록에 이런 거수가 없어 확률을 말하지 않는다.", "No probability: the record has no such level yet."
        )
    days, share = held.horizon_days, f"{found.value:.0%}"
    like = ("거수와 증거 층 수", " with as many layers") if found.layers is not None else ("거수", "")
    return Text(
        f"지난 기록에서 {josa(like[0], '이', '가')} 같은 판단 {found.forecasts}번 가운데 {found.followed}번({share})은 "
        f"{days}일 안에 공식 조치가 뒤따랐다.",
        f"In the record, {found.followed} of {found.forecasts} such levels{like[1]} ({share}) were followed "
        f"by an official act within {days} days.",
    )
