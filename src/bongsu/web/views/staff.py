"""Accounts, as administrators keep them and auditors look at them."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from bongsu.language import Text
from bongsu.people import actions, queries
from bongsu.people.models import User
from bongsu.people.roles import Role
from bongsu.web.acting import Request, actor_of, reader_of
from bongsu.web.doors import open_to
from bongsu.web.forms.people import AccountForm, NewAccountForm, PasswordForm, facts_of
from bongsu.web.paging import page_of
from bongsu.web.posting import attempt, failed, form_page, led_on, status_of

_ACCOUNTS = Text("계정", "Accounts")
_STEPS = {
    "shut": (actions.shut_account, Text("계정을 닫았습니다.", "The account was shut.")),
    "reopen": (actions.reopen_account, Text("계정을 다시 열었습니다.", "The account was opened again.")),
    "sessions": (
        actions.end_sessions,
        Text("들어와 있던 곳을 모두 끊고 토큰을 폐기했습니다.", "Its sessions and tokens were ended."),
    ),
    "second-factor": (
        actions.reset_second_factor,
        Text("이중 인증을 지웠습니다. 다음에 들어올 때 새로 등록합니다.", "Second factors forgotten; they enrol anew."),
    ),
}


@open_to(Role.ADMINISTRATOR, Role.AUDITOR)
def accounts(request: Request) -> HttpResponseBase:
    """Every account; `role` narrows the list."""
    found, role = queries.accounts(reader_of(request)), request.GET.get("role", "")
    if role in tuple(Role):
        found = found.filter(role=role)
    return render(request, "accounts.html", {"page": page_of(request, found), "role": role, "roles": Role})


@open_to(Role.ADMINISTRATOR, methods="GET POST")
def add_account(request: Request) -> HttpResponseBase:
    """A new account."""
    if request.method != "POST":
        return _new_page(request, NewAccountForm())
    form, by = NewAccountForm(request.POST), actor_of(request)
    outcome = attempt(form, lambda: actions.add_account(by=by, **_filled(form)))
    if not isinstance(outcome, User):
        return _new_page(request, form, status_of(outcome))
    return led_on(request, reverse("account_of", args=[outcome.pk]), Text("계정을 만들었습니다.", "Account made."))


@open_to(Role.ADMINISTRATOR, Role.AUDITOR)
def account_of(request: Request, account: int) -> HttpResponseBase:
    """One account: changed by administrators; auditors only look."""
    user = queries.account(reader_of(request), account)
    return _account_page(request, user, AccountForm(initial=facts_of(user)))


@open_to(Role.ADMINISTRATOR, methods="POST")
def change_account(request: Request, account: int) -> HttpResponseBase:
    """Other facts of an account."""
    user = queries.account(reader_of(request), account)
    form, by = AccountForm(request.POST), actor_of(request)
    outcome = attempt(form, lambda: actions.change_account(by=by, account=account, **form.cleaned_data))
    if failed(outcome):
        return _account_page(request, user, form, status_of(outcome))
    return led_on(request, reverse("account_of", args=[account]), Text("저장했습니다.", "Saved."))


@open_to(Role.ADMINISTRATOR, methods="POST")
def account_step(request: Request, account: int, step: str) -> HttpResponseBase:
    """Shut it, open it again, end its sessions, or forget its second factors."""
    act, told = _STEPS[step]
    act(by=actor_of(request), account=account)
    return led_on(request, reverse("account_of", args=[account]), told)


@open_to(Role.ADMINISTRATOR, methods="POST")
def account_password(request: Request, account: int) -> HttpResponseBase:
    """Another password."""
    form, by = PasswordForm(request.POST), actor_of(request)
    outcome = attempt(
        form, lambda: actions.reset_password(by=by, account=account, password=form.cleaned_data["password"])
    )
    if failed(outcome):
        return form_page(request, form, Text("새 비밀번호", "New password"), status=status_of(outcome))
    return led_on(request, reverse("account_of", args=[account]), Text("비밀번호를 바꿨습니다.", "Password changed."))


@open_to(Role.ADMINISTRATOR, methods="POST")
def account_token(request: Request, account: int, token: int) -> HttpResponseBase:
    """A token of the account opens nothing any more."""
    actions.revoke_token(by=actor_of(request), token=token)
    return led_on(
        request, reverse("account_of", args=[account]), Text("토큰을 폐기했습니다.", "The token was revoked.")
    )


def step_names() -> tuple[str, ...]:
    """The steps that `account_step` takes."""
    return tuple(_STEPS)


def _new_page(request: Request, form: NewAccountForm, status: int = 200) -> HttpResponseBase:
    title, back = Text("계정 만들기", "New account"), reverse("accounts")
    return form_page(request, form, title, status=status, back=back, back_said=_ACCOUNTS)


def _filled(form: NewAccountForm) -> dict[str, Any]:
    return {**form.cleaned_data, "password": form.cleaned_data["password"] or None}


def _account_page(request: Request, user: User, form: AccountForm, status: int = 200) -> HttpResponseBase:
    keeps = reader_of(request).role is Role.ADMINISTRATOR
    tokens = queries.tokens(reader_of(request)).filter(owner=user.pk)
    shown = {"account": user, "form": form, "keeps": keeps, "tokens": tokens, "password_form": PasswordForm()}
    return render(request, "account_of.html", shown, status=status)
