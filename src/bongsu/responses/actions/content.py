"""What a report says: how it begins, what may be typed into it, and when it is complete."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bongsu.alerts.models import Alert
from bongsu.language import Text
from bongsu.people.errors import InvalidError
from bongsu.people.markings import Grade, Tlp
from bongsu.people.reader import Actor
from bongsu.responses import entered, fold
from bongsu.responses.home import home_network
from bongsu.responses.models import Tasking
from bongsu.responses.states import BEARINGS, OFFERED

_EAST = timedelta(hours=14)  # a day begins so much earlier in the farthest time zone

_CHECKED: Mapping[str, Callable[[Any], Any]] = {
    "items": entered.items,
    "place": entered.place,
    "title": lambda value: entered.name(value, "title"),
    "body": lambda value: entered.prose(value, "body"),
    "measure": entered.measure,
    "bearing": lambda value: entered.choice(value, "bearing", tuple(BEARINGS)),
    "observed_on": lambda value: entered.day(value, "observed_on"),
    "origin": entered.origin,
    "source_name": lambda value: entered.name(value, "source_name"),
    "link": entered.link,
    "offered": lambda value: entered.reliability(value, "offered"),
}


def fresh(by: Actor, asked: Tasking | None, alert: Alert | None) -> dict[str, Any]:
    """What a new report holds before anything is typed: the mission's host country, and its question's item and markings."""
    mission = home_network().missions.get(by.reader.mission)
    marks = asked or alert
    item = asked.item if asked else (alert.subject if alert else "")
    begun = fold.ReportFacts(
        items=(item,) if item else (),
        place=mission.host if mission else "",
        grade=min(marks.grade, by.reader.grade) if marks else Grade.O,
        tlp=min(marks.tlp, by.reader.tlp) if marks else min(Tlp.GREEN, by.reader.tlp),
    )
    return {name: getattr(begun, name) for name in fold.CONTENT}


def changed(by: Actor, before: fold.ReportFacts | dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """What stood there, with the fields that were typed, each checked.

    Raises:
        InvalidError: a field that there is not, or whose value cannot be taken.
    """
    content = before if isinstance(before, dict) else {name: getattr(before, name) for name in fold.CONTENT}
    typed = {name: _typed(by, name, value) for name, value in fields.items()}
    content = {**content, **typed}
    return {
        **content,
        "items": list(content["items"]),
        "offered": content["offered"] or OFFERED.get(content["origin"], ""),
    }


def _typed(by: Actor, name: str, value: Any) -> Any:  # noqa: ANN401 - by field
    if name == "grade":
        return entered.grade(value, by.reader)
    if name == "tlp":
        return entered.tlp(value, by.reader)
    if name not in _CHECKED:
        raise InvalidError(Text("그런 칸은 없습니다.", "there is no such field."), where=entered.seen(name))
    return _CHECKED[name](value)


def complete(facts: fold.ReportFacts, now: datetime) -> None:
    """Can it be filed?

    Raises:
        InvalidError: names what is missing.
    """
    for name in ("title", "body", "place", "origin"):
        entered.needed(getattr(facts, name), name)
    if facts.observed_on is None:
        raise InvalidError(Text("언제 본 일인지 적으십시오.", "say on which day it was seen."), where="observed_on")
    entered.day(facts.observed_on, "observed_on")  # one that was typed before its bound was there
    if facts.observed_on > (now + _EAST).date():
        raise InvalidError(Text("아직 오지 않은 날입니다.", "that day has not come yet."), where="observed_on")
