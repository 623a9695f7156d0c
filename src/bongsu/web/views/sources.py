"""How each source stands: late, failed, silent, never fetched. What was read last is told by the lake's journal."""

from collections import Counter

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from bongsu.alerts.standing import SHOWN_TO, standing
from bongsu.alerts.turns import last_turn
from bongsu.sources.due import STATES, State
from bongsu.web.acting import Request, reader_of
from bongsu.web.doors import open_to

_WORRYING = {State.FAILED: "bad", State.PAUSED: "warn", State.LATE: "warn", State.SILENT: "warn"}


@open_to(*SHOWN_TO)
def sources(request: Request) -> HttpResponseBase:
    """Every source, what needs a hand first."""
    reader = reader_of(request)
    found = standing(reader, request.now, zone=str(timezone.get_current_timezone()))
    rows = [(one, STATES[one.state], _WORRYING.get(one.state, "")) for one in found]
    counts = Counter(one.state for one in found)
    tally = [(name, counts[state]) for state, name in STATES.items() if counts[state]]
    return render(request, "sources.html", {"rows": rows, "tally": tally, "turn": last_turn(reader)})
