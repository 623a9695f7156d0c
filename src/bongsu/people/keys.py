"""Are the installation's keys its own? What every door asks before it opens: a known key forges sessions and trails."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NO_KEY = "no-key-yet"  # how settings begin where no key was made
_SHORTEST = 16


def lacking() -> tuple[str, ...]:
    """The names of the settings that hold no key, or one that can be guessed."""
    there = {"SECRET_KEY": settings.SECRET_KEY, "AUDIT_KEY": settings.AUDIT_KEY.decode(errors="replace")}
    return tuple(name for name, key in there.items() if key.startswith(_NO_KEY) or len(key) < _SHORTEST)


def check() -> None:
    """Open no door without keys.

    Raises:
        ImproperlyConfigured: one is lacking.
    """
    if named := lacking():
        raise ImproperlyConfigured(f"{' and '.join(named)}: no key of its own; run bongsu floor init first")
