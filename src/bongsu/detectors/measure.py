"""Measures: does an act abroad restrict what we buy, and where does it stand today?"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bongsu.detectors.dependence import touches
from bongsu.detectors.publisher import Publisher, Setting
from bongsu.detectors.signal import Direction, Layer, Signal, State, missing, ref_of
from bongsu.detectors.wording import country, day, josa
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.records.shapes import MEASURE

FRESH = 180  # days after publication or effect in which a measure is news; then it is a standing condition
SETTLED = 730  # days after which trade has settled around it, as far as a list of measures can tell
SOON = 30  # days ahead of a suspension's stated end from which it is spoken of
NEW, STANDING, WATCHED, FAINT = 1.0, 0.5, 0.5, 0.25  # strengths, on the scale of `Signal`

INSTRUMENTS = {
    "export inspection": Text("수출 검사", "export inspection"),
    "export licensing": Text("수출 허가", "export licensing"),
    "export ban": Text("수출 금지", "an export ban"),
    "export quota": Text("수출 쿼터", "an export quota"),
    "export duty": Text("수출세", "an export duty"),
}


def measure_signals(
    item: Item,
    statuses: Sequence[Mapping[str, Any]],
    main: str | None,
    suppliers: Collection[str],
    at: Setting,
) -> tuple[Signal, ...]:
    """One signal for each export measure whose codes touch the item and which may concern the home country.

    No measure on record is not calm: the tables of measures are not complete, so the layer is then missing.

    Args:
        item: the item.
        statuses: rows of `measure_status` for the day asked for.
        main: the main supplier, where it is known.
        suppliers: countries known to supply the item.
        at: for whom and when.
    """
    found = tuple(_signals(item, statuses, main, suppliers, at))
    why = Text(
        "이 품목에 걸리는 조치는 기록에 없다. 조치가 없다는 뜻은 아니다.",
        "No measure on record touches the item, which does not mean that there is none.",
    )
    return found or (missing(item.id, Layer.MEASURE, why),)


def _signals(
    item: Item,
    statuses: Sequence[Mapping[str, Any]],
    main: str | None,
    suppliers: Collection[str],
    at: Setting,
) -> Iterator[Signal]:
    codes = [hs.code for hs in item.hs]
    for row in statuses:
        named = row["hs_codes"] or ()
        concerns = not row["affected"] or at.home in row["affected"]
        if row["direction"] != "export" or not concerns or row["jurisdiction"] == at.home:
            continue
        if any(touches(code, other) for code in named for other in codes):
            yield _signal(item, row, main, suppliers, at)


def _age(row: Mapping[str, Any], on: date) -> int:
    """Days since the act last became news: since it was published, or since it took effect."""
    published, effective = row["published"] or row["valid"], row["effective"]
    dates = [when for when in (published, effective) if when is not None and when <= on]
    return (on - max(dates, default=on)).days


def _weight(row: Mapping[str, Any], on: date) -> float:
    status, until = row["status"], row["suspended_until"]
    if status == "ended":
        return 0.0
    if status in ("in_force", "not_yet_effective"):
        age = _age(row, on)
        return NEW if age <= FRESH else STANDING if age <= SETTLED else FAINT
    if status == "suspended":
        return WATCHED if until is not None and (until - on).days <= SOON else FAINT
    return WATCHED  # the stated end of a suspension has passed, or the effective date is unknown


def _signal(
    item: Item,
    row: Mapping[str, Any],
    main: str | None,
    suppliers: Collection[str],
    at: Setting,
) -> Signal:
    weight, where, by = _weight(row, at.on), row["jurisdiction"], at.publisher(row["source"])
    role = 1.0 if where == main else STANDING if where in suppliers or main is None else FAINT
    strength = min(weight, role)
    changed = _age(row, at.on) <= SOON
    published = row["published"] or row["valid"]
    return Signal(
        subject=item.id,
        layer=Layer.MEASURE,
        state=State.LIVE,
        headline=_headline(row, by, at.on),
        strength=strength,
        direction=Direction.TIGHTER if strength else Direction.EASIER,
        movement=strength if changed and strength else 0.0,
        valid=published,
        frequency="D",
        known_at=row["known_at"],
        data_age_days=(at.on - published).days,
        source=row["source"],
        source_name=by.name,
        partner=where,
        decisive=where == main and weight == NEW,
        record_refs=(ref_of(MEASURE, {**row, "event": "issued"}),),
    )


def _headline(row: Mapping[str, Any], by: Publisher, on: date) -> Text:
    where = country(row["jurisdiction"])
    what = INSTRUMENTS.get(row["instrument"] or "", Text("수출 통제", row["instrument"] or "an export control"))
    act, published = row["number"], day(row["published"] or row["valid"])
    stand = _stand(row, on)
    return Text(
        f"{josa(where.ko, '이', '가')} {published.ko} {what.ko} 조치({act})를 공개했고, {stand.ko}({by.name.ko}).",
        f"{where.en} published {what.en} ({act}) on {published.en}; {stand.en} ({by.name.en}).",
    )


def _stand(row: Mapping[str, Any], on: date) -> Text:
    status, effective, until = row["status"], row["effective"], row["suspended_until"]
    if status == "not_yet_effective":
        when = day(effective)
        return Text(f"{when.ko} 시행된다", f"it takes effect on {when.en}")
    if status == "in_force":
        when = day(effective)
        return Text(f"{when.ko}부터 시행 중이다", f"in force since {when.en}")
    if status == "ended":
        when = day(row["ended_on"])
        return Text(f"{when.ko} 끝났다", f"it ended on {when.en}")
    if status == "suspension_end_passed":
        when = day(until)
        return Text(
            f"정지 기한({when.ko})이 지났으나 효력은 확인되지 않았다",
            f"the suspension's stated end ({when.en}) has passed, legal effect unverified",
        )
    if status == "suspended":
        return _suspended(until, on)
    return Text("시행일은 알 수 없다", "its effective date is unknown")


def _suspended(until: date | None, on: date) -> Text:
    if until is None:
        return Text("기한 없이 효력이 정지되어 있다", "it is suspended, no end stated")
    when, left = day(until), (until - on).days
    ahead = Text(f"{left}일 뒤인 ", f", {left} days ahead") if left <= SOON else Text("", "")
    return Text(f"{ahead.ko}{when.ko}까지 효력이 정지되어 있다", f"it is suspended until {when.en}{ahead.en}")
