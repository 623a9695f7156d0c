"""Accounts: made, changed, shut and opened again. None is ever deleted: what it did stays its own."""

from django.db import transaction

from bongsu.language import Text
from bongsu.people.actions.credentials import drop_tokens, shut_out
from bongsu.people.actions.fields import OWN, set_fields
from bongsu.people.actions.scope import one_at_a_time, only_house_keepers, seen_account
from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError, InvalidError, OutOfStepError
from bongsu.people.models import AuditHead, User
from bongsu.people.passwords import check_password
from bongsu.people.reader import Actor
from bongsu.people.refusals import ADMINISTRATOR_DOES, NOT_YOURS
from bongsu.people.roles import Role

_SIGNS_IN = frozenset({"username", "email"})  # by which single sign-on finds an account
_TOLD = ("role", "mission", "desk", "ministry", "grade", "tlp")  # of an account, what the trail may repeat


@transaction.atomic
def add_account(
    *, by: Actor, username: str, name: str, role: str, password: str | None = None, **fields: object
) -> User:
    """Make an account; without a password it can only be entered by single sign-on."""
    only_house_keepers(by)
    one_at_a_time()
    return _added(by, {"username": username, "name": name, "role": role, **fields}, password)


@transaction.atomic
def first_account(*, by: Actor, username: str, name: str, password: str, **fields: object) -> User:
    """Make the administrator who opens the house; whoever comes first may, and nobody afterwards.

    Raises:
        OutOfStepError: there is an account already.
    """
    AuditHead.objects.select_for_update().get_or_create(pk=1)  # no account is there yet to wait at
    if User.objects.exists():
        raise OutOfStepError(Text("이미 계정이 있습니다.", "there is an account already."), mend=ADMINISTRATOR_DOES)
    return _added(by, {"username": username, "name": name, "role": Role.ADMINISTRATOR, **fields}, password)


@transaction.atomic
def change_account(*, by: Actor, account: int, **fields: object) -> User:
    """Change an account's fields; people set their own language, time zone and quiet hours. Another role ends its tokens.

    Raises:
        DeniedError: it is another's, or one's own role or clearance; or, through the API, what signs them in.
    """
    one_at_a_time()
    user = seen_account(by, account)
    own = user.pk == by.reader.user
    if not (own and set(fields) <= OWN):
        only_house_keepers(by)
    was = {name: getattr(user, name) for name in _TOLD}
    changed = set_fields(user, fields, by.at)
    if own and set(changed) & set(_TOLD):
        raise DeniedError(NOT_YOURS, mend=Text("다른 관리자에게 부탁하십시오.", "Ask another administrator."))
    if by.via == "api" and not _SIGNS_IN.isdisjoint(changed):  # a stolen token must not take an account over
        raise DeniedError(NOT_YOURS, mend=Text("화면에서 바꾸십시오.", "Change it on the screen."))
    if "username" in changed:
        _check_free(user)
    if was["role"] == Role.ADMINISTRATOR:
        _check_another_administrator(user)
    if changed:
        user.save(update_fields=changed)
        told = {name: getattr(user, name) for name in changed if name in _TOLD}
        if "role" in changed:
            told["tokens"] = drop_tokens(user, by.at)
        write_line(by, "account.change", "account", user.pk, fields=sorted(changed), **told)
    return user


@transaction.atomic
def shut_account(*, by: Actor, account: int) -> User:
    """Let an account in no more; its sessions and tokens end now, for good.

    Raises:
        OutOfStepError: it is shut already, or the last administrator's.
    """
    only_house_keepers(by)
    one_at_a_time()
    user = seen_account(by, account)
    if not user.is_active:
        raise OutOfStepError(Text("이미 닫힌 계정입니다.", "the account is shut already."))
    user.is_active = False
    _check_another_administrator(user)
    user.save(update_fields=("is_active",))
    write_line(by, "account.shut", "account", user.pk, **shut_out(user, by.at))
    return user


@transaction.atomic
def reopen_account(*, by: Actor, account: int) -> User:
    """Let a shut account in again."""
    only_house_keepers(by)
    one_at_a_time()
    user = seen_account(by, account)
    if user.is_active:
        raise OutOfStepError(Text("열려 있는 계정입니다.", "the account is open."))
    user.is_active = True
    user.save(update_fields=("is_active",))
    write_line(by, "account.reopen", "account", user.pk)
    return user


def _added(by: Actor, facts: dict[str, object], password: str | None) -> User:
    user = User(joined_at=by.at)
    set_fields(user, {"role": facts["role"], **facts}, by.at)
    _check_free(user)
    if password is None:
        user.set_unusable_password()
    else:
        check_password(password, user)
        user.set_password(password)
    user.save(force_insert=True)
    write_line(by, "account.add", "account", user.pk, **{name: getattr(user, name) for name in _TOLD})
    return user


def _check_free(user: User) -> None:
    if User.objects.filter(username__iexact=user.username).exclude(pk=user.pk).exists():
        raise InvalidError(Text("이미 쓰는 로그인 이름입니다.", "the sign-in name is taken."), where="username")


def _check_another_administrator(user: User) -> None:
    """The last one who can let people in must stay; called before `user` is saved."""
    if user.is_active and user.role == Role.ADMINISTRATOR:
        return
    if user.role != Role.ADMINISTRATOR and not User.objects.filter(pk=user.pk, role=Role.ADMINISTRATOR).exists():
        return
    if not User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=user.pk).exists():
        raise OutOfStepError(
            Text("마지막 관리자입니다.", "this is the last administrator."),
            mend=Text("먼저 다른 관리자를 두십시오.", "Appoint another administrator first."),
        )
