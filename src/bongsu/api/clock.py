"""What time it is for whoever calls: the one place of the API that asks."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """Now, UTC; the fixed moment of an exercise where one is set."""
    fixed = str(getattr(settings, "NOW", ""))
    return datetime.fromisoformat(fixed).astimezone(UTC) if fixed else timezone.now()
