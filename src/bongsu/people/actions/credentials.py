"""What opens an account: its password, second factors, sessions and tokens, reset by those who keep the house."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from bongsu.people.actions.scope import one_at_a_time, only_house_keepers, seen_account
from bongsu.people.audit import write_line
from bongsu.people.models import ApiToken, User
from bongsu.people.passwords import check_password
from bongsu.people.reader import Actor


@transaction.atomic
def reset_password(*, by: Actor, account: int, password: str | None) -> User:
    """Set another password, or none (only single sign-on opens the account then); its sessions and tokens end."""
    only_house_keepers(by)
    one_at_a_time()
    user = seen_account(by, account)
    if password is None:
        user.set_unusable_password()
    else:
        check_password(password, user)
        user.set_password(password)
    user.save(update_fields=("password",))
    write_line(by, "account.password", "account", user.pk, **shut_out(user, by.at))
    return user


@transaction.atomic
def reset_second_factor(*, by: Actor, account: int) -> User:
    """Forget a person's second factors, who lost them: they enrol anew when they next sign in. Sessions and tokens end."""
    only_house_keepers(by)
    one_at_a_time()
    user = seen_account(by, account)
    forgotten, _ = Authenticator.objects.filter(user=user).delete()
    write_line(by, "account.second_factor", "account", user.pk, forgotten=forgotten, **shut_out(user, by.at))
    return user


@transaction.atomic
def end_sessions(*, by: Actor, account: int) -> int:
    """End every session and token of an account, one's own or another's; how many sessions there were."""
    one_at_a_time()
    user = seen_account(by, account)
    if user.pk != by.reader.user:
        only_house_keepers(by)
    ended = shut_out(user, by.at)
    write_line(by, "account.sessions", "account", user.pk, **ended)
    return ended["sessions"]


def shut_out(user: User, at: datetime) -> dict[str, int]:
    """End whatever is open to an account: its sessions and tokens; how many there were of each."""
    there = list(UserSession.objects.filter(user=user))
    for session in there:
        session.end()
    return {"sessions": len(there), "tokens": drop_tokens(user, at)}


def drop_tokens(user: User, at: datetime) -> int:
    """Revoke an account's tokens; how many there were."""
    return ApiToken.objects.filter(owner=user, revoked_at=None).update(revoked_at=at)
