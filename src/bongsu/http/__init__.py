"""The only door to the network: time-outs, conditional requests, user agent, private-address guard."""

from bongsu.http.addresses import is_public
from bongsu.http.answers import Answer, Validators
from bongsu.http.door import Door
from bongsu.http.errors import (
    NotAllowedError,
    NotFoundError,
    RefusedError,
    SourceFailedError,
    StatusError,
    TimedOutError,
    TooLargeError,
    TooManyRequestsError,
    UnreachableError,
)
from bongsu.http.waiting import Clock, Patience, Timeouts

__all__ = [
    "Answer",
    "Clock",
    "Door",
    "NotAllowedError",
    "NotFoundError",
    "Patience",
    "RefusedError",
    "SourceFailedError",
    "StatusError",
    "TimedOutError",
    "Timeouts",
    "TooLargeError",
    "TooManyRequestsError",
    "UnreachableError",
    "Validators",
    "is_public",
]
