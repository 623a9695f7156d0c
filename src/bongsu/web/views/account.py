"""One's own account."""

from django.http import HttpResponseBase
from django.shortcuts import render

from bongsu.web.acting import Request
from bongsu.web.doors import EVERY_ROLE, open_to


@open_to(*EVERY_ROLE)
def account(request: Request) -> HttpResponseBase:
    """What the account is, and what its owner may set."""
    return render(request, "account.html", {})
