"""From an item's signals to its warning."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bongsu.detectors.dependence import Dependence
from bongsu.detectors.flow import Supply
from bongsu.detectors.signal import MARKS, Layer, Marks, RecordRef, Signal, State
from bongsu.detectors.suspension import DatedQuestion
from bongsu.detectors.wording import country, per_cent
from bongsu.fusion.advice import lower_if, next_step, raise_if
from bongsu.fusion.levels import level, picture
from bongsu.fusion.record import record_on, said
from bongsu.fusion.spare import Spare, is_hub, notes, ranked
from bongsu.fusion.warning import Alternative, LayerView, Question, UseAtRisk, Warning  # noqa: A004 - the design's word
from bongsu.items.cover import days_of_cover
from bongsu.items.grade import Grade, ews_grade
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.missions.network import Network
from bongsu.missions.shapes import Mission
from bongsu.records.marking import highest

MOST_MISSIONS = 4  # named for one country
MOST_SELLERS = 10  # to others than home, named for one item
_ORDER = {State.LIVE: 0, State.STALE: 1, State.MISSING: 2}


@dataclass(frozen=True)
class Known:
    """What is known of an item beside its signals.

    Args:
        depends: its main supplier; None: unknown.
        supply: the home's imports of the last twelve months, where its flows are held.
        spare: by country, what it sells to others than home.
        asked: the questions that measures call for, by country and day.
    """

    depends: Dependence | None = None
    supply: Supply | None = None
    spare: Mapping[str, Spare] = field(default_factory=dict)
    asked: Sequence[DatedQuestion] = ()


def fuse(
    item: Item,
    signals: Sequence[Signal],
    known: Known,
    network: Network,
    on: date,
    *,
    moment: datetime,
    marks: Marks = MARKS,
) -> Warning:
    """The warning of one item.

    Args:
        item: as known on the day.
        signals: of all layers, missing ones too.
        known: what else is known of it.
        network: missions and ministries.
        on: the day, in the home time zone.
        moment: the same, to the second.
        marks: from which strength a signal is raised or strong, by the budget.
    """
    depends = known.depends
    seen, held = picture(signals, marks), record_on(on)
    grade = ews_grade(item, None if depends is None else depends.share, None, on)
    judged = level(seen, grade.letter)
    missions, cover = _missions(network, depends, signals, marks, on), days_of_cover(item, on)
    probability = held.probability(judged, len(seen.live)) if held else None
    questions = tuple(_questions(item, known.asked, network, on))
    ordered = sorted(signals, key=_weight)
    return Warning(
        subject=item.id,
        name=item.name,
        on=moment,
        level=judged,
        grade=grade,
        dependent=None if depends is None else depends.dependent,
        no_current_figures=not seen.figures,
        reasons=tuple(_reasons(ordered, depends, grade, marks, live=seen.figures)),
        dependence=depends,
        uses=_uses(item, network, on),
        missions=missions,
        layers=tuple(_views(ordered)),
        signals=tuple(ordered),
        days_of_cover=cover,
        alternatives=_alternatives(item, depends, known.supply, known.spare, on),
        raise_if=raise_if(judged, seen, grade.letter, depends),
        lower_if=lower_if(judged, signals, grade.letter, marks),
        probability=probability,
        calibration=said(probability, held, judged),
        questions=questions,
        next_step=next_step(judged, signals, missions, cover, questions, known=depends is not None),
        movement=max((s.movement for s in signals if s.state is State.LIVE), default=0.0),
        evidence=tuple(dict.fromkeys(_evidence(ordered, depends))),
        marking=highest(signal.marking for signal in signals),
    )


def _questions(item: Item, asked: Iterable[DatedQuestion], network: Network, on: date) -> Iterator[Question]:
    """The questions with the first mission of ours in each country, as it stands on the day."""
    for one in asked:
        mission = next(iter(network.missions_for(one.country, on)), None)
        yield Question(mission, item.id, one.on, one.because, one.on <= on)


def _weight(signal: Signal) -> tuple[object, ...]:
    """Weightiest first: live before stale, decisive, strong, in the layers' order."""
    order = list(Layer).index(signal.layer)
    return _ORDER[signal.state], not signal.decisive, -signal.strength, order, signal.headline.en


def _reasons(
    signals: Sequence[Signal], depends: Dependence | None, grade: Grade, marks: Marks, *, live: bool
) -> Iterator[Text]:
    yield from (s.headline for s in signals if s.state is State.LIVE and s.strength >= marks.raised)
    if not live:
        yield Text("현재 수치 없음.", "No current figures.")
    if depends is not None:
        yield depends.headline
    yield _graded(grade, depends)
    yield from (s.headline for s in signals if s.state is State.LIVE and s.strength < marks.raised)


def _graded(grade: Grade, depends: Dependence | None) -> Text:
    """How much the signals mean for this item, and why."""
    if depends is None or grade.letter is None:
        return Text(
            "어느 나라에 얼마나 기대는지 몰라 등급도 모른다. 가장 무거운 A등급으로 읽었다.",
            "On whom the item depends is unknown, and so is its grade: it is read as the gravest, A.",
        )
    share = per_cent(depends.share)
    return Text(
        f"등급은 {grade.letter}이다(한 나라 비중 {share}와 대체·국내 생산의 어려움, 중요도로 매김).",
        f"Its grade is {grade.letter}, by a share of {share} from one country, the difficulty of going without, "
        "and its importance.",
    )


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


def _missions(
    network: Network, depends: Dependence | None, signals: Iterable[Signal], marks: Marks, on: date
) -> tuple[Mission, ...]:
    """Those for the main supplier first, then for the authors of measures that are raised."""
    partners = [depends.partner] if depends else []
    partners += [s.partner for s in signals if s.layer is Layer.MEASURE and s.partner and s.strength >= marks.raised]
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
