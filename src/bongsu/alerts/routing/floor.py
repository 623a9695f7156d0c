"""Routing with what stands on the floor now: who has accounts, who is on duty, who has subscribed."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from bongsu.alerts.models import Subscription
from bongsu.alerts.routing.route import route
from bongsu.alerts.routing.shapes import Routed, Subscribed
from bongsu.alerts.rules import handles
from bongsu.codes.zones import zones
from bongsu.items.catalogue import Catalogue, catalogue_for
from bongsu.missions import network_for
from bongsu.people.models import User
from bongsu.people.queries import on_duty
from bongsu.people.roles import OFFICERS, Role


def today(at: datetime) -> date:
    """The day on which a moment falls at home."""
    return at.astimezone(ZoneInfo(zones().get(settings.HOME, "UTC"))).date()


def routed(warning: Mapping[str, Any], *, level: int | None, at: datetime) -> Routed:
    """Who must know of a warning as it is kept, if it stood at `level` at that moment.

    Raises:
        UsageError: its item is in no catalogue.
    """
    on = today(at)
    officers = list(User.objects.filter(is_active=True, role__in=OFFICERS).defer("password").order_by("pk"))
    return route(
        _standing(settings.HOME, on).item(str(warning["subject"])),
        warning,
        network=network_for(settings.HOME),
        on=on,
        level=level,
        subscriptions=subscribed(),
        on_duty=tuple(shift.officer_id for shift in on_duty(at)),
        centre=tuple(user.pk for user in officers if user.role == Role.CENTRE),
        staffed=frozenset(unit for user in officers if handles(user.reader) for unit in user.reader.units),
    )


@lru_cache(maxsize=4)
def _standing(home: str, on: date) -> Catalogue:
    """The catalogue of a day; laying it out anew for each page would be most of the page's time."""
    return catalogue_for(home).as_of(on)


def subscribed() -> tuple[Subscribed, ...]:
    """The open subscriptions of open accounts, each account's together."""
    rows = Subscription.objects.filter(ended_at=None, owner__is_active=True, owner__role=Role.COMPANY)
    codes: dict[int, list[str]] = {}
    items: dict[int, list[str]] = {}
    for owner, hs_codes, ids in rows.order_by("owner", "pk").values_list("owner", "hs_codes", "items"):
        codes.setdefault(owner, []).extend(hs_codes)
        items.setdefault(owner, []).extend(ids)
    return tuple(
        Subscribed(owner, tuple(dict.fromkeys(codes[owner])), tuple(dict.fromkeys(items[owner]))) for owner in codes
    )
