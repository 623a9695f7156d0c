"""The form of the first run."""

from django import forms

from bongsu.web.speech import label


def _password() -> forms.CharField:
    return forms.CharField(
        label=label("비밀번호", "Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=label("12자 이상", "12 characters or more"),
    )


class FirstForm(forms.Form):
    """Data, and the first two accounts."""

    begin = forms.ChoiceField(
        label=label("무엇으로 시작하나", "Begin with"),
        choices=[
            (
                "sample",
                label("표본 자료 (몇 초면 첫 화면을 봅니다)", "the packaged sample (the first screen in seconds)"),
            ),
            ("own", label("내 출처 (받을 차례인 것부터 받습니다)", "your own sources (what is due is fetched)")),
        ],
        initial="sample",
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=label("언어", "Language"), choices=[("ko", "한국어"), ("en", "English")])
    username = forms.CharField(
        label=label("관리자의 로그인 이름", "Administrator's sign-in name"), max_length=150, initial="admin"
    )
    name = forms.CharField(label=label("관리자의 이름", "Administrator's name"), max_length=120)
    password = _password()
    analyst_username = forms.CharField(label=label("분석관의 로그인 이름", "Analyst's sign-in name"), max_length=150)
    analyst_name = forms.CharField(label=label("분석관의 이름", "Analyst's name"), max_length=120)
    analyst_password = _password()
