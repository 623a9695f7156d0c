"""The clock of a request: the one place on the web's side that reads it, once a request."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone


def read_clock() -> datetime:
    """`settings.NOW` in an exercise or a test, else the moment itself; UTC."""
    told: str = settings.NOW
    if not told:
        return timezone.now()
    moment = datetime.fromisoformat(told)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
