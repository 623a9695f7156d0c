"""Missions: the home's network as it stands today, and each mission's own page."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from bongsu.alerts import queries as alert_queries
from bongsu.language import Text
from bongsu.missions.shapes import KIND_NAMES, Mission
from bongsu.people import queries as people
from bongsu.people.reader import Reader
from bongsu.people.roles import JUDGES, OFFICERS, Role
from bongsu.responses import actions, queries
from bongsu.responses.exports import EVERY_NAMES
from bongsu.responses.models import PastedNotice
from bongsu.responses.states import CHECK_NAMES, REPORT_NAMES, TASKING_NAMES, CheckState
from bongsu.web import names
from bongsu.web.acting import Request, actor_of, reader_of
from bongsu.web.doors import open_to
from bongsu.web.forms.responses import PasteForm
from bongsu.web.posting import attempt, led_on, status_of
from bongsu.web.views.items import ItemView, view_of

_RECENT = 10
_AWAITED = (CheckState.OVERDUE, CheckState.DUE)


@open_to(*OFFICERS, Role.ADMINISTRATOR)
def missions(request: Request) -> HttpResponseBase:
    """The list; `q` narrows it by name, id or country."""
    today, told = timezone.localdate(request.now), request.GET.get("q", "").strip().lower()
    standing = [one for one in names.home_network().missions.values() if one.stands_on(today)]
    rows = [(one, KIND_NAMES[one.kind], _opens(reader_of(request), one.id)) for one in standing if _matches(one, told)]
    return render(request, "missions.html", {"rows": rows, "q": told, "network": names.home_network()})


@open_to(Role.MISSION)
def own_mission(request: Request) -> HttpResponseBase:
    """A mission officer's first page."""
    own = request.user.mission
    known = own in names.home_network().missions
    return redirect(reverse("mission", args=[own]) if known else reverse("alerts"))


@open_to(*OFFICERS, Role.ADMINISTRATOR)
def mission(request: Request, mission: str) -> HttpResponseBase:
    """One mission: what home buys from its host, and what is awaited of it; to another mission it is not there."""
    return _page(request, mission, PasteForm())


@open_to(Role.MISSION, methods="POST")
def nil(request: Request, check: int) -> HttpResponseBase:
    """특이동향 없음, in one tap."""
    row = actions.nil_return(by=actor_of(request), check=check)
    told = Text("특이동향 없음으로 보고했습니다.", "Reported: nothing to report.")
    return led_on(request, reverse("mission", args=[row.mission]), told)


@open_to(Role.MISSION, methods="POST")
def paste(request: Request) -> HttpResponseBase:
    """A foreign text, answered with what it means at home."""
    form, by = PasteForm(request.POST), actor_of(request)
    outcome = attempt(form, lambda: actions.paste(by=by, **form.cleaned_data))
    if not isinstance(outcome, PastedNotice):
        return _page(request, request.user.mission, form, status_of(outcome))
    return redirect(reverse("notice", args=[outcome.pk]))


@open_to(*JUDGES, Role.MISSION)
def notice(request: Request, notice: UUID) -> HttpResponseBase:
    """A pasted notice and its answer."""
    found = queries.notice(reader_of(request), notice)
    return render(request, "notice.html", {"notice": found, "answer": found.answer, "writes": _writes(request)})


@open_to(Role.MISSION, methods="POST")
def report_from_notice(request: Request, notice: UUID) -> HttpResponseBase:
    """A draft made of it."""
    row = actions.report_from_notice(by=actor_of(request), notice=notice)
    told = Text(
        "공고문으로 초안을 만들었습니다. 확인하고 고친 뒤 제출하십시오.",
        "A draft was made of it: check, mend and file it.",
    )
    return led_on(request, reverse("report", args=[row.pk]), told)


def _writes(request: Request) -> bool:
    return reader_of(request).role is Role.MISSION


def _opens(reader: Reader, mission: str) -> bool:
    return reader.role is not Role.MISSION or reader.mission == mission


def _page(request: Request, mission: str, form: PasteForm, status: int = 200) -> HttpResponseBase:
    reader, found = reader_of(request), names.home_network().missions.get(mission)
    if found is None or not _opens(reader, mission):
        raise Http404
    shown = {
        "mission": found,
        "kind": KIND_NAMES[found.kind],
        "buys": buys(found.host, timezone.localdate(request.now)),
        "form": form,
        "own": reader.role is Role.MISSION,
        **(_awaited(request, mission) if reader.role in (*JUDGES, Role.MISSION) else {}),
        "staff": list(people.accounts(reader).filter(mission=mission, is_active=True)),
    }
    return render(request, "mission.html", shown, status=status)


def _awaited(request: Request, mission: str) -> dict[str, Any]:
    """What is asked of the mission, what it must look at, and what it said."""
    reader, now = reader_of(request), request.now
    checks = queries.checks(reader, as_of=now, mission=mission)
    order = {state: place for place, state in enumerate((*_AWAITED, *CheckState))}
    checks = tuple(sorted(checks, key=lambda one: (min(order[one.state], len(_AWAITED)), one.due_at, one.id)))
    taskings = queries.taskings(reader, mission=mission, state="open")
    return {
        "sees": True,
        "checks": [(one, CHECK_NAMES[one.state], EVERY_NAMES[one.every], one.state in _AWAITED) for one in checks],
        "taskings": [(one, TASKING_NAMES[one.state], dict(one.answers).get(mission)) for one in taskings],
        "reports": [(one, REPORT_NAMES[one.state]) for one in queries.reports(reader, mission=mission)[:_RECENT]],
        "notices": [one for one in queries.notices(reader)[: _RECENT * 5] if one.mission == mission][:_RECENT],
        "alerts": list(alert_queries.alerts(reader, state="open", unit=f"mission:{mission}")[:_RECENT]),
    }


def buys(host: str, on: date) -> list[ItemView]:
    """The watched items that home is known to buy from a country, the largest cited share first."""
    views = (view_of(item, on) for item in names.home_catalogue().as_of(on).items.values())
    known = [one for one in views if host in _suppliers(one)]
    return sorted(known, key=lambda one: (-_share(one, host), one.item.id))


def _suppliers(one: ItemView) -> set[str]:
    item = one.item
    return {fact.partner for fact in item.dependence} | {supplier.country for supplier in item.suppliers}


def _share(one: ItemView, host: str) -> float:
    return max((fact.share for fact in one.item.dependence if fact.partner == host), default=0.0)


def _matches(one: Mission, told: str) -> bool:
    host = names.country(one.host)
    words = (one.id, one.name.ko, one.name.en, one.host, host.ko, host.en, one.city.ko, one.city.en)
    return not told or any(told in word.lower() for word in words)
