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
SOON = 30  # days ahead of a suspension's stated end from which it is spoken of, and after it in which it is news
# Strengths, on the scale of `Signal`. What has stood for half a year is no news: what it does shows in the figures.
NEW, WATCHED, PART, STANDING, FAINT = 1.0, 0.5, 0.5, 0.4, 0.25

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
    for row in concerning(item, statuses, at.home):
        yield _signal(item, row, main, suppliers, at)


def concerning(item: Item, statuses: Sequence[Mapping[str, Any]], home: str) -> Iterator[Mapping[str, Any]]:
    """The rows of `measure_status` that restrict exports to `home` of goods under the item's codes."""
    codes = [hs.code for hs in item.hs]
    for row in statuses:
        concerns = not row["affected"] or home in row["affected"]
        if row["direction"] != "export" or not concerns or row["jurisdiction"] == home:
            continue
        if any(touches(code, other) for code in row["hs_codes"] or () for other in codes):
            yield row


def _age(row: Mapping[str, Any], on: date) -> int:
    """Days since the act last became news: published, in effect, or past the stated end of its suspension."""
    dates = [row["published"] or row["valid"], row["effective"]]
    if row["status"] == "suspension_end_passed":
        dates.append(row["suspended_until"])
    past = [when for when in dates if when is not None and when <= on]
    return (on - max(past, default=on)).days


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
    chief = where == main or (main is None and where in {each.country for each in item.suppliers})
    role = 1.0 if chief else PART if where in suppliers or main is None else FAINT
    strength = min(weight, role)
    changed = _age(row, at.on) <= SOON
    published = row["published"] or row["valid"]
    return Signal(
        subject=item.id,
        layer=Layer.MEASURE,
        state=State.LIVE,
        headline=_headline(row, by, at),
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
        decisive=chief and weight == NEW,
        record_refs=(ref_of(MEASURE, {**row, "event": "issued"}),),
    )


def _headline(row: Mapping[str, Any], by: Publisher, at: Setting) -> Text:
    where = country(row["jurisdiction"])
    what = INSTRUMENTS.get(row["instrument"] or "", Text("수출 통제", row["instrument"] or "an export control"))
    act, published = row["number"], day(row["published"] or row["valid"])
    stand = _stand(row, at)
    return Text(
        f"{josa(where.ko, '이', '가')} {published.ko} {what.ko} 조치({act})를 공개했고, {stand.ko}({by.name.ko}).",
        f"{where.en} published {what.en} ({act}) on {published.en}; {stand.en} ({by.name.en}).",
    )


def _stand(row: Mapping[str, Any], at: Setting) -> Text:
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
        return _passed(until, _last_read(row["source"], at))
    if status == "suspended":
        return _suspended(until, at.on)
    return Text("시행일은 알 수 없다", "its effective date is unknown")


def _passed(until: date, read: Text) -> Text:
    when = day(until)
    return Text(
        f"정지의 명시된 기한({when.ko})이 지났으나 법적 효력은 확인되지 않았고, {read.ko} 연장되었는지 확인해야 한다",
        f"the suspension's stated end has passed ({when.en}), legal effect unverified, {read.en}, "
        "check for an extension",
    )


def _last_read(source: str, at: Setting) -> Text:
    """When the list that carries the issuer's acts was last read."""
    read = at.last_read.get(source)
    if read is None:
        return Text("발표 기관의 자료를 읽은 적이 없으니", "issuer never read")
    when = f"{read:%Y-%m-%d %H:%M} UTC"
    return Text(f"발표 기관의 자료는 {when}에 마지막으로 읽었으니", f"issuer last read at {when}")


def _suspended(until: date | None, on: date) -> Text:
    if until is None:
        return Text("기한 없이 효력이 정지되어 있다", "it is suspended, no end stated")
    when, left = day(until), (until - on).days
    ahead = Text(f"{left}일 뒤인 ", f", {left} days ahead") if left <= SOON else Text("", "")
    return Text(f"{ahead.ko}{when.ko}까지 효력이 정지되어 있다", f"it is suspended until {when.en}{ahead.en}")
