"""Taskings: what missions are asked, who has answered, and the board of all of them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bongsu.alerts import queries as alert_queries
from bongsu.language import Text
from bongsu.people.markings import Grade
from bongsu.people.roles import JUDGES, Role
from bongsu.responses import actions, queries
from bongsu.responses.models import Tasking
from bongsu.responses.states import STEP_NAMES, TASKING_NAMES, Step
from bongsu.web.acting import Request, actor_of, reader_of
from bongsu.web.doors import open_to
from bongsu.web.forms.responses import ReasonForm, StepForm, TaskingForm, tasking_filter
from bongsu.web.paging import page_of
from bongsu.web.posting import UNTAKEN, attempt, failed, form_page, led_on, status_of
from bongsu.web.readings import note_sensitive

_ASKERS = (*JUDGES, Role.DESK)
_READERS = (*_ASKERS, Role.MISSION)
_USUAL = timedelta(days=2)
_FORMS: dict[str, type[forms.Form]] = {Step.CLOSE_TASKING: StepForm, Step.WITHDRAW_TASKING: ReasonForm}
_ACTS: dict[str, Any] = {
    Step.CLOSE_TASKING: (actions.close_tasking, Text("종결했습니다.", "Closed.")),
    Step.WITHDRAW_TASKING: (actions.withdraw_tasking, Text("철회했습니다.", "Withdrawn.")),
}
STEPS = tuple(step.value for step in (Step.CLOSE_TASKING, Step.WITHDRAW_TASKING))


@open_to(*_READERS)
def taskings(request: Request) -> HttpResponseBase:
    """The next deadline first."""
    form, reader = tasking_filter(request.GET), reader_of(request)
    if not form.is_valid():
        return render(request, "taskings.html", {"form": form, "page": ()}, status=UNTAKEN)
    page = page_of(request, queries.taskings(reader, **form.cleaned_data))
    rows = [(one, TASKING_NAMES[one.state], sum(at is not None for _, at in one.answers)) for one in page]
    narrowed = any(form.cleaned_data.values())
    shown = {"form": form, "page": page, "rows": rows, "asks": reader.role in _ASKERS, "narrowed": narrowed}
    return render(request, "taskings.html", shown)


@open_to(*_READERS)
def board(request: Request) -> HttpResponseBase:
    """Every tasking and every mission that it asks."""
    page = page_of(request, queries.board(reader_of(request), as_of=request.now))
    rows = [
        (
            line.tasking,
            TASKING_NAMES[line.tasking.state],
            [(cell, queries.CELL_NAMES[cell.state]) for cell in line.cells],
        )
        for line in page
    ]
    return render(request, "board.html", {"page": page, "rows": rows})


@open_to(*_ASKERS, methods="GET POST")
def ask(request: Request) -> HttpResponseBase:
    """A new question; `?alert=` begins it from an alert."""
    reader, about = reader_of(request), _about(request)
    if request.method != "POST":
        return _ask_page(request, TaskingForm(reader=reader, initial=_begun(request, about)))
    form, by = TaskingForm(request.POST, reader=reader), actor_of(request)
    outcome = attempt(form, lambda: actions.ask(by=by, alert=about, **form.cleaned_data))
    if not isinstance(outcome, Tasking):
        return _ask_page(request, form, status_of(outcome))
    return led_on(
        request, reverse("tasking", args=[outcome.pk]), Text("확인요청을 보냈습니다.", "The missions were asked.")
    )


@open_to(*_READERS)
def tasking(request: Request, tasking: UUID) -> HttpResponseBase:
    """One tasking, its answers, and what can be done."""
    found = queries.tasking(reader_of(request), tasking)
    note_sensitive(request, "tasking", found.id, found.grade)
    return _page(request, tasking)


@open_to(*_ASKERS, methods="POST")
def tasking_step(request: Request, tasking: UUID, step: str) -> HttpResponseBase:
    """Close or withdraw it."""
    form, by = _FORMS[step](request.POST, prefix=step), actor_of(request)
    act, done = _ACTS[step]
    outcome = attempt(form, lambda: act(by=by, tasking=tasking, **form.cleaned_data))
    if failed(outcome):
        return _page(request, tasking, tried=(step, form), status=status_of(outcome))
    return led_on(request, reverse("tasking", args=[tasking]), done)


def _about(request: Request) -> UUID | None:
    """The alert that the question is about, where the address names one."""
    try:
        return UUID(request.GET["alert"]) if "alert" in request.GET else None
    except ValueError:
        return None


def _begun(request: Request, about: UUID | None) -> dict[str, Any]:
    """A question as it begins: two days, and of an alert its item, markings and the missions that it concerns."""
    begun: dict[str, Any] = {"deadline": timezone.localtime(request.now + _USUAL), "grade": Grade.O.value}
    if about is None:
        return begun
    alert = alert_queries.alert(reader_of(request), about)
    units = [one.unit for one in alert_queries.concerns(reader_of(request), about)]
    missions = [unit.removeprefix("mission:") for unit in units if unit.startswith("mission:")]
    return {**begun, "item": alert.subject, "grade": alert.grade, "tlp": alert.tlp, "missions": missions}


def _ask_page(request: Request, form: TaskingForm, status: int = 200) -> HttpResponseBase:
    title, button = Text("공관에 확인요청", "Ask missions"), Text("보내기", "Send")
    return form_page(request, form, title, status=status, button=button)


def _page(request: Request, tasking: UUID, *, tried: Any = None, status: int = 200) -> HttpResponseBase:  # noqa: ANN401 - a step and its form
    reader = reader_of(request)
    found = queries.tasking(reader, tasking)
    forms_ = [(step, STEP_NAMES[step], _form(step, found.version, tried)) for step in found.steps]
    reports = queries.reports(reader, tasking=tasking)
    shown = {
        "tasking": found,
        "state": TASKING_NAMES[found.state],
        "forms": forms_,
        "reports": reports,
        "tried": tried[1] if tried else None,
        "writes": reader.role is Role.MISSION,
    }
    return render(request, "tasking.html", shown, status=status)


def _form(step: Step, version: int, tried: Any) -> forms.Form:  # noqa: ANN401 - a step and its form
    if tried and tried[0] == step:
        typed: forms.Form = tried[1]
        typed.data = {**typed.data.dict(), f"{step}-seen": version}  # type: ignore[attr-defined]
        return typed
    return _FORMS[step](prefix=step, initial={"seen": version})
