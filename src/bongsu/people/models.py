"""People: accounts, tokens, the duty rota, and the audit trail."""

import json
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from bongsu.people.events import AppendOnlyQuerySet
from bongsu.people.markings import Grade, Tlp
from bongsu.people.reader import Reader
from bongsu.people.roles import ROLE_NAMES, Role

ROLES = [(role.value, ROLE_NAMES[role].ko) for role in Role]
GRADES = [(grade.value, grade.name) for grade in Grade]
TLPS = [(tlp.value, tlp.label) for tlp in Tlp]


class Users(BaseUserManager["User"]):
    """Accounts, found by their sign-in name."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account that signs in as `username`, whatever its case."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person's account (계정).

    Args:
        username: what they sign in with.
        name: what others read.
        role: one of `Role`.
        mission, desk, ministry: ids in the network, "" where they have none; ministry also for a partner.
        organisation: of a company subscriber or a partner outside the government, in their own words.
        grade: the gravest grade they may read; `tlp`: the narrowest sharing they are part of.
        language: ko or en.
        zone: IANA, of the place where they work.
        quiet_from, quiet_until: hours on their own clock in which only what cannot wait reaches them.
        joined_at: when the account was made.
    """

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=ROLES)
    mission = models.CharField(max_length=64, blank=True)
    desk = models.CharField(max_length=64, blank=True)
    ministry = models.CharField(max_length=64, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    grade = models.PositiveSmallIntegerField(choices=GRADES, default=Grade.O)
    tlp = models.PositiveSmallIntegerField(choices=TLPS, default=Tlp.GREEN)
    language = models.CharField(max_length=2, choices=[("ko", "한국어"), ("en", "English")], default="ko")
    zone = models.CharField(max_length=40, default="Asia/Seoul")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def reader(self) -> Reader:
        """What the query layer scopes by; an account that was shut off sees nothing."""
        return Reader(
            user=self.pk,
            role=Role(self.role) if self.is_active else None,
            mission=self.mission,
            desk=self.desk,
            ministry=self.ministry,
            grade=Grade(self.grade),
            tlp=Tlp(self.tlp),
        )


class ApiToken(models.Model):
    """A key for programs. Only its SHA-256 is kept; it may do no more than its owner, and only what `scopes` names.

    Args:
        scopes: `read`, and `write` for actions.
        prefix: its first letters, by which its owner tells it from others.
        revoked_at, last_used_at: None: not yet.
    """

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    label = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}… {self.label}"


class Shift(models.Model):
    """A watch on the duty rota (당직): who answers for what nobody else does, from when until when.

    Args:
        order: 1 is called first, 2 when 1 does not answer, and so on.
    """

    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("starts", "order")
        indexes = (models.Index(fields=("starts", "ends")),)
        constraints = (
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="shift_ends_after_start"),
        )

    def __str__(self) -> str:
        return f"{self.officer} {self.starts:%Y-%m-%d %H:%M}"


class HandOver(models.Model):
    """A hand-over (인수인계) of the watch: what the one who leaves tells the one who comes; taken over when they say so."""

    gives = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    takes = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    note = models.TextField()
    given_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-given_at",)

    def __str__(self) -> str:
        return f"{self.gives} → {self.takes}"


class AuditLine(models.Model):
    """One line of the audit trail: who, when, from where, what, to what, why. Chained: `mac` covers the line before.

    Args:
        seq: 1, 2, 3 … without a gap.
        actor: the account's primary key as a number, so that the trail outlives the account; None: a task.
        act: what was done, `alert.issue`.
        kind, ref: to what: `alert`, its id.
        facts: the rest, canonical JSON as text, so that what is read back is byte for byte what was sealed.
        mac: HMAC-SHA256 over this line and the mac before it, hexadecimal.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.BigIntegerField(null=True)
    role = models.CharField(max_length=16, blank=True)
    address = models.CharField(max_length=45, blank=True)
    via = models.CharField(max_length=8)
    act = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    ref = models.CharField(max_length=64, blank=True)
    why = models.TextField(blank=True)
    facts = models.TextField(default="{}")
    mac = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Any]] = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        ordering = ("seq",)
        indexes = (models.Index(fields=("kind", "ref")), models.Index(fields=("actor",)), models.Index(fields=("at",)))

    def __str__(self) -> str:
        return f"{self.seq} {self.act}"

    @property
    def details(self) -> dict[str, Any]:
        """The rest of what was done; no secrets, no prose of reports."""
        return dict(json.loads(self.facts))


class AuditHead(models.Model):
    """The chain's last line, in the one row that every writer locks: lines are numbered one after the other.

    Args:
        anchors: how many copies of the head were written outside the database, the last of them sealed `anchor`.
    """

    seq = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, blank=True)
    anchors = models.PositiveBigIntegerField(default=0)
    anchor = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.seq)
