"""From an item's signals to its warning."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from bongsu.detectors.dependence import Dependence
from bongsu.detectors.flow import Supply
from bongsu.detectors.signal import RAISED, Layer, RecordRef, Signal, State
from bongsu.detectors.wording import country
from bongsu.fusion.advice import lower_if, next_step, raise_if
from bongsu.fusion.levels import level, picture
from bongsu.fusion.spare import Spare, is_hub, notes, ranked
from bongsu.fusion.warning import Alternative, LayerView, UseAtRisk, Warning  # noqa: A004 - the design's word
from bongsu.items.cover import days_of_cover
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.missions.network import Network
from bongsu.missions.shapes import Mission

MOST_MISSIONS = 4  # named for one country
MOST_SELLERS = 10  # to others than home, named for one item
_ORDER = {State.LIVE: 0, State.STALE: 1, State.MISSING: 2}


def fuse(
    item: Item,
    signals: Sequence[Signal],
    depends: Dependence | None,
    supply: Supply | None,
    network: Network,
    on: date,
    *,
    moment: datetime,
    spare: Mapping[str, Spare] | None = None,
) -> Warning:
    """The warning of one item.

    Args:
        item: as known on the day.
        signals: of all layers, missing ones too.
        depends: what is known of its main supplier.
        supply: the home's imports of the last twelve months, where its flows are held.
        network: missions and ministries.
        on: the day, in the home time zone.
        moment: the same, to the second.
        spare: by country, what it sells to others than home.
    """
    seen = picture(signals)
    dependent = None if depends is None else depends.dependent
    judged = level(seen, dependent=dependent)
    missions, cover = _missions(network, depends, signals, on), days_of_cover(item, on)
    ordered = sorted(signals, key=_weight)
    return Warning(
        subject=item.id,
        name=item.name,
        on=moment,
        level=judged,
        dependent=dependent,
        no_current_figures=not seen.figures,
        reasons=tuple(_reasons(ordered, depends, live=seen.figures)),
        dependence=depends,
        uses=_uses(item, network, on),
        missions=missions,
        layers=tuple(_views(ordered)),
        signals=tuple(ordered),
        days_of_cover=cover,
        alternatives=_alternatives(item, depends, supply, spare or {}, on),
        raise_if=raise_if(judged, seen, depends),
        lower_if=lower_if(judged, signals),
        next_step=next_step(judged, signals, missions, cover, known=depends is not None),
        movement=max((s.movement for s in signals if s.state is State.LIVE), default=0.0),
        evidence=tuple(dict.fromkeys(_evidence(ordered, depends))),
    )


def _weight(signal: Signal) -> tuple[object, ...]:
    """Weightiest first: live before stale, decisive, strong, in the layers' order."""
    order = list(Layer).index(signal.layer)
    return _ORDER[signal.state], not signal.decisive, -signal.strength, order, signal.headline.en


def _reasons(signals: Sequence[Signal], depends: Dependence | None, *, live: bool) -> Iterator[Text]:
    raised = [s.headline for s in signals if s.state is State.LIVE and s.strength >= RAISED]
    yield from raised
    if not live:
        yield Text("현재 수치 없음.", "No current figures.")
    if depends is not None:
        yield depends.headline
    else:
        yield Text(
            "어느 나라에 얼마나 기대는지 모른다. 3거를 넘겨 판단하지 않는다.",
            "On whom the item depends is unknown; no level above 3 fires is given.",
        )
    yield from (s.headline for s in signals if s.state is State.LIVE and s.strength < RAISED)


def _views(signals: Iterable[Signal]) -> Iterator[LayerView]:
    """Every layer once: by its weightiest signal; a layer that no detector spoke of is missing."""
    first: dict[Layer, Signal] = {}
    for signal in signals:
        first.setdefault(signal.layer, signal)
    for layer in Layer:
        signal = first.get(layer) or Signal(subject="", layer=layer, state=State.MISSING, headline=_SILENT)
        yield LayerView(
            layer=layer,
            state=signal.state,
            valid=signal.valid,
            frequency=signal.frequency,
            known_at=signal.known_at,
            source=signal.source,
            source_name=signal.source_name,
            strength=signal.strength,
            headline=signal.headline,
        )


_SILENT = Text("기록이 없다.", "Nothing on record.")


def _uses(item: Item, network: Network, on: date) -> tuple[UseAtRisk, ...]:
    return tuple(
        UseAtRisk(use.id, use.name, _ministries(use.in_charge, network, on), _ministries(use.hit, network, on))
        for use in item.uses
    )


def _ministries(responsibilities: Iterable[str], network: Network, on: date) -> tuple[Text, ...]:
    """The ministries that hold them on the day, each once; one that is not known is left out."""
    held = (network.holder(one, on) for one in responsibilities if one in network.responsibilities)
    return tuple(dict.fromkeys(ministry.name for ministry in held if ministry is not None))


def _missions(network: Network, depends: Dependence | None, signals: Iterable[Signal], on: date) -> tuple[Mission, ...]:
    """Those for the main supplier first, then for the authors of measures that are raised."""
    partners = [depends.partner] if depends else []
    partners += [s.partner for s in signals if s.layer is Layer.MEASURE and s.partner and s.strength >= RAISED]
    found = [m for partner in partners for m in network.missions_for(partner, on)[:MOST_MISSIONS]]
    return tuple(dict.fromkeys(found))


def _alternatives(
    item: Item, depends: Dependence | None, supply: Supply | None, spare: Mapping[str, Spare], on: date
) -> tuple[Alternative, ...]:
    """Other suppliers: those that are seen to sell elsewhere, most first; then present ones, then the catalogue's."""
    main = depends.partner if depends else None
    shares: dict[str, float | None] = dict(supply.shares) if supply else {}
    for supplier in item.suppliers:
        shares.setdefault(supplier.country, None)
    ordered = dict.fromkeys([*ranked(spare)[:MOST_SELLERS], *shares])
    return tuple(_alternative(code, shares.get(code), spare.get(code), on) for code in ordered if code != main)


def _alternative(code: str, share: float | None, spare: Spare | None, on: date) -> Alternative:
    return Alternative(
        country=code,
        name=country(code),
        share=share,
        spare=spare.value if spare else None,
        spare_kg=spare.kg if spare else None,
        currency=spare.currency if spare else None,
        spare_year=spare.year if spare else None,
        hub=is_hub(code, on),
        notes=notes(code, spare, on),
    )


def _evidence(signals: Iterable[Signal], depends: Dependence | None) -> Iterator[RecordRef]:
    if depends is not None:
        yield from depends.refs
    for signal in signals:
        yield from signal.record_refs
