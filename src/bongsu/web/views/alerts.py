"""The list of alerts, now or as it stood; an empty one says why it is empty."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpResponseBase
from django.shortcuts import render

from bongsu.alerts import queries, rules
from bongsu.alerts.rules import STATE_NAMES, State
from bongsu.alerts.turns import last_turn
from bongsu.people.roles import OFFICERS
from bongsu.web.acting import Request, reader_of
from bongsu.web.doors import open_to
from bongsu.web.forms.alerts import ListForm
from bongsu.web.paging import page_of
from bongsu.web.posting import UNTAKEN

_SHOWN = (5, 4, 3, 2, 1, None)


@open_to(*OFFICERS)
def alerts(request: Request) -> HttpResponseBase:
    """The highest level first."""
    form = ListForm({"state": "open", **request.GET.dict()})
    moment = form.moment() if form.is_valid() else None
    if not form.is_valid() or (moment is not None and moment.date() > request.now.date()):
        return render(request, "alerts.html", {**_context(request, form, moment), "page": ()}, status=UNTAKEN)
    found = queries.alerts(reader_of(request), as_of=moment, **_asked(form))
    page, counts = page_of(request, found), _levels(found)
    shown = {
        "page": page,
        "rows": [(row, STATE_NAMES[State(row.state)]) for row in page],
        "counts": [(level, counts[level]) for level in _SHOWN if counts.get(level)],
        "total": sum(counts.values()),
    }
    return render(request, "alerts.html", {**_context(request, form, moment), **shown})


def _asked(form: ListForm) -> dict[str, Any]:
    told = form.cleaned_data
    state = told["state"] or "open"
    return {
        "state": None if state == "all" else state,
        "level": told["level"],
        "item": told["item"],
        "mine": told["mine"],
    }


def _levels(found: Any) -> dict[int | None, int]:  # noqa: ANN401 - rows of now or of then
    """How many there are of each level."""
    if isinstance(found, tuple):
        return Counter(row.level for row in found)
    return dict(found.order_by().values_list("level").annotate(there=Count("pk")))


def _context(request: Request, form: ListForm, moment: datetime | None) -> dict[str, Any]:
    reader = reader_of(request)
    return {
        "form": form,
        "moment": moment,
        "turn": last_turn(reader),
        "handles": rules.handles(reader),
        "narrowed": any(form.data.get(name) for name in ("level", "item", "mine")) or form.data["state"] != "open",
    }
