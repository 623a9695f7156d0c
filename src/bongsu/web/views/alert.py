"""The page of one alert, and every act on it. Whoever acts on what has moved on sees what changed, and what they typed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from bongsu.alerts import queries, rules
from bongsu.alerts.declared import declared
from bongsu.alerts.models import Alert
from bongsu.alerts.official import STANDS_NAMES
from bongsu.alerts.releases import queries as release_queries
from bongsu.alerts.releases.rules import STATE_NAMES as RELEASE_STATES
from bongsu.alerts.releases.rules import State as ReleaseState
from bongsu.alerts.routing.preview import preview
from bongsu.alerts.rules import STATE_NAMES, STEP_NAMES, State, Step
from bongsu.people import queries as people
from bongsu.people.errors import OutOfStepError, StaleError
from bongsu.people.reader import Reader
from bongsu.people.roles import JUDGES, OFFICERS, Role
from bongsu.responses import queries as responses
from bongsu.web import names
from bongsu.web.acting import Request, actor_of, reader_of
from bongsu.web.alert_acts import ACTS, Act, facts, offered
from bongsu.web.alert_facts import both_evidences
from bongsu.web.doors import open_to
from bongsu.web.forms.alerts import ActForm, ListForm
from bongsu.web.posting import attempt, failed, form_page, led_on, status_of
from bongsu.web.readings import note_sensitive
from bongsu.web.speech import said

_HANDLERS = (*JUDGES, Role.DESK)
_CHOSEN_FROM = 300  # open alerts to merge into; more make no list to choose from


@open_to(*OFFICERS)
def alert(request: Request, alert: UUID) -> HttpResponseBase:
    """One alert, now or as it stood (`as_of`)."""
    asked = ListForm({"as_of": request.GET.get("as_of", "")})
    moment = asked.moment() if asked.is_valid() else None
    row = queries.alert(reader_of(request), alert, as_of=moment)
    note_sensitive(request, "alert", row.pk, row.grade)
    return _page(request, row, moment=moment)


@open_to(*_HANDLERS, methods="GET POST")
def act(request: Request, alert: UUID, step: str) -> HttpResponseBase:
    """One act; asked for, the page with its form alone."""
    wanted = ACTS[step]
    if request.method != "POST":
        return _act_page(request, wanted, queries.alert(reader_of(request), alert))
    form = _form(reader_of(request), wanted, alert, request.POST)
    outcome = attempt(form, lambda: _do(request, wanted, alert, form))
    if not failed(outcome):
        return led_on(request, reverse("alert", args=[alert]), wanted.done)
    row = queries.alert(reader_of(request), alert)
    seen = outcome.seen if isinstance(outcome, StaleError) else None
    return _page(request, row, tried=_once_more(form, row), seen=seen, status=status_of(outcome))


def _act_page(request: Request, wanted: Act, row: Alert) -> HttpResponseBase:
    """The form of one act, or why it cannot be done now."""
    if (why_not := rules.may(reader_of(request), wanted.step, row)) is not None:
        raise OutOfStepError(why_not)
    form = _form(reader_of(request), wanted, row.pk, version=row.version)
    back, item = reverse("alert", args=[row.pk]), names.item(row.subject)
    return form_page(request, form, wanted.said, intro=wanted.help, button=wanted.said, back=back, back_said=item)


def _do(request: Request, wanted: Act, alert: UUID, form: ActForm) -> Alert:
    why, given = facts(form)
    return wanted.do(by=actor_of(request, why), alert=alert, **given)


def _once_more(form: ActForm, row: Alert) -> ActForm:
    """The form with what was typed, now naming the newest version: sending it again is a new decision."""
    typed = dict(form.data.items())
    typed[form.add_prefix("seen")] = str(row.version)
    form.data = typed
    return form


def _form(reader: Reader, wanted: Act, alert: UUID, data: Any = None, version: int = 0) -> ActForm:  # noqa: ANN401 - of a POST
    prefix = wanted.step.value
    made = wanted.form(data, prefix=prefix, initial={"seen": version}, choices=_choices(reader, wanted.step, alert))
    made.fields["seen"].widget.attrs["id"] = f"seen-{prefix}"
    return made


def _choices(reader: Reader, step: Step, alert: UUID) -> Sequence[tuple[Any, str]]:
    """Who may be given it, or where it may go."""
    if step is Step.ASSIGN:
        return [(one.pk, one.name) for one in people.accounts(reader).filter(role__in=_HANDLERS, is_active=True)]
    if step in {Step.MERGE, Step.SUPERSEDE}:
        there = queries.alerts(reader, state="open")[:_CHOSEN_FROM]
        return [(one.pk, _choice(one)) for one in there if one.pk != alert]
    return ()


def _choice(row: Alert) -> str:
    return f"{said(names.item(row.subject))} · {said(STATE_NAMES[State(row.state)])}"


def _page(
    request: Request,
    row: Alert,
    *,
    moment: Any = None,  # noqa: ANN401 - a moment, or now
    tried: ActForm | None = None,
    seen: int | None = None,
    status: int = 200,
) -> HttpResponseBase:
    reader = reader_of(request)
    official = declared(reader, row.subject, moment or request.now)
    can, cannot = ([], []) if moment or not rules.handles(reader) else _acts(reader, row, tried)
    shown = {
        "alert": row,
        "moment": moment,
        "state": STATE_NAMES[State(row.state)],
        "handles": rules.handles(reader),
        "can": can,
        "cannot": cannot,
        "tried": tried,
        "seen": seen,
        "official": [(one, STANDS_NAMES[one.stands]) for one in official.alerts],
        "no_official": official.why,
        "preview": lambda: preview(reader, row.pk, at=request.now),  # asked only where issuing is offered
        **_told(reader, row, moment),
    }
    return render(request, "alert.html", shown, status=status)


def _acts(reader: Reader, row: Alert, tried: ActForm | None) -> Any:  # noqa: ANN401 - two lists of what is offered
    return offered(reader, row, tried, lambda one: _form(reader, one, row.pk, version=row.version))


def _told(reader: Reader, row: Alert, moment: Any) -> dict[str, Any]:  # noqa: ANN401 - a moment, or now
    """What the page tells of an alert besides its own columns."""
    lines = queries.timeline(reader, row.pk, as_of=moment)
    tellings = list(queries.tellings(reader, row.pk, as_of=moment))
    told: dict[str, int] = {}
    for one in tellings:
        told[one.unit] = max(one.level, told.get(one.unit, 0))
    return {
        "timeline": [(line, STEP_NAMES[line.kind], STATE_NAMES[line.state]) for line in reversed(lines)],
        "concerns": [(one, told.get(one.unit)) for one in queries.concerns(reader, row.pk, as_of=moment)],
        "checklist": queries.checklist(reader, row.pk, as_of=moment),
        "taskings": responses.taskings(reader, alert=row.pk, as_of=moment),
        "reports": responses.reports(reader, alert=row.pk, as_of=moment),
        "releases": [
            (one, RELEASE_STATES[ReleaseState(one.state)])
            for one in release_queries.releases(reader, alert=row.pk, as_of=moment)
        ],
        "asks": reader.role in _HANDLERS,
        "writes": reader.role is Role.MISSION,
        **both_evidences(reader, row, moment),
    }
