"""Forms about people: accounts, one's own settings, tokens, the rota."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone

from bongsu.people.markings import GRADE_NAMES, Grade, Tlp
from bongsu.people.models import User
from bongsu.people.roles import ROLE_NAMES, Role
from bongsu.web import names, speech
from bongsu.web.forms.fields import Day, Moment, chosen
from bongsu.web.speech import said

LANGUAGES = [("ko", "한국어"), ("en", "English")]


def _named(table: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - a mapping of missions, desks or ministries
    return [("", "–"), *sorted(((id_, said(row.name)) for id_, row in table.items()), key=lambda one: one[1])]


class AccountForm(forms.Form):
    """An account, as an administrator makes or changes it."""

    username = forms.CharField(label=speech.label("로그인 이름", "Sign-in name"), max_length=150)
    name = forms.CharField(label=speech.label("이름", "Name"), max_length=120)
    email = forms.CharField(label=speech.label("전자우편", "E-mail"), max_length=254, required=False)
    role = forms.ChoiceField(
        label=speech.label("역할", "Role"), choices=lambda: [(r.value, said(ROLE_NAMES[r])) for r in Role]
    )
    mission = forms.ChoiceField(
        label=speech.label("공관", "Mission"), required=False, choices=lambda: _named(names.home_network().missions)
    )
    desk = forms.ChoiceField(
        label=speech.label("담당과", "Desk"), required=False, choices=lambda: _named(names.home_network().desks)
    )
    ministry = forms.ChoiceField(
        label=speech.label("부처", "Ministry"), required=False, choices=lambda: _named(names.home_network().ministries)
    )
    organisation = forms.CharField(label=speech.label("기관·기업", "Organisation"), max_length=200, required=False)
    grade = forms.TypedChoiceField(
        label=speech.label("볼 수 있는 등급", "May read up to"),
        coerce=int,
        choices=lambda: [(g.value, said(GRADE_NAMES[g])) for g in Grade],
    )
    tlp = forms.TypedChoiceField(
        label=speech.label("볼 수 있는 TLP", "Part of sharing up to"),
        coerce=int,
        choices=[(t.value, t.label) for t in Tlp],
        initial=Tlp.GREEN.value,
    )
    language = forms.ChoiceField(label=speech.label("언어", "Language"), choices=LANGUAGES)
    zone = forms.CharField(label=speech.label("시간대", "Time zone"), max_length=40, initial="Asia/Seoul")


class NewAccountForm(AccountForm):
    """An account that is not there yet."""

    password = forms.CharField(
        label=speech.label("비밀번호", "Password"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=speech.label(
            "비워 두면 기관 로그인(SSO)으로만 들어옵니다.", "Left empty, only the ministry's own sign-on opens it."
        ),
    )


class OwnForm(forms.Form):
    """What people set for themselves."""

    language = forms.ChoiceField(label=speech.label("언어", "Language"), choices=LANGUAGES)
    zone = forms.ChoiceField(
        label=speech.label("시간대", "Time zone"), choices=lambda: [(one, one) for one in sorted(available_timezones())]
    )
    quiet_from = forms.TimeField(
        label=speech.label("조용한 시간 시작", "Quiet hours from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_until = forms.TimeField(
        label=speech.label("조용한 시간 끝", "Quiet hours until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=speech.label(
            "이 동안에는 미룰 수 없는 것(봉수 4거 이상)만 알립니다.",
            "In these hours only what cannot wait (four fires and more) reaches you.",
        ),
    )


class TokenForm(forms.Form):
    """A token for a program."""

    label = forms.CharField(label=speech.label("쓰임새", "What for"), max_length=80)
    scopes = forms.ChoiceField(
        label=speech.label("권한", "It may"),
        choices=[("read", speech.label("읽기", "read")), ("read write", speech.label("읽기와 쓰기", "read and write"))],
    )
    days = forms.IntegerField(label=speech.label("며칠 동안", "Days"), min_value=1, max_value=366, initial=90)

    def expires_at(self, now: datetime) -> datetime:
        """When it ends."""
        return now + timedelta(days=self.cleaned_data["days"])


def _watch_keepers(people: Any) -> list[tuple[int, str]]:  # noqa: ANN401 - accounts
    return [(one.pk, one.name) for one in people]


class ShiftForm(forms.Form):
    """A watch on the rota."""

    officer = forms.TypedChoiceField(label=speech.label("당직관", "Officer"), coerce=int)
    starts = Moment(label=speech.label("시작", "From"))
    ends = Moment(label=speech.label("끝", "Until"))
    order = forms.IntegerField(label=speech.label("순번", "Order"), min_value=1, max_value=9, initial=1)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        chosen(self, "officer", _watch_keepers(people))


class HandOverForm(forms.Form):
    """What the one who leaves the watch tells the one who comes."""

    takes = forms.TypedChoiceField(label=speech.label("인수자", "To"), coerce=int)
    note = forms.CharField(
        label=speech.label("전할 말", "Note"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        chosen(self, "takes", _watch_keepers(people))


class PasswordForm(forms.Form):
    """A new password that an administrator sets."""

    password = forms.CharField(
        label=speech.label("새 비밀번호", "New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TrailForm(forms.Form):
    """What to show of the audit trail."""

    act = forms.CharField(label=speech.label("한 일", "Act"), max_length=60, required=False)
    kind = forms.CharField(label=speech.label("대상", "Kind"), max_length=30, required=False)
    ref = forms.CharField(label=speech.label("식별자", "Id"), max_length=64, required=False)
    actor = forms.IntegerField(
        label=speech.label("계정 번호", "Account no."), required=False, min_value=1, max_value=2**31
    )
    since = Day(label=speech.label("부터", "From"), required=False)
    until = Day(label=speech.label("까지", "Until"), required=False)

    def wanted(self) -> dict[str, Any]:
        """As the query takes it: the days become moments on the clock of whoever asks; the last one is included."""
        asked = {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}
        zone = timezone.get_current_timezone()
        for name, more in (("since", 0), ("until", 1)):
            if name in asked:
                day = asked[name] + timedelta(days=more)
                asked[name] = datetime(day.year, day.month, day.day, tzinfo=zone)
        return asked


def facts_of(user: User) -> dict[str, Any]:
    """An account as the form shows it."""
    return {name: getattr(user, name) for name in AccountForm.base_fields}
