"""The doors of django-allauth that we keep: what it offers beside them answers as if it were not there.

Accounts are made by administrators, and addresses are theirs to set: nobody signs up, changes an address or has a
password sent; single sign-on finds its account by itself.
"""

from typing import Never

from django.http import Http404, HttpRequest
from django.urls import include, path, re_path

_OURS_TO_DO = ("signup", "email", "confirm-email", "password/set", "password/reset", "login/code", "social")
_CLOSED = rf"^(?:(?:{'|'.join(_OURS_TO_DO)}|3rdparty/signup)/|3rdparty/$)"


def _closed(_request: HttpRequest, **_rest: str) -> Never:
    raise Http404


urlpatterns = [
    re_path(_CLOSED, _closed, name="closed"),
    path("", include("allauth.urls")),
]
