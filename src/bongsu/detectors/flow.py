"""Flows: has what the main supplier sends broken off, by its own past and season?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from bongsu.detectors.flow_reading import LOOK, Reading, read
from bongsu.detectors.flow_wording import details, seen
from bongsu.detectors.publisher import Publisher, Setting
from bongsu.detectors.signal import Direction, Layer, RecordRef, Signal, State, missing, ref_of
from bongsu.detectors.wording import country, period
from bongsu.indicators.partners import WORLD
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.records.known import period_end
from bongsu.records.shapes import TRADE_FLOW

MONTHS = 12
WHOLE = 0.995  # of the published World total: less is more than rounding


@dataclass(frozen=True)
class Stream:
    """One source's monthly trade in one item of one reporter, codes added up.

    Args:
        source: its id.
        reporter: whose statistics.
        layer: own customs or mirror flow.
        values: month → partner → value; None: withheld. A partner that is absent in a month traded nothing, unless
            the month is among the `hidden`.
        last: month of the newest rows.
        known_at: when that month could be known.
        basket: every code of the item holds other goods as well.
        refs: for the last month, partner → the records.
        hidden: months whose published World total is more than the partners held: rows were withheld or set aside.
        weights: month → partner → kilograms, for the same rows; None: unknown for a part of them.
    """

    source: str
    reporter: str
    layer: Layer
    values: Mapping[date, Mapping[str, float | None]]
    last: date
    known_at: datetime
    basket: bool
    refs: Mapping[str, tuple[RecordRef, ...]]
    hidden: frozenset[date] = frozenset()
    weights: Mapping[date, Mapping[str, float | None]] = field(default_factory=dict)

    def value(self, month: date, partner: str) -> float | None:
        """The partner's value in a month: 0 where others traded and it did not, None where unknown."""
        partners = self.values.get(month)
        return None if partners is None else partners.get(partner, None if month in self.hidden else 0.0)

    def weight(self, month: date, partner: str) -> float | None:
        """The partner's kilograms in a month: 0 where its value is, None where unknown."""
        return 0.0 if self.value(month, partner) == 0 else self.weights.get(month, {}).get(partner)

    @cached_property
    def told(self) -> dict[str, Reading]:
        """What was already read of it, by partner: a stream is asked on many days."""
        return {}

    def months(self) -> tuple[date, ...]:
        """The months that are looked at, without a gap, up to the last."""
        first = max(min(self.values), earlier(self.last, LOOK - 1))
        size = (self.last.year - first.year) * MONTHS + self.last.month - first.month
        return tuple(earlier(self.last, back) for back in range(size, -1, -1))


@dataclass(frozen=True)
class Supply:
    """The last twelve months of a stream: shares of the suppliers, largest first.

    `complete`: twelve months are held and nothing is withheld or hidden; otherwise the shares must not be read as dependence.
    """

    source: str
    first: date
    last: date
    known_at: datetime
    shares: tuple[tuple[str, float], ...]
    complete: bool
    refs: tuple[RecordRef, ...]


def earlier(month: date, months: int) -> date:
    """The first day of the month that lies `months` before."""
    year, index = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(year, index + 1, 1)


def stream(rows: Sequence[Mapping[str, Any]], layer: Layer, *, basket: bool = False) -> Stream | None:
    """The stream in `trade_flow` rows of one source, reporter and item; None where there are none."""
    values: dict[date, dict[str, float | None]] = {}
    weights: dict[date, dict[str, float | None]] = {}
    refs: dict[str, tuple[RecordRef, ...]] = {}
    if not rows:
        return None
    last = max(row["valid"] for row in rows)
    world: dict[date, float] = {}
    for row in rows:
        partners, partner = values.setdefault(row["valid"], {}), row["partner"]
        if partner in WORLD:
            world[row["valid"]] = world.get(row["valid"], 0.0) + (row["value"] or 0.0)
            continue
        _add(partners, partner, row["value"])
        _add(weights.setdefault(row["valid"], {}), partner, row.get("weight_kg"))
        if row["valid"] == last:
            refs[partner] = (*refs.get(partner, ()), ref_of(TRADE_FLOW, row))
    known_at = max(row["known_at"] for row in rows if row["valid"] == last)
    first = rows[0]
    hidden = frozenset(month for month, total in world.items() if _held(values[month]) < WHOLE * total)
    return Stream(first["source"], first["reporter"], layer, values, last, known_at, basket, refs, hidden, weights)


def _add(amounts: dict[str, float | None], partner: str, amount: float | None) -> None:
    """Add to a partner's amount; unknown and anything is unknown."""
    so_far = amounts.get(partner, 0.0)
    amounts[partner] = None if so_far is None or amount is None else so_far + amount


