"""One turn of the watch as the database sees it: begun, each warning taken up once, finished. A dead turn is gone over again.

A turn judges as of one moment, and raises at that moment. A turn that died is repeated as of the same moment before a new
one begins: what it saw is not lost, and what it raised already is known by subject and moment.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bongsu.alerts.actions import observe, raise_alert
from bongsu.alerts.evidence import marks_of
from bongsu.alerts.models import Alert, AlertEvent, Cycle
from bongsu.alerts.routing import Concerned
from bongsu.alerts.rules import OPEN, Step, handles
from bongsu.language import Text
from bongsu.people.models import User
from bongsu.people.queries import on_duty
from bongsu.people.reader import Actor
from bongsu.people.roles import OFFICERS, Role

RAISED_FROM = 2  # fires: what is calm, or not known, raises nothing by itself


@dataclass(frozen=True)
class Staff:
    """Who could answer at a moment: the rota, the analysts, and the units that somebody who handles alerts stands for."""

    on_duty: tuple[int, ...]
    centre: tuple[int, ...]
    staffed: frozenset[str]


def staff_at(at: datetime) -> Staff:
    """Who could answer at `at`."""
    officers = list(User.objects.filter(is_active=True, role__in=OFFICERS).defer("password").order_by("pk"))
    return Staff(
        tuple(shift.officer_id for shift in on_duty(at)),
        tuple(user.pk for user in officers if user.role == Role.CENTRE),
        frozenset(unit for user in officers if handles(user.reader) for unit in user.reader.units),
    )


def dead_turn() -> Cycle | None:
    """The turn that began and never ended, the oldest first."""
    return Cycle.objects.filter(finished_at__isnull=True).order_by("moment", "pk").first()


def begin(at: datetime, started_at: datetime, run_id: str) -> Cycle:
    """A new turn; a clock that was set back does not take the watch back behind what it has judged already."""
    last = Cycle.objects.order_by("-moment").first()
    moment = max(at, last.moment) if last else at
    return Cycle.objects.create(moment=moment, run_id=run_id, started_at=started_at)


def finish(cycle: Cycle, now: datetime, counts: Mapping[str, Any], said: Sequence[Text]) -> None:
    """The turn is whole."""
    cycle.finished_at, cycle.counts = now, dict(counts)
    cycle.said = [{"ko": one.ko, "en": one.en} for one in said]
    cycle.save(update_fields=("finished_at", "counts", "said"))


def failed(cycle: Cycle) -> int:
    """Note that judging this turn has failed once more; how often it has by now."""
    tries = int(cycle.counts.get("tries", 0)) + 1
    cycle.counts = {**cycle.counts, "tries": tries}
    cycle.save(update_fields=("counts",))
    return tries


def give_up(cycle: Cycle, now: datetime, said: Sequence[Text]) -> None:
    """End a turn that could not be judged; what the last whole turn judged goes on to hold for the next one."""
    last = _last_whole(cycle)
    finish(cycle, now, counted(Counter(), last.counts.get("levels", {}) if last else {}), said)


def _last_whole(cycle: Cycle) -> Cycle | None:
    """The last turn that was finished before this one."""
    return Cycle.objects.filter(finished_at__isnull=False).exclude(pk=cycle.pk).order_by("-moment", "-pk").first()


@dataclass(frozen=True)
class Before:
    """What stood before this turn.

    Args:
        latest: the newest alert of each subject.
        levels: what the last whole turn judged, by subject; unknown ones are not there.
        raised: subjects that a first try of this same turn has raised.
    """

    latest: Mapping[str, Alert]
    levels: Mapping[str, int]
    raised: frozenset[str]

    def open_for(self, subject: str) -> Alert | None:
        """The alert that people are handling."""
        alert = self.latest.get(subject)
        return alert if alert is not None and alert.state in OPEN else None

    def matters(self, subject: str, level: int | None) -> bool:
        """Is it brought to an open alert, or does it raise one?"""
        return self.open_for(subject) is not None or self._begins(subject, level)

    def _begins(self, subject: str, level: int | None) -> bool:
        """Is this a new alarm, and not one that somebody ended and that goes on as it was?"""
        if level is None or level < RAISED_FROM or subject in self.raised:
            return False
        alert = self.latest.get(subject)
        if alert is None or level > (alert.watch_level or 0):
            return True
        return self.levels.get(subject, level) < RAISED_FROM


def before(cycle: Cycle, subjects: Iterable[str]) -> Before:
    """What stood before `cycle`; three queries, whatever the number of subjects."""
    alerts = Alert.objects.filter(subject__in=list(subjects)).order_by("raised_at", "updated_at")
    last = _last_whole(cycle)
    raised = AlertEvent.objects.filter(kind=Step.RAISE, at=cycle.moment).values_list("of__subject", flat=True)
    levels = dict(last.counts.get("levels", {})) if last else {}
    return Before({one.subject: one for one in alerts}, levels, frozenset(raised))


def take_up(by: Actor, warning: Mapping[str, Any], concerns: Sequence[Concerned], stood: Before) -> str:
    """Bring a warning that matters to its open alert, or raise one; what was done, as `counts` names it."""
    alert = stood.open_for(str(warning["subject"]))
    if alert is None:
        grade, tlp = marks_of(warning)
        raise_alert(by=by, warning=warning, level=warning["level"], grade=grade, tlp=tlp, concerns=concerns)
        return "raised"
    after = observe(by=by, alert=alert.pk, warning=warning, level=warning["level"], concerns=concerns)
    if after.version == alert.version:
        return "unchanged"
    rose = (warning["level"] or 0) - (alert.watch_level or 0)
    return "risen" if rose > 0 else "fallen" if rose < 0 else "observed"


def counted(done: Counter[str], levels: Mapping[str, int | None]) -> dict[str, Any]:
    """The turn in numbers, and the levels that it judged, for the next one."""
    return {**done, "levels": {subject: level for subject, level in levels.items() if level is not None}}
