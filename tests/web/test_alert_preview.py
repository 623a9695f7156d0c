"""Before issuing, the page says who will be told and why, who will come, and whom nobody could be found for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bongsu.alerts.models import Alert
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db


def test_who_is_told_stands_beside_issuing_with_the_reason(
    client: Client, raised: Callable[..., Alert], signed_in: Callable[..., Any]
) -> None:
    alert = raised()
    signed_in(Role.CENTRE)
    assert "Newly told when issued" not in client.get(f"/alerts/{alert.pk}/").text  # it must be triaged first
    client.post(f"/alerts/{alert.pk}/triage/", {"triage-seen": alert.version})
    page = client.get(f"/alerts/{alert.pk}/").text
    for told in (
        "Newly told when issued (",
        "To be added by the next turn of the watch",
        "A shortage would hit road freight; public transport; construction machinery; logistics",
    ):
        assert told in page, told
    signed_in(Role.DESK, desk="nobody")
    assert client.get(f"/alerts/{alert.pk}/").status_code == 404
