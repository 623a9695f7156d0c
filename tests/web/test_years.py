"""What people type as a day or a moment lies in years that every clock and database can hold."""

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.utils import timezone

from bongsu.people.models import Shift
from bongsu.people.roles import Role
from bongsu.web import forms as every_form
from bongsu.web.forms.fields import Day, Moment

pytestmark = pytest.mark.django_db
FAR = ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"]


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Los_Angeles"])
@pytest.mark.parametrize("day", FAR)
def test_a_far_year_is_refused(day: str, zone: str) -> None:
    with timezone.override(zone):
        for field, told in ((Day(), day), (Moment(), f"{day}T00:00"), (Moment(), f"{day}T23:59")):
            with pytest.raises(forms.ValidationError) as refused:
                field.clean(told)
            assert refused.value.code == "out_of_range"
        for kept in ("1900-01-01", "2200-12-31"):
            assert Day().clean(kept)
            assert Moment().clean(f"{kept}T23:59")


def test_every_form_reads_days_and_moments_so() -> None:
    for module in pkgutil.iter_modules(every_form.__path__):
        for form in vars(importlib.import_module(f"{every_form.__name__}.{module.name}")).values():
            if isinstance(form, type) and issubclass(form, forms.Form):
                fields = form.base_fields.items()
                loose = [name for name, field in fields if type(field) in {forms.DateField, forms.DateTimeField}]
                assert not loose, form


@pytest.mark.parametrize("day", FAR)
def test_a_far_watch_or_filter_is_no_fault_of_ours(client: Client, person: Callable[..., Any], day: str) -> None:
    user = person(Role.DUTY)
    client.force_login(user)
    told = {"officer": user.pk, "starts": f"{day}T00:00", "ends": f"{day}T10:00", "order": 1}
    assert client.post("/rota/", told).status_code == 422
    assert not Shift.objects.exists()
    assert client.get(f"/alerts/?as_of={day}").status_code < 500
    client.force_login(person(Role.AUDITOR))
    assert client.get(f"/audit/?since={day}&until={day}").status_code < 500
