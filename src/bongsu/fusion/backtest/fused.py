"""Fusion judged: cases of items, and false alarms of all shipped items against the events written down beforehand."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import dropwhile
from operator import itemgetter

from bongsu.detectors.signal import State
from bongsu.fusion.backtest.events import Event, by_item, event_of
from bongsu.fusion.backtest.files import Case
from bongsu.fusion.backtest.walk import AGAIN, Watching, starts
from bongsu.fusion.record import Month, Row, Year, pooled
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.language import Text

ALARM, SEVERE, HIGHEST = (
    3,
    4,
    5,
)  # fires: from which a case counts as warned of, and from which false alarms are counted
ENOUGH_LAYERS = 2  # live, on at least half of a year's days, or the item-year is not counted
HORIZON = timedelta(days=183)  # within which an event counts as following
YEAR_DAYS = 365.25
FIRST, LAST = date(2015, 1, 1), date(2024, 12, 31)
Tell = Callable[[str], None]


@dataclass(frozen=True)
class FusedCase:
    """How the watch did on one case.

    Args:
        case: the case.
        items: those that hold its code; none: nothing of it is shipped.
        first: the first day in its days on which an episode at `ALARM` fires or more starts.
        level: the highest level within its days.
        severe: likewise at `SEVERE` fires or more; None: none starts within them.
        uses: the uses that were named on that first day, by id and name.
    """

    case: Case
    items: tuple[str, ...]
    first: date | None
    level: int | None
    uses: tuple[tuple[str, Text], ...]
    severe: date | None = None


def fused_case(watching: Watching, case: Case) -> FusedCase:
    """Replay the watch over the case's days; the home is the case's reporter."""
    code = case.flow.code if case.flow else ""
    items = tuple(sorted({match.item.id for match in watching.catalogue.by_hs(code)}))
    days = watching.turning_days(case.counts_from - 2 * AGAIN, case.counts_to)
    seen: dict[str, dict[date, Warning]] = defaultdict(dict)
    for day, found in watching.on(days, items) if items else ():
        for warning in found:
            seen[warning.subject][day] = warning
    alarms, severe = (_starting(case, seen, level) for level in (ALARM, SEVERE))
    within = [one.level or 0 for item in items for day, one in seen[item].items() if _counts(case, day)]
    first = alarms[0] if alarms else None
    named = _standing(seen[first[1]], first[0]).uses if first else ()
    return FusedCase(
        case=case,
        items=items,
        first=first[0] if first else None,
        level=max(within, default=None),
        uses=tuple((use.id, use.name) for use in named),
        severe=severe[0][0] if severe else None,
    )


def _starting(case: Case, seen: Mapping[str, Mapping[date, Warning]], least: int) -> list[tuple[date, str]]:
    """Days within the case's own on which an alarm starts at so many fires or more, and the item's id."""
    return sorted((day, item) for item, days in seen.items() for day in _alarms(days, least) if _counts(case, day))


def _alarms(seen: Mapping[date, Warning], least: int) -> list[date]:
    """Days on which an alarm starts: `least` fires, or a higher level, is reached from below, or rings on.

    One that rings on the first day walked began on a day that nobody knows: it neither begins there nor counts again.
    """
    levels = [(day, one.level or 0) for day, one in sorted(seen.items())]
    return [
        day
        for level in range(least, HIGHEST + 1)
        for day in starts(list(dropwhile(itemgetter(1), ((on, given >= level) for on, given in levels))))
    ]


def _counts(case: Case, day: date) -> bool:
    return case.counts_from <= day <= case.counts_to


def _standing(seen: Mapping[date, Warning], day: date) -> Warning:
    return seen[max(on for on in seen if on <= day)]


@dataclass(frozen=True)
class Episode:
    """An episode at `SEVERE` fires or more, and the event that it is about; None: a false alarm."""

    item: str
    day: date
    event: Event | None


@dataclass(frozen=True)
class Fused:
    """What the watch said of all shipped items over the years.

    Args:
        first, last: the days replayed.
        item_years: years of items with enough live layers; `all_item_years` counts every one.
        episodes: at `SEVERE` fires or more, within these item-years.
        events, caught: events of items within these item-years, and how many of them an episode is about.
        alarms: episodes at `ALARM` fires or more, of all items in all years.
        months: by level and number of live layers, how many items and how many of them an event followed.
        years: alarms at `ALARM` fires or more, of all items.
    """

    first: date
    last: date
    item_years: int
    all_item_years: int
    episodes: tuple[Episode, ...]
    events: int
    caught: int
    alarms: int
    months: tuple[Month, ...]
    years: tuple[Year, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The months added up."""
        return pooled(self.months)

    @property
    def false_alarms(self) -> tuple[Episode, ...]:
        """The episodes that no event explains."""
        return tuple(one for one in self.episodes if one.event is None)

    @property
    def per_item_year(self) -> float | None:
        """False episodes an item and year."""
        return len(self.false_alarms) / self.item_years if self.item_years else None


