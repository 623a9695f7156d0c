"""The duty rota, and the hand-over of the watch on one printed page."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from bongsu.alerts import queries as alert_queries
from bongsu.alerts.rules import STATE_NAMES, State
from bongsu.alerts.turns import last_turn
from bongsu.language import Text
from bongsu.people import actions, queries, watch
from bongsu.people.roles import JUDGES, Role
from bongsu.responses import queries as responses
from bongsu.web.acting import Request, actor_of, reader_of
from bongsu.web.doors import open_to
from bongsu.web.forms.people import HandOverForm, ShiftForm
from bongsu.web.posting import attempt, failed, led_on, status_of

_SHOWN = timedelta(days=28)
_SHOWN_ALERTS = 40  # what one page holds
_PLANNERS = (*JUDGES, Role.ADMINISTRATOR)


@open_to(*_PLANNERS, methods="GET POST")
def rota(request: Request) -> HttpResponseBase:
    """Four weeks of watches, and the form to plan another."""
    people = _watch_keepers(request)
    if request.method != "POST":
        return _rota_page(request, ShiftForm(people=people))
    form, by = ShiftForm(request.POST, people=people), actor_of(request)
    outcome = attempt(form, lambda: actions.plan_shift(by=by, **form.cleaned_data))
    if failed(outcome):
        return _rota_page(request, form, status_of(outcome))
    return led_on(request, reverse("rota"), Text("당직을 넣었습니다.", "The watch was planned."))


@open_to(*_PLANNERS, methods="POST")
def drop_shift(request: Request, shift: int) -> HttpResponseBase:
    """A watch off the rota."""
    actions.drop_shift(by=actor_of(request), shift=shift)
    return led_on(request, reverse("rota"), Text("당직을 뺐습니다.", "The watch was dropped."))


@open_to(*JUDGES, methods="GET POST")
def hand_over(request: Request) -> HttpResponseBase:
    """The one page that goes from one watch to the next."""
    people = [one for one in _watch_keepers(request) if one.pk != request.user.pk]
    if request.method != "POST":
        return _hand_over_page(request, HandOverForm(people=people))
    form, by = HandOverForm(request.POST, people=people), actor_of(request)
    outcome = attempt(form, lambda: actions.give_watch(by=by, **form.cleaned_data))
    if failed(outcome):
        return _hand_over_page(request, form, status_of(outcome))
    return led_on(request, reverse("hand_over"), Text("당직을 넘겼습니다.", "The watch was handed over."))


@open_to(*JUDGES, methods="POST")
def take_watch(request: Request, hand_over: int) -> HttpResponseBase:
    """Whoever comes says that they have it."""
    actions.take_watch(by=actor_of(request), hand_over=hand_over)
    return led_on(request, reverse("hand_over"), Text("당직을 인수했습니다.", "You have the watch."))


def _watch_keepers(request: Request) -> list[Any]:
    found = queries.accounts(reader_of(request))
    return list(found.filter(role__in=JUDGES, is_active=True))


def _rota_page(request: Request, form: ShiftForm, status: int = 200) -> HttpResponseBase:
    shifts = queries.rota(reader_of(request), request.now - timedelta(days=1), request.now + _SHOWN)
    on_duty = queries.on_duty(request.now)
    shown = {"form": form, "shifts": list(shifts), "on_duty": on_duty, "holes": _holes(request)}
    return render(request, "rota.html", shown, status=status)


def _holes(request: Request) -> tuple[watch.Hole, ...]:
    """The times of the coming fourteen days in which nobody has the watch."""
    return watch.holes(request.now, request.now + watch.LOOK_AHEAD)


def _hand_over_page(request: Request, form: HandOverForm, status: int = 200) -> HttpResponseBase:
    given = list(queries.hand_overs(reader_of(request))[:5])
    shifts = queries.rota(reader_of(request), request.now, request.now + timedelta(days=2))
    reader = reader_of(request)
    there = list(alert_queries.alerts(reader, state="open")[: _SHOWN_ALERTS + 1])
    overdue = [one for one in responses.taskings(reader, state="open") if one.deadline <= request.now]
    shown = {
        "form": form,
        "given": given,
        "shifts": list(shifts),
        "on_duty": queries.on_duty(request.now),
        "holes": _holes(request),
        "open": [(one, STATE_NAMES[State(one.state)]) for one in there[:_SHOWN_ALERTS]],
        "more": len(there) > _SHOWN_ALERTS,
        "overdue": overdue,
        "turn": last_turn(reader),
    }
    return render(request, "hand_over.html", shown, status=status)
