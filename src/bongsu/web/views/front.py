"""The first page, and the choice of language."""

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from bongsu.language import Language
from bongsu.web.acting import Request, reader_of
from bongsu.web.doors import EVERY_ROLE, open_to, open_to_all
from bongsu.web.navigation import first_page
from bongsu.web.speech import CHOSEN


@open_to(*EVERY_ROLE)
def front(request: Request) -> HttpResponseBase:
    """Leads everybody to where their work is."""
    return redirect(first_page(reader_of(request).role))


@open_to_all(methods="POST")
def speak(request: Request) -> HttpResponseBase:
    """Speak another language in this session; the account page keeps it for good."""
    told = request.POST.get("language", "")
    if told in tuple(Language):
        request.session[CHOSEN] = told
    return redirect(local(request, request.POST.get("next", "")))


def local(request: Request, told: str) -> str:
    """An address of ours to go back to; the first page for any other."""
    ours = url_has_allowed_host_and_scheme(told, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return told if ours else "/"
