"""The first run: until there is an account every page leads to the set-up, which opens by the link of `bongsu up` alone."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bongsu.language import BongsuError, Text
from bongsu.people import actions, queries
from bongsu.people.markings import Tlp
from bongsu.people.reader import Actor
from bongsu.people.roles import Role

OPEN = ("/first/", "/static/", "/health", "/ready", "/metrics", "/api/", "/language/")
_PATIENCE = 2.0  # seconds
FILE = "first-user.json"  # `bongsu up` writes it: the link's hash, and until when it opens


class FirstRunMiddleware:
    """Shows where the set-up is, while there is nobody who could sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        if request.user.is_authenticated or request.path.startswith(OPEN) or queries.anyone_there():
            return self.get_response(request)
        return render(request, "not_set_up.html", status=404)


def opens(token: str, now: datetime) -> bool:
    """Is this the link that `bongsu up` printed, within its day, with nobody there yet?"""
    try:
        kept = json.loads((settings.FLOOR / FILE).read_text(encoding="utf-8"))
        until = datetime.fromisoformat(kept["until"])
        told = str(kept["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    same = hmac.compare_digest(hashlib.sha256(token.encode()).hexdigest(), told)
    return same and now < until and not queries.anyone_there()


@transaction.atomic
def set_up(by: Actor, told: dict[str, Any]) -> None:
    """The administrator who lets people in, and the analyst who judges: two accounts, as one person may not be both."""
    own = {"language": told["language"], "grade": settings.GRADE}
    admin = actions.first_account(by=by, username=told["username"], name=told["name"], password=told["password"], **own)
    actions.add_account(
        by=Actor(reader=admin.reader, at=by.at, address=by.address, via=by.via),
        username=told["analyst_username"],
        name=told["analyst_name"],
        password=told["analyst_password"],
        role=Role.CENTRE,
        tlp=Tlp.RED,
        **own,
    )
    (settings.FLOOR / FILE).unlink(missing_ok=True)


def load_sample(now: datetime) -> BongsuError | None:
    """The packaged sample into this floor's lake; why not, where another process is writing to it."""
    from bongsu.records.lake import Lake  # noqa: PLC0415 - its engine takes a second to import
    from bongsu.sources.sample.load import load  # noqa: PLC0415 - likewise

    lake = Lake(settings.LAKE)
    try:
        with lake.writing(wait_seconds=_PATIENCE):  # nobody waits a minute for a page
            pass
        load(lake, read_at=now, run_id="first-run")
    except BongsuError as error:
        return error
    finally:
        lake.close()
    return None


LOADED = Text("표본 자료를 넣었습니다.", "The sample data was loaded.")
MADE = Text(
    "계정을 만들었습니다. 들어온 뒤 이중 인증을 등록하고, 공관 담당관의 계정을 만드십시오.",
    "The accounts were made. Sign in, enrol a second factor, then make accounts for the missions' officers.",
)
