"""The pages' addresses."""

from django.urls import path

from bongsu.web.views import account, front

urlpatterns = [
    path("", front.front, name="front"),
    path("language/", front.speak, name="speak"),
    path("account/", account.account, name="account"),
]
