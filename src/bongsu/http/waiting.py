"""When to try again, and how long to wait before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

AGAIN = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Clock:
    """Time and chance, given from outside so that a test can hold them.

    Args:
        now: the present instant, with its zone.
        monotonic: seconds that only grow.
        sleep: wait for so many seconds.
        random: a number from 0 up to 1.
    """

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    random: Callable[[], float]


@dataclass(frozen=True)
class Timeouts:
    """Seconds for each phase, and for one attempt as a whole with its redirects (retries start anew)."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 300.0


@dataclass(frozen=True)
class Patience:
    """How often and how long to try.

    Args:
        attempts: requests in all.
        first: seconds before the second attempt; doubled each time, and up to half of it taken off by chance, so that
            many collectors do not knock together.
        longest: no wait is longer, whatever Retry-After says.
    """

    attempts: int = 4
    first: float = 1.0
    longest: float = 120.0

    def wait(self, attempt: int, retry_after: str, clock: Clock) -> float:
        """Seconds to wait after failed attempt number `attempt`, from 1."""
        asked = seconds_asked(retry_after, clock.now())
        doubled = self.first * 2 ** (attempt - 1)
        return min(doubled * (1 - clock.random() / 2) if asked is None else asked, self.longest)


def seconds_asked(retry_after: str, now: datetime) -> float | None:
    """What a Retry-After header asks for, in seconds or as a date (RFC 9110, 10.2.3); None where it says nothing."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
