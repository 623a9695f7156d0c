"""How often a caller may ask: so many requests in each minute, counted by each process."""

from datetime import datetime

from django.conf import settings
from django.core.cache import caches

from bongsu.api.problems import TOO_MANY, ProblemError
from bongsu.language import Text

WINDOW = 60  # seconds


def spend(key: str, at: datetime) -> None:
    """Count one request of `key`.

    Raises:
        ProblemError: its minute is used up; says in how many seconds the next one begins.
    """
    moment = int(at.timestamp())
    name = f"api:{key}:{moment // WINDOW}"
    cache = caches["budget"]
    cache.add(name, 0, timeout=2 * WINDOW)
    try:
        spent = cache.incr(name)
    except ValueError:  # it fell out of a full cache between the two lines
        return
    if spent > settings.API_PER_MINUTE:
        raise ProblemError(
            TOO_MANY,
            Text(
                f"1분에 {settings.API_PER_MINUTE}번까지 요청할 수 있습니다.",
                f"{settings.API_PER_MINUTE} requests a minute are allowed.",
            ),
            headers={"Retry-After": str(WINDOW - moment % WINDOW)},
        )
