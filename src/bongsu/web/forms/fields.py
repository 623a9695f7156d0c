"""Fields that several forms share."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar, cast

from django import forms

from bongsu.people.moments import within
from bongsu.web.speech import label

DAY = {"type": "date"}
MINUTE = {"type": "datetime-local"}
_YEARS = label("1900년부터 2200년까지만 받습니다.", "It lies outside the years 1900 to 2200.")

D = TypeVar("D", bound=date)


class Moment(forms.DateTimeField):
    """A moment on the clock of whoever types it; an hour that the clock skips or repeats is refused by name."""

    def __init__(self, **facts: Any) -> None:  # noqa: ANN401 - Django's signature
        facts.setdefault("widget", forms.DateTimeInput(attrs=MINUTE, format="%Y-%m-%dT%H:%M"))
        super().__init__(**facts)

    def to_python(self, value: Any) -> datetime | None:  # noqa: ANN401 - Django's signature
        """Read it, in years that a database can keep."""
        return _kept(super().to_python(value))


class Day(forms.DateField):
    """A day of the years that a database can keep."""

    def __init__(self, **facts: Any) -> None:  # noqa: ANN401 - Django's signature
        facts.setdefault("widget", forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
        super().__init__(**facts)

    def to_python(self, value: Any) -> date | None:  # noqa: ANN401 - Django's signature
        """Read it."""
        return _kept(super().to_python(value))


def _kept(read: D | None) -> D | None:
    if read is not None and not within(read):
        raise forms.ValidationError(_YEARS, code="out_of_range")
    return read


def why(*, required: bool = False) -> forms.CharField:
    """The reason for an act."""
    return forms.CharField(
        label=label("까닭", "Reason"),
        max_length=2000,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def chosen(form: forms.Form, name: str, choices: Sequence[tuple[Any, str]]) -> None:
    """Give a field of choices what there is to choose from now."""
    field = cast("forms.ChoiceField", form.fields[name])
    field.choices = list(choices)
