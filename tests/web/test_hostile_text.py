"""HTML, right-to-left and zero-width tricks in every free-text field of every form: shown as text, or refused by name."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from bongsu.alerts.models import Alert
from bongsu.responses.models import Report, Tasking
from bongsu.web import forms as every_form

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TRICKS = "\u202egnp.exe\u202c zero\u200bwidth \"'><b>"
EVIL = (SCRIPT, TRICKS)
LATE = "2026-11-25T12:00"
REPORT = {
    "title": "t", "body": "b", "place": "CHN", "origin": "firm", "source_name": "s", "observed_on": "2026-11-21",
    "grade": 0, "tlp": 1, "link": "https://example.org/",
}  # fmt: skip
ACCOUNT = {
    "username": "new", "name": "n", "role": "company", "organisation": "o", "grade": 0, "tlp": 1, "language": "en",
    "zone": "Asia/Seoul",
}  # fmt: skip
RELEASE = {
    "title_ko": "가", "title_en": "a", "obligation_ko": "나", "obligation_en": "b", "alternatives_ko": "다",
    "alternatives_en": "c", "original": "https://example.org/", "hs_codes": "310210",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a form is sent, by whom, and what else it holds; `prefix` of its fields."""

    who: str
    address: Callable[[SimpleNamespace], str]
    told: Mapping[str, Any]
    prefix: str = ""


def _at(name: str, *rows: str) -> Callable[[SimpleNamespace], str]:
    return lambda world: reverse(name, args=[world.rows.get(row, row) for row in rows])


PLACES: Mapping[str, Place | None] = {
    "ListForm": None,  # of a GET, without free text
    "FilterForm": None,
    "ActForm": None,  # what others are made of
    "StepForm": None,
    "ContentForm": None,
    "AccountForm": Place("administrator", _at("change_account", "account"), {**ACCOUNT, "username": "changed"}),
    "NewAccountForm": Place("administrator", _at("add_account"), ACCOUNT),
    "OwnForm": None,
    "TokenForm": Place("mission", _at("make_token"), {"scopes": "read", "days": 9}),
    "ShiftForm": None,
    "HandOverForm": Place("duty", _at("hand_over"), {}),
    "PasswordForm": None,  # never shown again
    "TrailForm": Place("auditor", lambda _: "/audit/", {}),
    "WhyForm": Place("duty", _at("act", "alert", "acknowledge"), {}, "acknowledge"),
    "OwnerForm": Place("centre", _at("act", "alert", "assign"), {}, "assign"),
    "LevelForm": Place("centre", _at("act", "alert", "override"), {"level": 5}, "override"),
    "IntoForm": None,  # its only text is a reason, as in ReasonForm
    "NoteForm": Place("centre", _at("act", "alert", "note"), {}, "note"),
    "TickForm": Place("centre", _at("act", "alert", "tick"), {}, "tick"),
    "TaskingForm": Place("centre", _at("ask"), {"missions": ["chn_beijing"], "deadline": LATE, "grade": 0, "tlp": 1}),
    "ReportForm": Place("mission", _at("new_report"), REPORT),
    "TipForm": Place("mission", _at("tip"), REPORT),
    "ReasonForm": Place("mission", _at("report_step", "filed", "withdraw"), {}, "withdraw"),
    "ReviewForm": None,
    "FileForm": None,  # names of files: tests/responses
    "PasteForm": Place("mission", _at("paste"), {}),
    "CodesForm": None,
    "ReleaseForm": Place("centre", _at("draft_release", "alert"), RELEASE),
    "SubscriptionForm": Place("company", _at("subscriptions"), {}),
    "FirstForm": None,  # tests/web/test_first_run.py
}


def _forms() -> Iterator[type[forms.Form]]:
    for module in pkgutil.iter_modules(every_form.__path__):
        for one in vars(importlib.import_module(f"bongsu.web.forms.{module.name}")).values():
            if isinstance(one, type) and issubclass(one, forms.Form) and one is not forms.Form:
                yield one


FORMS = {one.__name__: one for one in _forms()}


def test_no_form_is_left_out() -> None:
    assert sorted(FORMS) == sorted(PLACES)


def _texts(form: type[forms.Form]) -> list[str]:
    """Its free-text fields."""
    fields: Mapping[str, forms.Field] = form.base_fields  # type: ignore[attr-defined] - Django's metaclass gives it
    return [name for name, field in fields.items() if type(field) is forms.CharField]


def _version(world: SimpleNamespace, address: str) -> int:
    for model, row in ((Alert, "alert"), (Report, "filed"), (Tasking, "tasking")):
        if str(world.rows[row]) in address:
            return int(model.objects.get(pk=world.rows[row]).version)  # type: ignore[attr-defined] - each has one
    return 0


def _seen_by_all(world: SimpleNamespace) -> Iterator[str]:
    """Every page that may show what was typed, as everybody sees it, in both languages."""
    alert, filed = f"/alerts/{world.rows['alert']}/", f"/reports/{world.rows['filed']}/"
    pages = {
        "centre": (alert, filed, "/alerts/?state=all", "/taskings/", "/taskings/board/", "/reports/", "/releases/"),
        "mission": ("/missions/chn_beijing/", "/reports/", "/account/"),
        "duty": ("/rota/hand-over/",),
        "administrator": ("/people/", f"/people/{world.rows['account']}/"),
        "auditor": ("/audit/",),
        "company": ("/subscriptions/", "/releases/"),
    }
    for who, addresses in pages.items():
        client = Client()
        client.force_login(world.people[who])
        for address in addresses:
            yield client.get(address).content.decode()


def _harmless(text: str) -> bool:
    return "<script>alert(1)" not in text and "<img src=x" not in text and "'><b>" not in text


def test_what_is_typed_is_text_wherever_it_is_shown(world: SimpleNamespace) -> None:
    answered = 0
    for name, place in PLACES.items():
        for field in _texts(FORMS[name]) if place else ():
            for evil in EVIL:
                answered += 1
                assert place is not None
                answer = _send(world, place, field, evil)
                assert (name, field, answer.status_code) != (name, field, 500)
                assert _harmless(answer.content.decode()), (name, field)
    for page in _seen_by_all(world):
        assert _harmless(page)
    assert answered > LEAST


LEAST = 60


def _send(world: SimpleNamespace, place: Place, field: str, evil: str) -> Any:  # noqa: ANN401 - the test client's answer
    client = Client()
    client.force_login(world.people[place.who])
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery staple"})  # a token asks for it
    address = place.address(world)
    told = {**place.told, "seen": _version(world, address), field: evil}
    if place.prefix:
        told = {f"{place.prefix}-{key}": value for key, value in told.items()}
    if place.who == "auditor":
        return client.get(address, told)
    return client.post(address, told, follow=True)