@dataclass
class _Track:
    """One item's days: level and number of live layers, each from its day to the next."""

    days: list[tuple[date, int, int]] = field(default_factory=list)

    def starts(self, level: int) -> list[date]:
        return starts([(day, given >= level) for day, given, _ in self.days])

    def years_with(self, layers: int, last: date) -> set[int]:
        """The years in which so many layers were live on at least half of the days."""
        live, whole = self.days_with(layers, last)
        return {year for year, length in whole.items() if length and 2 * live[year] >= length}

    def days_with(self, layers: int, last: date) -> tuple[dict[int, int], dict[int, int]]:
        """By year, the days on which so many layers were live, and all days."""
        live: dict[int, int] = defaultdict(int)
        whole: dict[int, int] = defaultdict(int)
        for (day, _, number), until in zip(self.days, [one[0] for one in self.days[1:]] + [last], strict=True):
            for year, length in _by_year(day, until):
                whole[year] += length
                live[year] += length if number >= layers else 0
        return live, whole


def _by_year(first: date, until: date) -> Iterator[tuple[int, int]]:
    """Days from `first` up to `until`, by year."""
    while first < until:
        following = min(until, date(first.year + 1, 1, 1))
        yield first.year, (following - first).days
        first = following


def fused(
    watching: Watching,
    events: Iterable[Event],
    *,
    first: date = FIRST,
    last: date = LAST,
    items: Sequence[str] | None = None,
    tell: Tell = lambda _: None,
) -> Fused:
    """Replay the watch of all items over the years, and hold its alarms against the events."""
    tracks: dict[str, _Track] = defaultdict(_Track)
    known = by_item(events)
    for day, found in watching.on(watching.turning_days(first, last), items):
        tell(f"fused · {day}")
        for warning in found:
            live = {view.layer for view in warning.layers_in(State.LIVE)}
            tracks[warning.subject].days.append((day, warning.level or 0, len(live)))
    return _counted(tracks, known, first, last)


def _counted(tracks: Mapping[str, _Track], known: Mapping[str, Sequence[Event]], first: date, last: date) -> Fused:
    counted = {(item, year) for item, track in tracks.items() for year in track.years_with(ENOUGH_LAYERS, last)}
    episodes = [
        Episode(item, day, event_of(known.get(item, ()), day))
        for item, track in sorted(tracks.items())
        for day in track.starts(SEVERE)
        if (item, day.year) in counted
    ]
    happened = {one for item in tracks for one in known.get(item, ()) if (item, one.announced.year) in counted}
    return Fused(
        first=first,
        last=last,
        item_years=len(counted),
        all_item_years=len(tracks) * (last.year - first.year + 1),
        episodes=tuple(episodes),
        events=len(happened),
        caught=sum(
            any(one.holds(episode.day) and episode.item == one.item for episode in episodes) for one in happened
        ),
        alarms=sum(len(track.starts(ALARM)) for track in tracks.values()),
        months=tuple(_months(tracks, known, last)),
        years=tuple(_years(tracks, first, last)),
    )


def _months(tracks: Mapping[str, _Track], known: Mapping[str, Sequence[Event]], last: date) -> Iterator[Month]:
    """Items by month, level and live layers; the last months are left out, as what followed them is not known."""
    tally: dict[date, dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for item, track in tracks.items():
        for day, level, layers in track.days:
            if day.day == 1 and level and day + HORIZON <= last:
                counts = tally[day][level, layers]
                counts[0] += 1
                counts[1] += any(day < one.announced <= day + HORIZON for one in known.get(item, ()))
    for day, kinds in sorted(tally.items()):
        yield Month(day, tuple(Row(*kind, *counts) for kind, counts in sorted(kinds.items())))


def _years(tracks: Mapping[str, _Track], first: date, last: date) -> Iterator[Year]:
    """Alarms of all items by year, and the item-years in which any layer was live."""
    alarms = Counter(day.year for track in tracks.values() for day in track.starts(ALARM))
    live: Counter[int] = Counter()
    for track in tracks.values():
        live.update(track.days_with(1, last)[0])
    for year in range(first.year, last.year + 1):
        yield Year(year, alarms[year], float(len(tracks)), round(live[year] / YEAR_DAYS, 3))
