"""The set-up of a fresh installation, on one page."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render

from bongsu.language import BongsuError
from bongsu.people.reader import Actor
from bongsu.web import names
from bongsu.web.acting import Request, actor_of
from bongsu.web.doors import open_to_all
from bongsu.web.first_run import LOADED, MADE, load_sample, opens, set_up
from bongsu.web.forms.first import FirstForm
from bongsu.web.posting import attempt, status_of
from bongsu.web.speech import CHOSEN, said, spoken


@open_to_all(methods="GET POST")
def first(request: Request, token: str) -> HttpResponseBase:
    """Home country, data, the first two accounts, and the missions that the home's network brings."""
    if not opens(token, request.now):
        raise Http404
    if request.method != "POST":
        return _page(request, FirstForm(initial={"language": spoken().value}))
    form, by = FirstForm(request.POST), actor_of(request)
    outcome = attempt(form, lambda: _done(request, form, by))
    return outcome if isinstance(outcome, HttpResponseBase) else _page(request, form, status_of(outcome))


def _done(request: Request, form: FirstForm, by: Actor) -> HttpResponseBase:
    set_up(by, form.cleaned_data)
    request.session[CHOSEN] = form.cleaned_data["language"]
    if form.cleaned_data["begin"] == "sample":
        outcome = load_sample(request.now)
        if isinstance(outcome, BongsuError):
            messages.warning(request, outcome.to(spoken()))
        else:
            messages.success(request, said(LOADED))
    messages.success(request, said(MADE))
    return redirect("account_login")


def _page(request: Request, form: FirstForm, status: int = 200) -> HttpResponseBase:
    network, catalogue = names.home_network(), names.home_catalogue()
    shown = {"form": form, "home": settings.HOME, "network": network, "catalogue": catalogue}
    return render(request, "first.html", shown, status=status)
