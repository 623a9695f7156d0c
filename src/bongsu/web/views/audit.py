"""The audit trail, as auditors read it. Reading it is itself written down."""

from django.http import HttpResponseBase
from django.shortcuts import render

from bongsu.people import actions, queries
from bongsu.people.roles import Role
from bongsu.web.acting import Request, actor_of, reader_of
from bongsu.web.doors import open_to
from bongsu.web.forms.people import TrailForm
from bongsu.web.paging import page_of
from bongsu.web.posting import UNTAKEN


@open_to(Role.AUDITOR)
def audit(request: Request) -> HttpResponseBase:
    """The newest lines first, narrowed by what the form says."""
    form = TrailForm(request.GET)
    if not form.is_valid():
        return render(request, "audit.html", {"form": form, "page": ()}, status=UNTAKEN)
    page = page_of(request, queries.audit_lines(reader_of(request), **form.wanted()))
    people = {one.pk: one.name for one in queries.accounts(reader_of(request)).filter(pk__in=_actors(page.rows))}
    actions.noted_read(by=actor_of(request), kind="audit", ref=f"page {page.number}")
    return render(request, "audit.html", {"form": form, "page": page, "people": people})


def _actors(lines: object) -> set[int]:
    return {line.actor for line in lines if line.actor is not None}  # type: ignore[attr-defined]
