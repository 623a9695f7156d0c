"""Forms of an alert: what each act asks for besides the alert itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings

from bongsu.alerts.rules import LEVELS, STATE_NAMES, State
from bongsu.codes.zones import zones
from bongsu.web import names
from bongsu.web.forms.fields import Day, chosen, why
from bongsu.web.speech import label, said


class ListForm(forms.Form):
    """What to show of the alerts."""

    state = forms.ChoiceField(
        label=label("상태", "State"),
        required=False,
        choices=lambda: [
            ("open", label("다루는 중", "open")),
            ("all", label("모두", "all")),
            *((one.value, said(STATE_NAMES[one])) for one in State),
        ],
    )
    level = forms.TypedChoiceField(
        label=label("봉수", "Fires"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", label("모두", "all")), *((level, str(level)) for level in reversed(LEVELS))],
    )
    item = forms.ChoiceField(
        label=label("품목", "Item"),
        required=False,
        choices=lambda: [("", said(label("모두", "all"))), *_items()],
    )
    mine = forms.BooleanField(label=label("내가 맡은 것만", "mine only"), required=False)
    as_of = Day(label=label("시점", "As of"), required=False)

    def moment(self) -> datetime | None:
        """The end of the day asked for, on the home clock; None: now."""
        return end_of_day(self.cleaned_data.get("as_of"))


def end_of_day(day: Any) -> datetime | None:  # noqa: ANN401 - a day, or None
    """The last moment of a day on the home clock."""
    if day is None:
        return None
    zone = ZoneInfo(zones().get(settings.HOME, "UTC"))
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1, microseconds=-1)


def _items() -> list[tuple[str, str]]:
    found = ((item.id, said(item.name)) for item in names.home_catalogue().items.values())
    return sorted(found, key=lambda one: one[1])


class ActForm(forms.Form):
    """An act on an alert, with the version that whoever acts has seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, choices: Sequence[tuple[Any, str]] = (), **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "why"), "why"])
        self.offer(choices)

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Give the form what there is to choose from; most have nothing."""


class WhyForm(ActForm):
    """An act that may have a reason."""

    why = why()


class ReasonForm(ActForm):
    """An act that nobody does without saying why."""

    why = why(required=True)


class LevelForm(ReasonForm):
    """Another level than the watch gives."""

    level = forms.TypedChoiceField(
        label=label("봉수", "Fires"), coerce=int, choices=[(level, str(level)) for level in reversed(LEVELS)]
    )


class OwnerForm(WhyForm):
    """Who answers from now on."""

    owner = forms.TypedChoiceField(label=label("담당자", "Who answers"), coerce=int)

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Officers who handle alerts."""
        chosen(self, "owner", choices)


class IntoForm(ReasonForm):
    """The alert that goes on in its place."""

    into = forms.TypedChoiceField(label=label("어느 건에", "Into which alert"), coerce=UUID)

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Other open alerts."""
        chosen(self, "into", choices)


class NoteForm(ActForm):
    """A note for those who handle it."""

    text = forms.CharField(label=label("메모", "Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class TickForm(ActForm):
    """An entry of the checklist."""

    entry = forms.CharField(max_length=80, widget=forms.HiddenInput)
