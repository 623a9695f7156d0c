"""Releases: all that a company ever gets. Written by one person, approved by another; and who subscribes to what."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from bongsu.alerts import queries as alert_queries
from bongsu.alerts.models import Release, Subscription
from bongsu.alerts.releases import actions, queries
from bongsu.alerts.releases.rules import STATE_NAMES, STEP_NAMES, State, Step
from bongsu.language import Text
from bongsu.people import queries as people
from bongsu.people.reader import Actor
from bongsu.people.roles import JUDGES, Role
from bongsu.web import names
from bongsu.web.acting import Request, actor_of, reader_of
from bongsu.web.doors import open_to
from bongsu.web.forms.alerts import ActForm, ReasonForm
from bongsu.web.forms.releases import ReleaseForm, SubscriptionForm, facts_of
from bongsu.web.paging import page_of
from bongsu.web.posting import attempt, failed, led_on, status_of

_WRITERS = (*JUDGES, Role.DESK)
_KEEPERS = (Role.CENTRE, Role.ADMINISTRATOR)
_STEPS: dict[str, tuple[type[ActForm], Any, Text]] = {
    Step.APPROVE: (
        ActForm,
        actions.approve_release,
        Text("승인해 기업에 보냈습니다.", "Approved, and sent to companies."),
    ),
    Step.WITHDRAW: (ReasonForm, actions.withdraw_release, Text("철회했습니다.", "Withdrawn.")),
}
STEPS = tuple(step.value for step in (Step.APPROVE, Step.WITHDRAW))


@open_to(*_WRITERS, Role.COMPANY)
def releases(request: Request) -> HttpResponseBase:
    """The newest first; a company sees what was approved for it."""
    reader = reader_of(request)
    page = page_of(request, queries.releases(reader))
    company = reader.role is Role.COMPANY
    rows = [(row, None if company else STATE_NAMES[State(row.state)]) for row in page]
    return render(request, "releases.html", {"page": page, "rows": rows, "company": company})


@open_to(*_WRITERS, Role.COMPANY)
def release(request: Request, release: UUID) -> HttpResponseBase:
    """One release."""
    return _page(request, queries.release(reader_of(request), release))


@open_to(*_WRITERS, methods="GET POST")
def draft_release(request: Request, alert: UUID) -> HttpResponseBase:
    """A text for companies on an alert, begun with the item's codes."""
    row = alert_queries.alert(reader_of(request), alert)
    if request.method != "POST":
        item = names.home_catalogue().items.get(row.subject)
        codes = ", ".join(hs.code for hs in item.hs) if item else ""
        begun = {"items": [row.subject], "hs_codes": codes}
        return render(request, "release_form.html", {"form": ReleaseForm(initial=begun), "alert": row})
    form, by = ReleaseForm(request.POST), actor_of(request)
    outcome = attempt(form, lambda: actions.draft_release(by=by, alert=alert, **form.words()))
    if not isinstance(outcome, Release):
        return render(request, "release_form.html", {"form": form, "alert": row}, status=status_of(outcome))
    return led_on(request, reverse("release", args=[outcome.pk]), Text("초안을 저장했습니다.", "The draft was saved."))


@open_to(*_WRITERS, methods="POST")
def edit_release(request: Request, release: UUID) -> HttpResponseBase:
    """The draft, changed."""
    form, by = ReleaseForm(request.POST), actor_of(request)
    outcome = attempt(
        form,
        lambda: actions.edit_release(by=by, release=release, seen=form.cleaned_data["seen"], **form.words()),
    )
    if failed(outcome):
        row = queries.release(reader_of(request), release)
        typed = request.POST.copy()
        typed["seen"] = str(row.version)
        form.data = typed
        return _page(request, row, form=form, status=status_of(outcome))
    return led_on(request, reverse("release", args=[release]), Text("저장했습니다.", "Saved."))


