"""Forms of releases: the text that companies get, and what they asked to hear of."""

from typing import Any

from django import forms

from bongsu.alerts.models import Release
from bongsu.web.forms.fields import Day, chosen
from bongsu.web.forms.responses import item_choices
from bongsu.web.speech import label

TEXTS = ("title_ko", "title_en", "obligation_ko", "obligation_en", "alternatives_ko", "alternatives_en")


def _prose(ko: str, en: str) -> forms.CharField:
    return forms.CharField(
        label=label(ko, en), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class CodesForm(forms.Form):
    """Items and HS codes."""

    items = forms.MultipleChoiceField(
        label=label("품목", "Items"),
        required=False,
        choices=item_choices,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )
    hs_codes = forms.CharField(label=label("HS 부호 (쉼표로)", "HS codes (by commas)"), required=False, max_length=2000)

    def clean_hs_codes(self) -> list[str]:
        """The codes one by one."""
        return [one.strip() for one in self.cleaned_data["hs_codes"].split(",") if one.strip()]


class ReleaseForm(CodesForm):
    """A release; a draft may be unfinished, approval says what is missing."""

    title_ko = forms.CharField(label=label("제목 (한국어)", "Title in Korean"), required=False, max_length=200)
    title_en = forms.CharField(label=label("제목 (영어)", "Title in English"), required=False, max_length=200)
    obligation_ko = _prose("의무 사항 (한국어)", "Obligation in Korean")
    obligation_en = _prose("의무 사항 (영어)", "Obligation in English")
    alternatives_ko = _prose("대안 (한국어)", "Alternatives in Korean")
    alternatives_en = _prose("대안 (영어)", "Alternatives in English")
    deadline = Day(label=label("기한", "Deadline"), required=False)
    original = forms.CharField(label=label("원문 주소", "Link to the original"), required=False, max_length=500)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    field_order = (*TEXTS, "deadline", "original", "items", "hs_codes")

    def words(self) -> dict[str, Any]:
        """As the actions take it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class SubscriptionForm(CodesForm):
    """What a company wants to hear of; those who keep subscriptions choose whose."""

    owner = forms.TypedChoiceField(label=label("기업 계정", "Company"), coerce=int)

    def __init__(self, *args: Any, companies: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        if companies is None:
            del self.fields["owner"]
        else:
            chosen(self, "owner", [(one.pk, f"{one.name} · {one.organisation}") for one in companies])


def facts_of(row: Release) -> dict[str, Any]:
    """A release as the form shows it."""
    told = {name: getattr(row, name) for name in (*TEXTS, "deadline", "original", "items")}
    return {**told, "hs_codes": ", ".join(row.hs_codes), "seen": row.version}
