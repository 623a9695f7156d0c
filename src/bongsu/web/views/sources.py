"""How each source stands: late, failed, silent, never fetched. What was read last is told by the lake's journal."""

from collections import Counter

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from bongsu.alerts.turns import last_turn
from bongsu.people.roles import JUDGES, Role
from bongsu.sources.due import STATES, Health, State, due
from bongsu.sources.source import sources as every_source
from bongsu.web.acting import Request, reader_of
from bongsu.web.doors import open_to

_ORDER = list(STATES)
_WORRYING = {State.FAILED: "bad", State.PAUSED: "warn", State.LATE: "warn", State.SILENT: "warn"}


@open_to(*JUDGES, Role.ADMINISTRATOR)
def sources(request: Request) -> HttpResponseBase:
    """Every source, what needs a hand first."""
    found = sorted(health(request), key=lambda one: (_ORDER.index(one.state), one.source.id))
    rows = [(one, STATES[one.state], _WORRYING.get(one.state, "")) for one in found]
    counts = Counter(one.state for one in found)
    tally = [(STATES[state], counts[state]) for state in _ORDER if counts[state]]
    return render(request, "sources.html", {"rows": rows, "tally": tally, "turn": last_turn(reader_of(request))})


def health(request: Request) -> list[Health]:
    """How the sources stand at the request's moment, by the journal of this floor's lake."""
    from bongsu.records.journal import Journal  # noqa: PLC0415 - its engine takes a second to import

    journal = Journal(settings.LAKE / "journal").entries()
    answered = {entry.source for entry in journal}  # it had its key then; keys themselves are not for the web to read
    zone = str(timezone.get_current_timezone())
    return due(every_source().values(), journal, request.now, keyed=answered, zone=zone)
