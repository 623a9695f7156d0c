"""Alerts: their events, evidence, those concerned and told, releases, and the projections that lists read."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from bongsu.people.events import AppendOnlyQuerySet, Event
from bongsu.people.models import GRADES, TLPS

USER = settings.AUTH_USER_MODEL
ACCOUNTABLE_FROM = 3  # from three fires on somebody answers for an alert by name


class Alert(models.Model):
    """A warning that people handle (조기경보 건).

    All but the first five fields are folded from `events` and can be rebuilt from them; they stand here so that a list
    of thousands is one query.

    Args:
        subject: the item's id.
        open_for: the subject while the alert is open, null afterwards: one open alert a subject.
        grade, tlp: the highest marking of its evidence.
        raised_at: when it was raised.
        version: the last event's `seq`; whoever acts names the one they have seen.
        state: one of `rules.State`.
        level: 1–5, as it counts; null: it cannot be given, which is not calm.
        watch_level: the watch's own; another than `level` only while a person's override stands.
        issued_at: when it was last issued. It stays when the alert is closed, withdrawn or reopened: who was told keeps
            seeing it. Null: never.
        closed_at: when it was closed or otherwise ended; null: it is open.
        owner: who answers for it. Null only below three fires, or where there is nobody (`unattended`).
        acknowledged_at: when its owner said that they have it, at the present level; null: not yet.
        due_at: by when that must happen before it is escalated; null: nothing is awaited.
        into: the alert that it was merged into or superseded by.
        updated_at: of the last event.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=80, db_index=True)
    open_for = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001 - null, so that closed ones do not collide
    grade = models.PositiveSmallIntegerField(choices=GRADES)
    tlp = models.PositiveSmallIntegerField(choices=TLPS)
    raised_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12)
    level = models.PositiveSmallIntegerField(null=True)
    watch_level = models.PositiveSmallIntegerField(null=True)
    issued_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = (models.F("level").desc(nulls_last=True), "-updated_at", "id")
        indexes = (models.Index(fields=("state", "-level", "-updated_at")),)

    def __str__(self) -> str:
        return f"{self.subject} {self.state}"

    @property
    def overridden(self) -> bool:
        """Does a person's level stand in the place of the watch's own?"""
        return self.level != self.watch_level

    @property
    def unattended(self) -> bool:
        """Is it open at three fires or more, and nobody there to answer for it? To be shown loudly."""
        return self.open_for is not None and (self.level or 0) >= ACCOUNTABLE_FROM and self.owner_id is None


class AlertEvent(Event):
    """One thing that happened to an alert; its kinds stand in `rules`."""

    of = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="events")


class AlertEvidence(models.Model):
    """The warning behind an alert as the watch saw it: frozen when raised, and again whenever it changed.

    Args:
        seq: the event that brought it.
        digest: SHA-256 of `warning`, so that an unchanged one is not stored again.
        warning: the warning as `fusion` gave it, JSON; its record references lead to the raw bytes.
    """

    of = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="evidence")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    warning = models.JSONField(encoder=DjangoJSONEncoder)

    objects: ClassVar[models.Manager["AlertEvidence"]] = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        ordering = ("seq",)
        constraints = (models.UniqueConstraint(fields=("of", "seq"), name="alerts_evidence_once"),)

    def __str__(self) -> str:
        return self.digest[:12]


class Concern(models.Model):
    """A unit that an alert concerns, by which rule, and why (경로).

    Args:
        unit: `mission:ID`, `desk:ID`, `ministry:ID` or `user:PK`.
        rule: the routing rule's id.
        why_ko, why_en: its reason, in a sentence.
        seq: the event since which it holds.
    """

    of = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="concerns")
    unit = models.CharField(max_length=80, db_index=True)
    rule = models.CharField(max_length=60)
    why_ko = models.TextField()
    why_en = models.TextField()
    seq = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["Concern"]] = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        ordering = ("seq", "unit")
        constraints = (models.UniqueConstraint(fields=("of", "unit"), name="alerts_concern_once"),)

    def __str__(self) -> str:
        return self.unit


class Telling(models.Model):
    """That a unit is told of an alert at a level: the intent, once; the ways out carry it.

    Args:
        level: 0 while the level could not be given.
        not_before: after the receiver's quiet hours; null: at once.
    """

    of = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="tellings")
    unit = models.CharField(max_length=80, db_index=True)
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    seq = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["Telling"]] = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        ordering = ("seq", "unit")
        constraints = (models.UniqueConstraint(fields=("of", "unit", "level"), name="alerts_told_once"),)

    def __str__(self) -> str:
        return f"{self.unit} {self.level}"


class Subscription(models.Model):
    """What a company asked to hear of: its own HS codes and items."""

    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="subscriptions")
    hs_codes = models.JSONField(default=list)
    items = models.JSONField(default=list)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.owner} {self.hs_codes} {self.items}"


class Release(models.Model):
    """A text for companies (기업 배포문): drafted by one person, approved by another. All that a company ever sees.

    Never holds the level, the probability or anything of a mission's report.

    Args:
        items, hs_codes: which subscribers it is for.
        body_ko, body_en: the text; obligation, deadline, link to the original, alternatives.
        state: draft, approved or withdrawn, folded from `events`; version likewise.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="releases")
    items = models.JSONField(default=list)
    hs_codes = models.JSONField(default=list)
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    obligation_ko = models.TextField()
    obligation_en = models.TextField()
    deadline = models.DateField(null=True)
    original = models.URLField(max_length=500, blank=True)
    alternatives_ko = models.TextField(blank=True)
    alternatives_en = models.TextField(blank=True)
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12)
    published_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-updated_at", "id")

    def __str__(self) -> str:
        return self.title_ko


class ReleaseEvent(Event):
    """One thing that happened to a release."""

    of = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="events")


class Cycle(models.Model):
    """One turn of the watch: fetch → records → indicators → detectors → fusion → raise.

    Args:
        moment: as of when it judged; one finished turn a moment.
        finished_at: null while it runs, or where it died: the next one takes its place.
        counts: raised, risen, fallen, unchanged, by JSON name.
        said: what went wrong, both languages, empty where nothing did.
    """

    moment = models.DateTimeField()
    run_id = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    said = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-started_at",)

    def __str__(self) -> str:
        return self.run_id


class Job(models.Model):
    """Something that runs by itself, and the lease of whoever runs it: one worker at a time, on all machines together.

    Args:
        due_at: when it is to run next.
        holder: the worker that has it, "" for none; who writes for it proves that it is still theirs.
        until: when the lease lapses, unless its holder renews it: a dead one does not.
        finished_at: when it last ran to its end; null: never.
        said: what went wrong the last time, both languages; empty where nothing did.
    """

    name = models.CharField(max_length=40, primary_key=True)
    due_at = models.DateTimeField()
    holder = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    said = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("name",)

    def __str__(self) -> str:
        return self.name
