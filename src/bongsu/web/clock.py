"""The clock of a request: the one place on the web's side that reads it, once a request."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from bongsu.people.moments import exercise


def read_clock() -> datetime:
    """`settings.NOW` in an exercise or a test, else the moment itself; UTC."""
    return exercise(settings.NOW) or timezone.now()