def _held(partners: Mapping[str, float | None]) -> float:
    return sum(value for value in partners.values() if value is not None)


def supply(one: Stream) -> Supply:
    """Who supplied in the twelve months to the stream's last."""
    months = [earlier(one.last, back) for back in range(MONTHS)]
    held = [one.values[month] for month in months if month in one.values]
    withheld = any(value is None for partners in held for value in partners.values())
    sums: dict[str, float] = {}
    for partners in held:
        for partner, value in partners.items():
            sums[partner] = sums.get(partner, 0.0) + (value or 0.0)
    total = sum(sums.values())
    shares = sorted(((p, v / total) for p, v in sums.items() if v > 0), key=lambda pair: (-pair[1], pair[0]))
    refs = tuple(ref for partner, _ in shares[:1] for ref in one.refs.get(partner, ()))
    return Supply(
        source=one.source,
        first=months[-1],
        last=one.last,
        known_at=one.known_at,
        shares=tuple(shares),
        complete=len(held) == MONTHS and not withheld and not one.hidden.intersection(months),
        refs=refs,
    )


def flow_signals(
    item: Item,
    streams: Sequence[Stream],
    main: str | None,
    at: Setting,
) -> tuple[Signal, ...]:
    """Own customs and mirror flows, each source a signal; a missing one for a layer without any.

    Args:
        item: the item.
        streams: of the item, own and mirror.
        main: the main supplier; None: unknown, so own customs cannot be asked.
        at: for whom and when; the home country is the partner of a mirror flow.
    """
    return tuple(_signals(item, streams, main, at))


def _signals(
    item: Item,
    streams: Sequence[Stream],
    main: str | None,
    at: Setting,
) -> Iterator[Signal]:
    own = [one for one in streams if one.layer is Layer.OWN_CUSTOMS]
    mirror = [one for one in streams if one.layer is Layer.MIRROR_FLOW and main in (None, one.reporter)]
    if not own:
        why = Text("자국 통관 자료를 받은 적이 없다.", "No customs figures of our own have been received.")
        yield missing(item.id, Layer.OWN_CUSTOMS, why)
    elif main is None:
        why = Text("주된 공급국을 몰라 볼 곳을 정할 수 없다.", "The main supplier is unknown.")
        yield missing(item.id, Layer.OWN_CUSTOMS, why)
    if not mirror:
        why = Text("공급국 쪽 수출 통계를 받은 적이 없다.", "No export figures of the supplier have been received.")
        yield missing(item.id, Layer.MIRROR_FLOW, why)
    for one in own if main else ():
        yield _signal(item, one, main or "", main or "", at)
    for one in mirror:
        yield _signal(item, one, at.home, one.reporter, at)


def year_on_year(one: Stream, partner: str, month: date) -> float | None:
    """Change against the same month of the year before; None where either is unknown or the earlier one is zero."""
    now, then = one.value(month, partner), one.value(earlier(month, MONTHS), partner)
    return None if now is None or not then else now / then - 1


def reading(one: Stream, partner: str) -> Reading:
    """What the rule says of a partner's newest month; shares and other suppliers only where all of them are held."""
    if partner not in one.told:
        one.told[partner] = read(one, partner, one.months(), beside_others=one.layer is Layer.OWN_CUSTOMS)
    return one.told[partner]


def _signal(item: Item, one: Stream, partner: str, supplier: str, at: Setting) -> Signal:
    told, by = reading(one, partner), at.publisher(one.source)
    judged = told.score is not None
    return Signal(
        subject=item.id,
        layer=one.layer,
        state=by.state(one.last, "M", at.on) if judged else State.MISSING,
        headline=_headline(item, one, supplier, told, by),
        strength=told.strength,
        direction=Direction.TIGHTER if told.strength else Direction.STEADY if judged else Direction.UNKNOWN,
        movement=told.strength - told.before,
        valid=one.last,
        known_at=one.known_at,
        data_age_days=(at.on - period_end(one.last, "M")).days,
        source=one.source,
        source_name=by.name,
        partner=supplier,
        basket=one.basket,
        record_refs=one.refs.get(partner, ()),
    )


def _headline(item: Item, one: Stream, supplier: str, told: Reading, by: Publisher) -> Text:
    who = country(supplier)
    said = seen(told, who, item.name, period(one.last, "M"))
    bracket = (by.name, *details(told, who))
    mixed = Text(" 다른 물품이 섞인 품목번호다.", " The code holds other goods as well.")
    tail = mixed if one.basket else Text("", "")
    return Text(
        f"{said.ko}({'; '.join(part.ko for part in bracket)}).{tail.ko}",
        f"{said.en} ({'; '.join(part.en for part in bracket)}).{tail.en}",
    )