@open_to(*_WRITERS, methods="POST")
def release_step(request: Request, release: UUID, step: str) -> HttpResponseBase:
    """Approve or withdraw it."""
    made, act, done = _STEPS[step]
    form = made(request.POST, prefix=step)
    outcome = attempt(form, lambda: _do(request, act, release, form))
    if failed(outcome):
        row = queries.release(reader_of(request), release)
        return _page(request, row, tried=form, status=status_of(outcome))
    return led_on(request, reverse("release", args=[release]), done)


@open_to(Role.COMPANY, *_KEEPERS, methods="GET POST")
def subscriptions(request: Request) -> HttpResponseBase:
    """What companies asked to hear of; a company sees its own."""
    if request.method != "POST":
        return _subscriptions_page(request, SubscriptionForm(companies=_companies(request)))
    form, by = SubscriptionForm(request.POST, companies=_companies(request)), actor_of(request)
    outcome = attempt(form, lambda: _subscribed(by, form))
    if not isinstance(outcome, Subscription):
        return _subscriptions_page(request, form, status_of(outcome))
    return led_on(request, reverse("subscriptions"), Text("구독을 넣었습니다.", "Subscribed."))


@open_to(Role.COMPANY, *_KEEPERS, methods="POST")
def end_subscription(request: Request, subscription: int) -> HttpResponseBase:
    """No more of it."""
    actions.end_subscription(by=actor_of(request), subscription=subscription)
    return led_on(request, reverse("subscriptions"), Text("구독을 끝냈습니다.", "The subscription has ended."))


def _do(request: Request, act: Any, release: UUID, form: ActForm) -> Release:  # noqa: ANN401 - an action
    filled = dict(form.cleaned_data)
    done: Release = act(by=actor_of(request, filled.pop("why", "")), release=release, **filled)
    return done


def _subscribed(by: Actor, form: SubscriptionForm) -> Subscription:
    told = form.cleaned_data
    return actions.subscribe(by=by, hs_codes=told["hs_codes"], items=told["items"], owner=told.get("owner"))


def _companies(request: Request) -> Any:  # noqa: ANN401 - accounts; None: only oneself
    reader = reader_of(request)
    if reader.role is Role.COMPANY:
        return None
    return list(people.accounts(reader).filter(role=Role.COMPANY, is_active=True))


def _subscriptions_page(request: Request, form: SubscriptionForm, status: int = 200) -> HttpResponseBase:
    page = page_of(request, queries.subscriptions(reader_of(request)))
    return render(request, "subscriptions.html", {"form": form, "page": page}, status=status)


def _page(
    request: Request,
    row: Release,
    *,
    form: ReleaseForm | None = None,
    tried: forms.Form | None = None,
    status: int = 200,
) -> HttpResponseBase:
    reader = reader_of(request)
    shown: dict[str, Any] = {"release": row, "company": reader.role is Role.COMPANY, "tried": tried}
    if reader.role is not Role.COMPANY:
        may = queries.may(reader, row.pk)
        shown |= {
            "state": STATE_NAMES[State(row.state)],
            "form": (form or ReleaseForm(initial=facts_of(row))) if may[Step.EDIT] is None else None,
            "steps": [(step, STEP_NAMES[step], _form(step, row, tried)) for step in _TAKEN if may[step] is None],
            "not_now": [(STEP_NAMES[step], may[step]) for step in _TAKEN if may[step] is not None],
            "history": [(one, STEP_NAMES[one.kind]) for one in queries.history(reader, row.pk)],
            "receivers": queries.receivers(reader, row.pk),
        }
    return render(request, "release.html", shown, status=status)


_TAKEN = (Step.APPROVE, Step.WITHDRAW)


def _form(step: Step, row: Release, tried: forms.Form | None) -> forms.Form:
    if tried is not None and tried.prefix == step:
        tried.data = {**dict(tried.data.items()), f"{step}-seen": row.version}
        return tried
    return _STEPS[step][0](prefix=step.value, initial={"seen": row.version})
