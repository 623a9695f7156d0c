"""Missions: the home's network as it stands today, and each mission's own page."""

from datetime import date

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from bongsu.missions.shapes import KIND_NAMES, Mission
from bongsu.people.roles import OFFICERS, Role
from bongsu.web import names
from bongsu.web.acting import Request
from bongsu.web.doors import open_to
from bongsu.web.views.items import ItemView, view_of


@open_to(*OFFICERS, Role.ADMINISTRATOR)
def missions(request: Request) -> HttpResponseBase:
    """The list; `q` narrows it by name, id or country."""
    today, told = timezone.localdate(request.now), request.GET.get("q", "").strip().lower()
    standing = [one for one in names.home_network().missions.values() if one.stands_on(today)]
    rows = [(one, KIND_NAMES[one.kind]) for one in standing if _matches(one, told)]
    return render(request, "missions.html", {"rows": rows, "q": told, "network": names.home_network()})


@open_to(*OFFICERS, Role.ADMINISTRATOR)
def mission(request: Request, mission: str) -> HttpResponseBase:
    """One mission: where it stands, what home buys from its host, and what is awaited of it."""
    today = timezone.localdate(request.now)
    found = names.home_network().missions.get(mission)
    if found is None:
        raise Http404
    return render(
        request, "mission.html", {"mission": found, "kind": KIND_NAMES[found.kind], "buys": buys(found.host, today)}
    )


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
