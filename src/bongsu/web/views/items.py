"""Watched items: the catalogue as it stands today, each with its grade, its uses and what is not known of it."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from bongsu.alerts import queries
from bongsu.alerts.rules import STATE_NAMES, State
from bongsu.detectors.dependence import Dependence, dependence
from bongsu.detectors.publisher import Setting
from bongsu.items.cover import Cover, days_of_cover
from bongsu.items.grade import Grade, ews_grade
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.people.roles import OFFICERS
from bongsu.web import names
from bongsu.web.acting import Request, reader_of
from bongsu.web.doors import open_to

_ALERTS = 10  # the newest of an item
HELD = {
    "days_of_cover": Text("재고 일수", "days of cover"),
    "designation": Text("정부 지정", "official designation"),
    "suppliers": Text("주요 공급국", "main suppliers"),
    "substitution": Text("대체 난도", "difficulty of substitution"),
    "domestic": Text("국내 생산", "domestic production"),
    "importance": Text("중요도", "importance"),
}


@dataclass(frozen=True)
class UseView:
    """A use with the ministries of the day."""

    name: Text
    in_charge: tuple[Text, ...]
    hit: tuple[Text, ...]
    source: str
    checked: bool


@dataclass(frozen=True)
class ItemView:
    """An item as a page shows it; its share is the catalogue's cited one, which needs no lake."""

    item: Item
    depends: Dependence | None
    grade: Grade
    cover: Cover | None
    uses: tuple[UseView, ...]
    unknown: tuple[Text, ...]


@open_to(*OFFICERS)
def items(request: Request) -> HttpResponseBase:
    """The list; `q` narrows it by name, id or code, `grade` by grade."""
    today, told = timezone.localdate(request.now), request.GET.get("q", "").strip().lower()
    letter = request.GET.get("grade", "")
    standing = names.home_catalogue().as_of(today).items.values()
    rows = [view_of(item, today) for item in standing if _matches(item, told)]
    rows = [row for row in rows if not letter or (row.grade.letter or "unknown") == letter]
    return render(request, "items.html", {"rows": rows, "q": told, "letter": letter, "letters": "ABCD"})


@open_to(*OFFICERS)
def item(request: Request, item: str) -> HttpResponseBase:
    """One item in full."""
    today = timezone.localdate(request.now)
    found = names.home_catalogue().as_of(today).items.get(item)
    if found is None:
        raise Http404
    reader = reader_of(request)
    rows = queries.alerts(reader, item=item)[:_ALERTS]
    alerts = [(row, STATE_NAMES[State(row.state)]) for row in rows]
    return render(request, "item.html", {"one": view_of(found, today), "item": found, "alerts": alerts})


def _matches(item: Item, told: str) -> bool:
    words = (item.id, *(word for _, word in item.words()), *(hs.code for hs in item.hs))
    return not told or any(told in word.lower() for word in words)


def view_of(item: Item, on: date) -> ItemView:
    """What a page says of an item on a day."""
    depends = dependence(item, (), None, Setting(names.home_catalogue().home, on, {}))
    return ItemView(
        item=item,
        depends=depends,
        grade=ews_grade(item, depends.share if depends else None, None, on),
        cover=days_of_cover(item, on),
        uses=tuple(
            UseView(use.name, _holders(use.in_charge, on), _holders(use.hit, on), use.source, use.checked)
            for use in item.uses
        ),
        unknown=tuple(HELD[one] for one in item.unknowns()),
    )


def _holders(responsibilities: tuple[str, ...], on: date) -> tuple[Text, ...]:
    """The ministries that hold them on a day, each once; the responsibility itself where its holder is not known."""
    network = names.home_network()
    found = []
    for told in responsibilities:
        known = network.responsibilities.get(told)
        holder = network.holder(told, on) if known else None
        found.append(holder.name if holder else known.name if known else Text(told, told))
    return tuple(dict.fromkeys(found))
