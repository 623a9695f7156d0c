"""A warning (위험판단): what fusion makes of an item's signals on a day, with all that an officer needs to act."""

from dataclasses import dataclass
from datetime import date, datetime

from bongsu.detectors.dependence import Dependence
from bongsu.detectors.signal import Layer, RecordRef, Signal, State
from bongsu.fusion.record import Probability
from bongsu.items.cover import Cover
from bongsu.items.grade import Grade
from bongsu.language import Text
from bongsu.missions.shapes import Mission
from bongsu.records.marking import OPEN, Marking


@dataclass(frozen=True)
class UseAtRisk:
    """A use of the item, the ministries in charge (소관) and those that would be hit (영향), as of the day."""

    id: str
    name: Text
    in_charge: tuple[Text, ...]
    hit: tuple[Text, ...]


@dataclass(frozen=True)
class LayerView:
    """One layer's newest standing: is it live, of which month, public since when, from whom.

    Args:
        layer: which.
        state: live, stale or missing.
        valid: first day of the newest figure's period, with `frequency` its length.
        known_at: when it was public.
        source: id; `source_name` is what people call it.
        strength: 0–1.
        headline: the sentence, or why there is none.
    """

    layer: Layer
    state: State
    valid: date | None
    frequency: str
    known_at: datetime | None
    source: str
    source_name: Text
    strength: float
    headline: Text


@dataclass(frozen=True)
class Alternative:
    """Another supplier that is known.

    Args:
        country: ISO alpha-3 or a group.
        name: its name.
        share: of the home country's imports in the last twelve months; None: a supplier of which no share is known.
        spare: what it exports to others than home in `spare_year`, f.o.b. in `currency`; None: unknown.
        spare_kg: its weight; None: unknown.
        hub: a place known for re-exports; what it sells may be another's.
        notes: the same in words.
    """

    country: str
    name: Text
    share: float | None
    spare: float | None = None
    spare_kg: float | None = None
    currency: str | None = None
    spare_year: int | None = None
    hub: bool = False
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Question:
    """What to ask a mission from a day on.

    Args:
        mission: who is asked; None: nobody of ours is known there.
        item: the item's id.
        on: the day.
        because: the question with its cause.
        due: that day has come.
    """

    mission: Mission | None
    item: str
    on: date
    because: Text
    due: bool


@dataclass(frozen=True, kw_only=True)
class Warning:  # noqa: A001 - the word of the design; nobody means Python's here
    """What is in danger, how much, why, how we know, how old it is, and whom to ask.

    Args:
        subject: the item's id, `name` its name.
        on: the moment it is asked for.
        level: 1–5, or None: it cannot be given, which is not calm.
        grade: the item's, by what was known of its main supplier on the day; unknown is read as the gravest.
        dependent: half or more comes from one country; None: unknown.
        no_current_figures: no layer but measures is live.
        reasons: one sentence each, the weightiest first.
        dependence: what is known of the main supplier.
        uses: what is at risk, with the ministries.
        missions: whom to ask.
        layers: every layer, live, stale or missing.
        signals: the signals themselves.
        days_of_cover: the newest stock figure with its age; None: unknown.
        alternatives: other suppliers known: those whose exports to others are seen, by these; then by share.
        raise_if, lower_if: what would change the level.
        probability: how often such a level was followed by a true event; None: the record does not say.
        calibration: the same with the counts behind it, or that there is none, in one sentence.
        questions: what to ask missions, by day, past and to come.
        next_step: what to do now.
        movement: the largest change of a live signal's strength.
        evidence: the records behind it, for the walk back.
        marking: the highest grade and TLP of these: how far the warning may travel.
    """

    subject: str
    name: Text
    on: datetime
    level: int | None
    grade: Grade
    dependent: bool | None
    no_current_figures: bool
    reasons: tuple[Text, ...]
    dependence: Dependence | None
    uses: tuple[UseAtRisk, ...]
    missions: tuple[Mission, ...]
    layers: tuple[LayerView, ...]
    signals: tuple[Signal, ...]
    days_of_cover: Cover | None
    alternatives: tuple[Alternative, ...]
    raise_if: tuple[Text, ...]
    lower_if: tuple[Text, ...]
    probability: Probability | None
    calibration: Text
    questions: tuple[Question, ...]
    next_step: Text
    movement: float
    evidence: tuple[RecordRef, ...]
    marking: Marking = OPEN

    @property
    def known(self) -> bool:
        """Is the level a whole judgement: given, with the dependence known?"""
        return self.level is not None and self.dependent is not None

    def layers_in(self, state: State) -> tuple[LayerView, ...]:
        """The layers in one state."""
        return tuple(view for view in self.layers if view.state is state)

    @property
    def newest(self) -> LayerView | None:
        """The layer with the newest figure, live or stale; its month is the data month of the warning's line."""
        dated = [view for view in self.layers if view.valid is not None]
        return max(dated, key=lambda view: (view.state is State.LIVE, view.valid or date.min), default=None)
