"""Fields that several forms share."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from bongsu.web.speech import label

DAY = {"type": "date"}
MINUTE = {"type": "datetime-local"}


class Moment(forms.DateTimeField):
    """A moment on the clock of whoever types it; an hour that the clock skips or repeats is refused by name."""

    def __init__(self, **facts: Any) -> None:  # noqa: ANN401 - Django's signature
        facts.setdefault("widget", forms.DateTimeInput(attrs=MINUTE, format="%Y-%m-%dT%H:%M"))
        super().__init__(**facts)


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
