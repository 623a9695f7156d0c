"""What may be done to an alert: a step each, told which version was seen."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from bongsu.alerts import actions
from bongsu.alerts.models import Alert as Row
from bongsu.alerts.rules import STEP_NAMES, Step
from bongsu.api.callers import Asked
from bongsu.api.resources.alerts import Alert, Level, router, shown
from bongsu.api.shapes import Given, Id, Name, Prose, Seen, Why


class Reason(Given):
    """Why it is done. Some steps are refused without."""

    why: Why = ""


class Into(Reason):
    """The other alert."""

    into: UUID


class Overriding(Reason):
    """A person's level in the place of the watch's."""

    level: Level


class Owner(Reason):
    """Who is to answer for it."""

    owner: Id


class Entry(Reason):
    """An entry of the checklist."""

    entry: Name


class Note(Given):
    """A note, for those who handle alerts."""

    text: Prose


UNSAID = Reason()
PLAIN: dict[Step, Callable[..., Row]] = {
    Step.TRIAGE: actions.triage,
    Step.ISSUE: actions.issue,
    Step.CLOSE: actions.close,
    Step.REOPEN: actions.reopen,
    Step.WITHDRAW: actions.withdraw,
    Step.ACKNOWLEDGE: actions.acknowledge,
    Step.LIFT: actions.lift_override,
}


def _taken(request: Asked, act: Callable[..., Row], alert: UUID, seen: int, body: Given) -> dict[str, Any]:
    facts = body.model_dump()
    by = request.auth.acting(request, why=facts.pop("why", ""))
    return shown(request.auth.reader, act(by=by, alert=alert, seen=seen, **facts))


def _step(step: Step) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declares the operation of a step."""
    name = STEP_NAMES[step]
    return router.post(
        f"/alerts/{{uuid:alert}}/steps/{step}",
        response=Alert,
        operation_id=f"{step}_alert",
        summary=f"{name.ko} · {name.en}",
    )


def _plain(act: Callable[..., Row]) -> Callable[..., dict[str, Any]]:
    def take(request: Asked, alert: UUID, seen: Seen, body: Reason = UNSAID) -> dict[str, Any]:
        return _taken(request, act, alert, seen, body)

    take.__doc__ = act.__doc__
    return take


for _name, _act in PLAIN.items():
    _step(_name)(_plain(_act))


@_step(Step.SUPERSEDE)
def supersede(request: Asked, alert: UUID, seen: Seen, body: Into) -> dict[str, Any]:
    """Replaces it by another open alert."""
    return _taken(request, actions.supersede, alert, seen, body)


@_step(Step.MERGE)
def merge(request: Asked, alert: UUID, seen: Seen, body: Into) -> dict[str, Any]:
    """Merges it into another open alert: one cause, one life."""
    return _taken(request, actions.merge, alert, seen, body)


@_step(Step.OVERRIDE)
def override(request: Asked, alert: UUID, seen: Seen, body: Overriding) -> dict[str, Any]:
    """Puts a person's level in the place of the watch's, until the watch's own changes or the override is lifted."""
    return _taken(request, actions.override_level, alert, seen, body)


@_step(Step.ASSIGN)
def assign(request: Asked, alert: UUID, seen: Seen, body: Owner) -> dict[str, Any]:
    """Gives it to somebody, who must acknowledge it from three fires on."""
    return _taken(request, actions.assign, alert, seen, body)


@_step(Step.TICK)
def tick(request: Asked, alert: UUID, seen: Seen, body: Entry) -> dict[str, Any]:
    """Says that an entry of the checklist is done."""
    return _taken(request, actions.tick, alert, seen, body)


@_step(Step.UNTICK)
def untick(request: Asked, alert: UUID, seen: Seen, body: Entry) -> dict[str, Any]:
    """Says that it is not done after all."""
    return _taken(request, actions.untick, alert, seen, body)


@_step(Step.NOTE)
def note(request: Asked, alert: UUID, seen: Seen, body: Note) -> dict[str, Any]:
    """Adds a note, for those who handle alerts."""
    return _taken(request, actions.note, alert, seen, body)
