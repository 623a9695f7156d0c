"""Forms of what missions are asked and what they file. A draft may have any field empty; filing says what is missing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings

from bongsu.codes.countries import countries
from bongsu.people.markings import GRADE_NAMES, Grade, Tlp
from bongsu.people.reader import Reader
from bongsu.responses.queries import ReportSeen
from bongsu.responses.states import BEARINGS, CREDIBILITY, ORIGINS, RELIABILITY, REPORT_NAMES, TASKING_NAMES, TIPPERS
from bongsu.texts.acts import INSTRUMENTS
from bongsu.web import names
from bongsu.web.forms.fields import Day, Moment, chosen
from bongsu.web.speech import label, said

_INSTRUMENTS = {
    "suspension": label("효력 정지", "suspension"),
    "lifting": label("해제", "lifting"),
    "ban": label("금지", "ban"),
    "licensing": label("허가제", "licensing"),
    "inspection": label("검사", "inspection"),
    "quota": label("쿼터", "quota"),
    "duty": label("관세", "duty"),
}


def _named(rows: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    return sorted(((id_, said(row.name)) for id_, row in rows), key=lambda one: one[1])


def item_choices() -> list[tuple[str, str]]:
    """Watched items."""
    return _named(names.home_catalogue().items.items())


def mission_choices() -> list[tuple[str, str]]:
    """Missions of the home."""
    return _named(names.home_network().missions.items())


def _country_choices() -> list[tuple[str, str]]:
    return [("", "–"), *_named(countries().items())]


def _words(table: dict[Any, Any]) -> list[tuple[Any, str]]:
    return [("", "–"), *((word, said(name)) for word, name in table.items())]


def _marks(form: forms.Form, reader: Reader) -> None:
    """Only the markings that the writer may give here."""
    most = min(reader.grade, settings.GRADE)
    chosen(form, "grade", [(one.value, said(GRADE_NAMES[one])) for one in Grade if one <= most])
    chosen(form, "tlp", [(one.value, one.label) for one in Tlp if one <= reader.tlp])


class FilterForm(forms.Form):
    """What to show of a list."""

    state = forms.ChoiceField(label=label("상태", "State"), required=False)
    mission = forms.ChoiceField(
        label=label("공관", "Mission"),
        required=False,
        choices=lambda: [("", said(label("모두", "all"))), *mission_choices()],
    )
    item = forms.ChoiceField(
        label=label("품목", "Item"), required=False, choices=lambda: [("", said(label("모두", "all"))), *item_choices()]
    )

    def __init__(self, *args: Any, states: dict[Any, Any], **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        chosen(self, "state", [("", said(label("모두", "all"))), *((s.value, said(n)) for s, n in states.items())])


def report_filter(data: Any) -> FilterForm:  # noqa: ANN401 - of a GET
    """The filter of the list of reports."""
    return FilterForm(data, states=dict(REPORT_NAMES))


def tasking_filter(data: Any) -> FilterForm:  # noqa: ANN401 - of a GET
    """The filter of the list of taskings."""
    return FilterForm(data, states=dict(TASKING_NAMES))


class TaskingForm(forms.Form):
    """A question for missions."""

    question = forms.CharField(
        label=label("물을 것", "Question"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    missions = forms.MultipleChoiceField(
        label=label("공관", "Missions"), choices=mission_choices, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    deadline = Moment(label=label("기한 (내 시간대)", "Deadline (on your clock)"))
    item = forms.ChoiceField(label=label("품목", "Item"), required=False, choices=lambda: [("", "–"), *item_choices()])
    grade = forms.TypedChoiceField(label=label("등급", "Grade"), coerce=int)
    tlp = forms.TypedChoiceField(label="TLP", coerce=int)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        _marks(self, reader)


class ContentForm(forms.Form):
    """What a report says; the measure's own fields stand beside the text."""

    title = forms.CharField(label=label("제목", "Title"), max_length=200, required=False)
    body = forms.CharField(
        label=label("내용", "Text"),
        max_length=100_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    items = forms.MultipleChoiceField(
        label=label("품목", "Items"),
        required=False,
        choices=item_choices,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )
    place = forms.ChoiceField(
        label=label("어느 나라 일", "About which country"), required=False, choices=_country_choices
    )
    bearing = forms.ChoiceField(
        label=label("공급에 미치는 영향", "What it does to supply"), required=False, choices=lambda: _words(BEARINGS)
    )
    observed_on = Day(label=label("본 날", "Seen on"), required=False)
    origin = forms.ChoiceField(
        label=label("누가 말했나", "Who said so"), required=False, choices=lambda: _words(ORIGINS)
    )
    source_name = forms.CharField(label=label("출처 이름", "Their name"), max_length=200, required=False)
    link = forms.CharField(label=label("원문 주소", "Link to the original"), max_length=500, required=False)
    offered = forms.ChoiceField(
        label=label("작성자가 보는 출처 신뢰도", "Reliability as the writer sees it"),
        required=False,
        choices=lambda: [("", "–"), *((letter, f"{letter} · {said(name)}") for letter, name in RELIABILITY.items())],
    )
    measure_issuer = forms.CharField(label=label("조치: 발표 기관", "Measure: issuer"), max_length=200, required=False)
    measure_number = forms.CharField(label=label("조치: 번호", "Measure: number"), max_length=200, required=False)
    measure_instrument = forms.ChoiceField(
        label=label("조치: 종류", "Measure: kind"),
        required=False,
        choices=lambda: [("", "–"), *((one, said(_INSTRUMENTS.get(one, one))) for one in INSTRUMENTS)],
    )
    measure_direction = forms.ChoiceField(
        label=label("조치: 방향", "Measure: direction"),
        required=False,
        choices=[("", "–"), ("export", label("수출", "export")), ("import", label("수입", "import"))],
    )
    measure_announced = Day(label=label("조치: 발표일", "Measure: announced"), required=False)
    measure_effective = Day(label=label("조치: 시행일", "Measure: effective"), required=False)
    measure_until = Day(label=label("조치: 끝나는 날", "Measure: until"), required=False)
    measure_hs_codes = forms.CharField(
        label=label("조치: HS 부호 (쉼표로)", "Measure: HS codes (by commas)"), max_length=2000, required=False
    )
    grade = forms.TypedChoiceField(
        label=label("등급", "Grade"),
        coerce=int,
        help_text=label(
            "이 시스템의 등급보다 높은 내용은 문서번호만 적으십시오.",
            "Of anything above this installation's grade, enter the reference number only.",
        ),
    )
    tlp = forms.TypedChoiceField(label="TLP", coerce=int)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        _marks(self, reader)
        for name in _NEEDED:
            vars(self.fields[name])["needed"] = True  # the page says so; only filing asks for it

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """What every report says."""
        return [field for field in self.visible_fields() if not field.name.startswith("measure_")]

    @property
    def measure_fields(self) -> list[forms.BoundField]:
        """What only one on a measure says."""
        return [field for field in self.visible_fields() if field.name.startswith("measure_")]

    @property
    def on_a_measure(self) -> bool:
        """Is any of it filled in, or wrong?"""
        return any(field.value() or field.errors for field in self.measure_fields)

    def content(self) -> dict[str, Any]:
        """As the actions take it."""
        told = dict(self.cleaned_data)
        measure = {name: told.pop(f"measure_{name}") for name in _MEASURE}
        measure["hs_codes"] = [one.strip() for one in measure["hs_codes"].split(",") if one.strip()]
        told.pop("seen", None)
        return {**told, "measure": {name: value for name, value in measure.items() if value}}


_NEEDED = ("title", "body", "place", "observed_on", "origin")
_MEASURE = ("issuer", "number", "instrument", "direction", "announced", "effective", "until", "hs_codes")


class ReportForm(ContentForm):
    """A report that is being written, with the version that the writer had before them."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)


class TipForm(ContentForm):
    """What a firm or an agency abroad says."""

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, reader=reader, **kwargs)
        chosen(self, "origin", [(one, said(ORIGINS[one])) for one in TIPPERS])
        self.fields["origin"].required = True


def facts_of(report: ReportSeen) -> dict[str, Any]:
    """A report as the form shows it."""
    plain = (
        "title",
        "body",
        "place",
        "bearing",
        "observed_on",
        "origin",
        "source_name",
        "link",
        "offered",
        "grade",
        "tlp",
    )
    measure = {f"measure_{name}": value for name, value in report.measure.items()}
    codes = ", ".join(report.measure.get("hs_codes", ()))
    told = {name: getattr(report, name) for name in plain}
    return {**told, **measure, "measure_hs_codes": codes, "items": list(report.items), "seen": report.version}


class StepForm(forms.Form):
    """A step of a report or a tasking: the version seen, and why."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class ReasonForm(StepForm):
    """A step that needs its reason."""

    reason = forms.CharField(label=label("까닭", "Reason"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))


class ReviewForm(StepForm):
    """A reviewer's grading, by the admiralty scale."""

    reliability = forms.ChoiceField(
        label=label("출처 신뢰도", "Reliability of the source"),
        choices=lambda: [(letter, f"{letter} · {said(name)}") for letter, name in RELIABILITY.items()],
    )
    credibility = forms.TypedChoiceField(
        label=label("내용 평가", "Credibility of the content"),
        coerce=int,
        choices=lambda: [(number, f"{number} · {said(name)}") for number, name in CREDIBILITY.items()],
    )


class FileForm(forms.Form):
    """A file for a report."""

    file = forms.FileField(label=label("파일", "File"), allow_empty_file=True)


class PasteForm(forms.Form):
    """A foreign notice."""

    text = forms.CharField(
        label=label("공고문", "The notice"),
        max_length=2 << 20,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=label(
            "어느 나라 말이든 그대로 붙여넣으십시오. 우리에게 무슨 뜻인지 바로 답합니다.",
            "Paste it as it is, in any language; it is answered at once with what it means at home.",
        ),
    )
    country = forms.ChoiceField(
        label=label("어느 나라 공고 (글에 없을 때)", "Whose notice (where the text does not say)"),
        required=False,
        choices=_country_choices,
    )
