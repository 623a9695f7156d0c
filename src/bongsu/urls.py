"""Where each address leads."""

from django.urls import URLPattern, URLResolver, include, path

from bongsu.api.app import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("", include("bongsu.api.health")),
    path("accounts/", include("bongsu.people.urls")),
    path("", include("bongsu.web.urls")),
]
