"""The doors of django-allauth that we keep: what it offers beside them answers as if it were not there.

Accounts are made by administrators, and addresses are theirs to set: nobody signs up, changes an address or has a
password sent; single sign-on finds its account by itself.
"""

from typing import Never

from allauth.socialaccount.providers.openid_connect.views import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, re_path

_OURS_TO_DO = ("signup", "email", "confirm-email", "password/set", "password/reset", "login/code", "social")
_CLOSED = rf"^(?:(?:{'|'.join(_OURS_TO_DO)}|3rdparty/signup)/|3rdparty/$)"


def _closed(_request: HttpRequest, **_rest: str) -> Never:
    raise Http404


def _lost(request: HttpRequest) -> HttpResponse:
    """Where allauth's forms lead whoever forgot their password."""
    return render(request, "account/lost.html")


def _single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Allauth's way to the provider, for the day on which that does not answer or answers nonsense."""
    try:
        answer: HttpResponse = login(request, provider_id)
    except (OSError, ValueError, KeyError):
        return render(request, "socialaccount/authentication_error.html", status=502)
    return answer


urlpatterns = [
    path("password/reset/", _lost, name="lost_password"),
    re_path(_CLOSED, _closed, name="closed"),
    path("oidc/<slug:provider_id>/login/", _single_sign_on, name="single_sign_on"),
    path("", include("allauth.urls")),
]
