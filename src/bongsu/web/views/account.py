"""One's own account: language, clock, quiet hours, second factors, sessions and tokens."""

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from bongsu.language import Text
from bongsu.people import actions, queries
from bongsu.people.roles import ROLE_NAMES, Role
from bongsu.web.acting import Request, actor_of, reader_of
from bongsu.web.doors import EVERY_ROLE, open_to
from bongsu.web.forms.people import OwnForm, TokenForm
from bongsu.web.posting import attempt, failed, led_on, status_of
from bongsu.web.speech import CHOSEN

_AGAIN = Text(
    "본인임을 확인하십시오. 그런 다음 토큰을 다시 만드십시오.", "Show that it is you, then make the token once more."
)


@open_to(*EVERY_ROLE, methods="GET POST")
def account(request: Request) -> HttpResponseBase:
    """What the account is, and what its owner may set."""
    if request.method != "POST":
        return _page(request, OwnForm(initial=_own(request)), TokenForm())
    form = OwnForm(request.POST)
    by = actor_of(request)
    outcome = attempt(form, lambda: actions.change_account(by=by, account=request.user.pk, **form.cleaned_data))
    if failed(outcome):
        return _page(request, form, TokenForm(), status_of(outcome))
    request.session.pop(CHOSEN, None)
    return led_on(request, reverse("account"), Text("저장했습니다.", "Saved."))


@open_to(*EVERY_ROLE, methods="POST")
def make_token(request: Request) -> HttpResponseBase:
    """A new token, for whoever has just shown again who they are: it outlives the session.

    Its secret stands on this one answer, so there is no leading on.
    """
    if not did_recently_reauthenticate(request):
        to = f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('account')})}"
        return led_on(request, to, _AGAIN)
    form = TokenForm(request.POST)
    by = actor_of(request)
    outcome = attempt(
        form,
        lambda: actions.make_token(
            by=by,
            label=form.cleaned_data["label"],
            scopes=form.cleaned_data["scopes"].split(),
            expires_at=form.expires_at(request.now),
        ),
    )
    if not isinstance(outcome, tuple):
        return _page(request, OwnForm(initial=_own(request)), form, status_of(outcome))
    return _page(request, OwnForm(initial=_own(request)), TokenForm(), secret=outcome[1])


@open_to(*EVERY_ROLE, methods="POST")
def revoke_token(request: Request, token: int) -> HttpResponseBase:
    """A token of one's own, or for an administrator anybody's, opens nothing any more."""
    actions.revoke_token(by=actor_of(request), token=token)
    return led_on(request, reverse("account"), Text("토큰을 폐기했습니다.", "The token was revoked."))


def _own(request: Request) -> dict[str, object]:
    return {name: getattr(request.user, name) for name in OwnForm.base_fields}


def _page(
    request: Request, form: OwnForm, token_form: TokenForm, status: int = 200, secret: str = ""
) -> HttpResponseBase:
    shown = {
        "form": form,
        "token_form": token_form,
        "secret": secret,
        "role": ROLE_NAMES[Role(request.user.role)],
        "tokens": queries.tokens(reader_of(request)).filter(owner=request.user.pk),
    }
    return render(request, "account.html", shown, status=status)
