"""What is asked of people. Each question knows who asks, and answers only what that reader may have."""

from datetime import datetime

from django.db.models import QuerySet

from bongsu.language import Text
from bongsu.people import rules
from bongsu.people.errors import NotThereError
from bongsu.people.models import ApiToken, AuditLine, HandOver, Shift, User
from bongsu.people.reader import Reader
from bongsu.people.roles import JUDGES

ACCOUNT = Text("계정", "account")
TOKEN = Text("토큰", "token")
SHIFT = Text("당직", "shift")
HAND_OVER = Text("인수인계", "hand-over")


def anyone_there() -> bool:
    """Is there any account yet? Asked before anybody can sign in, so nobody asks it."""
    return User.objects.exists()


def accounts(reader: Reader) -> QuerySet[User]:
    """Accounts, by name."""
    return User.objects.filter(rules.sees_accounts(reader)).defer("password").order_by("name", "pk")


def account(reader: Reader, pk: int) -> User:
    """One account.

    Raises:
        NotThereError: none that this reader may see.
    """
    found = accounts(reader).filter(pk=pk).first()
    if found is None:
        raise NotThereError(ACCOUNT)
    return found


def tokens(reader: Reader) -> QuerySet[ApiToken]:
    """Tokens, the newest first; never what would let anyone use them."""
    seen = ApiToken.objects.filter(rules.sees_tokens(reader))
    return seen.select_related("owner").defer("digest", "owner__password").order_by("-made_at", "-pk")


def on_duty(at: datetime) -> tuple[Shift, ...]:
    """Who has the watch at `at`, in the order in which they are called; an account that was shut is not called."""
    standing = Shift.objects.filter(starts__lte=at, ends__gt=at, officer__is_active=True, officer__role__in=JUDGES)
    return tuple(standing.select_related("officer").order_by("order", "starts", "pk"))


def rota(reader: Reader, since: datetime, until: datetime) -> QuerySet[Shift]:
    """The watches that touch the time from `since` until `until`."""
    seen = Shift.objects.filter(rules.sees_rota(reader), starts__lt=until, ends__gt=since)
    return seen.select_related("officer").defer("officer__password").order_by("starts", "order", "pk")


def hand_overs(reader: Reader) -> QuerySet[HandOver]:
    """Hand-overs, the newest first."""
    seen = HandOver.objects.filter(rules.sees_hand_overs(reader)).select_related("gives", "takes")
    return seen.defer("gives__password", "takes__password").order_by("-given_at", "-pk")


def audit_lines(
    reader: Reader,
    *,
    act: str = "",
    kind: str = "",
    ref: str = "",
    actor: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[AuditLine]:
    """The trail, the newest line first: of one act, kind of entry, entry or person, from `since` until `until`."""
    asked = {"kind": kind, "ref": ref, "act__startswith": act, "actor": actor, "at__gte": since, "at__lt": until}
    given = {name: value for name, value in asked.items() if value not in {None, ""}}
    lines: QuerySet[AuditLine] = AuditLine.objects.filter(rules.sees_trail(reader), **given)
    return lines.order_by("-seq")
