"""What each role may see and do among people: accounts, tokens, the rota, the trail. What is not named here is not."""

from datetime import timedelta

from django.db.models import Q

from bongsu.language import Text
from bongsu.people.models import User
from bongsu.people.reader import NOTHING, Reader
from bongsu.people.roles import JUDGES, Role

LONGEST_TOKEN = timedelta(days=366)
SCOPES = frozenset({"read", "write"})
EVERYTHING = Q()

# Who must prove who they are twice: those who judge for all, who let people in, and who read what everybody did.
TWICE_PROVEN = JUDGES | {Role.ADMINISTRATOR, Role.AUDITOR}
FACTORS = ("totp", "webauthn")  # what counts as a second factor; recovery codes stand in for one that was lost

# The units an account of each role stands for: those it must have, and those it may.
NEEDS = {Role.MISSION: ("mission",), Role.DESK: ("desk",), Role.COMPANY: ("organisation",)}
MAY_HAVE = {
    Role.CENTRE: frozenset({"desk", "ministry"}),
    Role.DUTY: frozenset({"desk", "ministry"}),
    Role.DESK: frozenset({"desk", "ministry"}),
    Role.MISSION: frozenset({"mission"}),
    Role.PARTNER: frozenset({"ministry", "organisation"}),
    Role.COMPANY: frozenset({"organisation"}),
    Role.AUDITOR: frozenset[str](),
    Role.ADMINISTRATOR: frozenset[str](),
}


def needs_second_factor(user: User) -> bool:
    """Must this account have a second factor before it sees anything?"""
    return user.is_active and user.role in TWICE_PROVEN


def keeps_house(reader: Reader) -> bool:
    """May they change accounts? An administrator, or a task of ours: the command line that makes the first account."""
    return reader.role is Role.ADMINISTRATOR or (reader.user is None and reader.role is not None)


def plans_rota(reader: Reader) -> bool:
    """May they plan the watch?"""
    return reader.role in JUDGES or reader.role is Role.ADMINISTRATOR


def sees_accounts(reader: Reader) -> Q:
    """All for those who keep or audit the house, the active ones for those who judge; colleagues; else oneself."""
    if reader.role is None:
        return NOTHING
    if keeps_house(reader) or reader.role is Role.AUDITOR:
        return EVERYTHING
    if reader.judges:
        return Q(is_active=True)
    own = Q(pk=reader.user)
    if reader.role is Role.MISSION and reader.mission:
        return own | Q(is_active=True, role=Role.MISSION, mission=reader.mission)
    if reader.role is Role.DESK and reader.desk:
        return own | Q(is_active=True, role=Role.DESK, desk=reader.desk)
    return own


def sees_tokens(reader: Reader) -> Q:
    """One's own; all for those who keep the house."""
    if reader.role is None:
        return NOTHING
    return EVERYTHING if keeps_house(reader) else Q(owner=reader.user)


def sees_rota(reader: Reader) -> Q:
    """The rota is for those who may have to call the watch, and those who plan it."""
    return EVERYTHING if plans_rota(reader) or reader.role in {Role.DESK, Role.MISSION} else NOTHING


def sees_hand_overs(reader: Reader) -> Q:
    """What the watch tells the watch stays with those who judge."""
    return EVERYTHING if reader.judges else NOTHING


def sees_trail(reader: Reader) -> Q:
    """The trail is read by auditors alone."""
    return EVERYTHING if reader.role is Role.AUDITOR else NOTHING


def stands_watch(user: User) -> Text | None:
    """Why this account cannot stand watch; None: it can. Whoever answers for everything must see everything."""
    if user.is_active and user.role in JUDGES:
        return None
    return Text("당직은 당직관이나 센터 분석관만 섭니다.", "only duty officers and centre analysts stand watch.")
