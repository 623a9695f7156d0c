"""Who stands behind a request: the reader its queries are scoped by, the actor its actions are written under."""

from datetime import datetime

from django.http import HttpRequest

from bongsu.people.addresses import address_of
from bongsu.people.models import User
from bongsu.people.reader import NOBODY, Actor, Reader


class Request(HttpRequest):
    """A request after our middleware: it knows its moment, and its user is an account of ours."""

    now: datetime
    user: User


def reader_of(request: HttpRequest) -> Reader:
    """The reader of a request; nobody where no one has signed in."""
    user = request.user
    return user.reader if isinstance(user, User) else NOBODY


def actor_of(request: Request, why: str = "") -> Actor:
    """The actor of one act, at the moment of the request."""
    return Actor(reader=reader_of(request), at=request.now, address=address_of(request), via="web", why=why)
