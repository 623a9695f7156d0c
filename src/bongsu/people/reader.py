"""Who asks, and who acts: what the query layer scopes by, and what an action writes into the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bongsu.people.markings import Grade, Tlp
from bongsu.people.roles import JUDGES, Role


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who asks for rows.

    Args:
        user: primary key; None: a task of ours (`TASK`), or nobody.
        role: what they are; None sees nothing.
        mission, desk, ministry: ids in the network, "" where they have none.
        grade: the gravest grade that they may read.
        tlp: the narrowest sharing that they are part of.
    """

    user: int | None
    role: Role | None
    mission: str = ""
    desk: str = ""
    ministry: str = ""
    grade: Grade = Grade.O
    tlp: Tlp = Tlp.CLEAR

    @property
    def units(self) -> tuple[str, ...]:
        """What they stand for, as routing names it: `mission:chn_beijing`, `desk:…`, `ministry:…`, `user:17`."""
        named = (("mission", self.mission), ("desk", self.desk), ("ministry", self.ministry))
        own = tuple(f"{kind}:{name}" for kind, name in named if name)
        return own if self.user is None else (*own, f"user:{self.user}")

    @property
    def judges(self) -> bool:
        """Do they see every unit's entries?"""
        return self.role in JUDGES

    @property
    def cleared(self) -> Q:
        """Rows whose markings let this reader have them."""
        return Q(grade__lte=self.grade, tlp__lte=self.tlp)


NOBODY = Reader(user=None, role=None)
NOTHING = Q(pk__in=())  # the condition that no row meets: what is not allowed is not there


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody who acts, once.

    Args:
        reader: who.
        at: when, UTC; the clock of every action.
        address: from where, "" for a task.
        via: web, api, cli or task.
        why: the reason given, "" for none.
    """

    reader: Reader
    at: datetime
    address: str = ""
    via: str = "web"
    why: str = ""


def task(at: datetime) -> Actor:
    """A task of ours: sees all, and the trail says that it was no person."""
    return Actor(reader=Reader(user=None, role=Role.CENTRE, grade=Grade.C, tlp=Tlp.RED), at=at, via="task")
