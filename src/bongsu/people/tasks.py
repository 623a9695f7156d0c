"""What runs by itself among people: what is over is forgotten."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection


def tidy(now: datetime) -> None:
    """Forget sessions that are over, with the addresses that they came from, and counts that have lapsed.

    Args:
        now: by the clock on the wall, also where an exercise's stands still: sessions end by it.
    """
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    quoted = connection.ops.quote_name
    table = quoted(str(settings.CACHES["default"]["LOCATION"]))
    statement = f"DELETE FROM {table} WHERE {quoted('expires')} < %s"  # noqa: S608 - of our settings
    with connection.cursor() as cursor:
        cursor.execute(statement, [connection.ops.adapt_datetimefield_value(now)])
