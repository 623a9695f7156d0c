"""What an account's fields may hold: each is read, cleaned or refused by name."""

import re
from collections.abc import Callable, Container, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bongsu.language import Language, Text, UsageError
from bongsu.missions.load import network
from bongsu.people.errors import InvalidError
from bongsu.people.markings import Grade, Tlp
from bongsu.people.models import User
from bongsu.people.names import one_line, sign_in_name
from bongsu.people.roles import ROLE_NAMES, Role
from bongsu.people.rules import MAY_HAVE, NEEDS

OWN = frozenset({"language", "zone", "quiet_from", "quiet_until"})  # what people set for themselves
_UNITS = ("mission", "desk", "ministry", "organisation")
_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
_MISSING = Text("빈칸입니다.", "it is empty.")


def set_fields(user: User, facts: Mapping[str, object], at: datetime) -> tuple[str, ...]:
    """Take `facts` over into `user`, which is not saved; the names of those that changed.

    Raises:
        InvalidError: a field that there is not, or a value that it cannot hold.
    """
    unknown = sorted(set(facts) - set(_READ))
    if unknown:
        raise InvalidError(Text("없는 항목입니다.", "there is no such field."), where=unknown[0])
    before = {name: getattr(user, name) for name in facts}
    for name, told in facts.items():
        setattr(user, name, _READ[name](told))
    if not {"role", *_UNITS}.isdisjoint(facts):  # a mission that has closed since is no reason to refuse a new e-mail
        _check_units(user, facts, at)
    if (user.quiet_from is None) != (user.quiet_until is None):
        raise InvalidError(
            Text("조용한 시간은 시작과 끝을 함께 적습니다.", "quiet hours need both ends."), where="quiet_until"
        )
    return tuple(name for name in facts if getattr(user, name) != before[name])


def _check_units(user: User, told: Container[str], at: datetime) -> None:
    """Does the account stand for what its role stands for, and for units that there are?"""
    role = Role(user.role)
    for unit in _UNITS:
        held = getattr(user, unit)
        if unit in NEEDS.get(role, ()) and not held:
            raise InvalidError(_MISSING, where=unit, mend=_needed(role))
        if held and unit not in MAY_HAVE[role]:
            raise InvalidError(
                Text(f"{ROLE_NAMES[role].ko}에게는 없는 소속입니다.", f"a {ROLE_NAMES[role].en} has none."), where=unit
            )
        if held and unit in told and unit != "organisation":
            _check_unit(unit, held, at)
    if role is Role.PARTNER and not (user.ministry or user.organisation):
        raise InvalidError(_MISSING, where="ministry", mend=_needed(role))


def _needed(role: Role) -> Text:
    return Text(f"{ROLE_NAMES[role].ko}의 소속을 적으십시오.", f"Say where the {ROLE_NAMES[role].en} belongs.")


def _check_unit(kind: str, named: str, at: datetime) -> None:
    """Is it in the home country's network? A home without one knows no names, only how they are written."""
    try:
        net = network(settings.HOME)
    except UsageError:
        there = bool(_ID.fullmatch(named))
    else:
        table: Mapping[str, Any] = {"mission": net.missions, "desk": net.desks, "ministry": net.ministries}[kind]
        there = named in table and table[named].stands_on(at.date())
    if not there:
        raise InvalidError(Text(f"'{named}'은(는) 지금 없는 곳입니다.", f"there is no '{named}' today."), where=kind)


def _name(told: str) -> str:
    name = one_line(told, most=120, where="name")
    if not name:
        raise InvalidError(_MISSING, where="name")
    return name


def _email(told: str) -> str:
    email = told.strip()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        raise InvalidError(Text("전자우편 주소가 아닙니다.", "it is not an e-mail address."), where="email") from None
    return email


def _zone(told: str) -> str:
    try:
        return ZoneInfo(told).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidError(
            Text("없는 시간대입니다.", "there is no such time zone."),
            where="zone",
            mend=Text("예: Asia/Seoul.", "Asia/Seoul, for example."),
        ) from None


def _one_of(kind: Callable[[Any], Any], where: str) -> Callable[[Any], Any]:
    def read(told: object) -> Any:  # noqa: ANN401 - a column's value
        try:
            return kind(told).value
        except ValueError:
            raise InvalidError(Text("고를 수 없는 값입니다.", "it is none of the choices."), where=where) from None

    return read


def _hour(where: str) -> Callable[[object], time | None]:
    def read(told: object) -> time | None:
        try:
            hour = told if isinstance(told, time) else time.fromisoformat(str(told)) if told else None
        except ValueError:
            raise InvalidError(
                Text("시각이 아닙니다(예: 22:00).", "it is not a time such as 22:00."), where=where
            ) from None
        return hour and hour.replace(tzinfo=None)

    return read


def _unit(where: str, most: int) -> Callable[[str], str]:
    return lambda told: one_line(told, most=most, where=where)


_READ: dict[str, Callable[[Any], Any]] = {
    "username": sign_in_name,
    "name": _name,
    "email": _email,
    "role": _one_of(Role, "role"),
    **{unit: _unit(unit, 200 if unit == "organisation" else 64) for unit in _UNITS},
    "grade": _one_of(Grade, "grade"),
    "tlp": _one_of(Tlp, "tlp"),
    "language": _one_of(Language, "language"),
    "zone": _zone,
    "quiet_from": _hour("quiet_from"),
    "quiet_until": _hour("quiet_until"),
}
