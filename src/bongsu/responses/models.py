"""Responses: taskings, mission reports with their attachments, standing checks, pasted notices."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from bongsu.alerts.models import Alert
from bongsu.people.events import Event
from bongsu.people.models import GRADES, TLPS

USER = settings.AUTH_USER_MODEL


class Tasking(models.Model):
    """A question that headquarters sends to missions (확인요청).

    Args:
        alert: what it is asked for; null: a question of its own.
        item: id of the item, "" for none.
        deadline: by when; reminders go out before.
        state: open, answered, closed or withdrawn, folded from `events`; version likewise.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="taskings")
    item = models.CharField(max_length=80, blank=True)
    question = models.TextField()
    asked_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    deadline = models.DateTimeField()
    grade = models.PositiveSmallIntegerField(choices=GRADES)
    tlp = models.PositiveSmallIntegerField(choices=TLPS)
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("deadline", "id")

    def __str__(self) -> str:
        return self.question[:60]


class TaskingEvent(Event):
    """One thing that happened to a tasking."""

    of = models.ForeignKey(Tasking, on_delete=models.PROTECT, related_name="events")


class Asked(models.Model):
    """One mission that a tasking asks, and whether it has answered."""

    of = models.ForeignKey(Tasking, on_delete=models.PROTECT, related_name="asked")
    mission = models.CharField(max_length=64, db_index=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("mission",)
        constraints = (models.UniqueConstraint(fields=("of", "mission"), name="responses_asked_once"),)

    def __str__(self) -> str:
        return self.mission


class Report(models.Model):
    """What a mission files (공관보고), or a tip of a firm or an agency abroad that a mission passes on.

    Args:
        mission: whose.
        tasking: what it answers; null: of the mission's own accord.
        alert: what it bears on.
        items: ids.
        place: ISO alpha-3 of the country that it is about.
        title, body: prose; never leaves the database.
        measure: JSON of what was seen: issuer, number, instrument, direction, announced, effective, until, hs_codes.
        bearing: where supply goes by it: tighter, easier, steady; "" for not said.
        observed_on: the day of what was seen.
        origin: who said so: `official`, `press`, `firm`, `agency` (KOTRA and the like), `own`.
        source_name: their name, and `link` to the original.
        offered: the reliability that whoever files it gives its source; the reviewer decides.
        reliability: A–F; credibility: 1–6 (the admiralty scale); "" and null while not graded.
        state: draft, submitted, returned, reviewed or withdrawn, folded from `events`.
        version: the last event that changed it; a text that was kept aside changes nothing.
        reviewer: never the author.
        submitted_at: when it was first filed; null: nobody but its mission has seen it.
        reviewed_at, withdrawn_at: likewise.
        statement: the delivery under which the lake holds its statement; null: not published.
        taken_back: the delivery that withdrew the statement; null: it stands, or never stood.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.CharField(max_length=64, db_index=True)
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    tasking = models.ForeignKey(Tasking, null=True, on_delete=models.PROTECT, related_name="reports")
    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="reports")
    items = models.JSONField(default=list)
    place = models.CharField(max_length=8, blank=True)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    measure = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    bearing = models.CharField(max_length=8, blank=True)
    observed_on = models.DateField(null=True)
    origin = models.CharField(max_length=12, blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=500, blank=True)
    offered = models.CharField(max_length=1, blank=True)
    reliability = models.CharField(max_length=1, blank=True)
    credibility = models.PositiveSmallIntegerField(null=True)
    grade = models.PositiveSmallIntegerField(choices=GRADES)
    tlp = models.PositiveSmallIntegerField(choices=TLPS)
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12)
    submitted_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    statement = models.BigIntegerField(null=True)
    taken_back = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-updated_at", "id")

    def __str__(self) -> str:
        return self.title


class ReportEvent(Event):
    """One thing that happened to a report; a saved draft keeps its whole text, so that nothing typed is lost."""

    of = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="events")


class Attachment(models.Model):
    """A file of a report: type checked by its bytes, kept under its SHA-256 outside the web's reach, never executed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("added_at", "id")

    def __str__(self) -> str:
        return self.name


class StandingCheck(models.Model):
    """A mission's standing duty (상시점검) to look at an item as often as its grade asks.

    Args:
        every: weekly, fortnightly, monthly or quarterly.
        counted_from: from when an answer is awaited; null: since it stands. A check that replaces another goes on counting where that one stood,
            so that a new grade does not make an overdue one look young.
        due_at: the end of the present period on the mission's own clock; folded from `done`.
    """

    mission = models.CharField(max_length=64, db_index=True)
    item = models.CharField(max_length=80)
    every = models.CharField(max_length=12)
    since = models.DateTimeField()
    counted_from = models.DateTimeField(null=True)
    due_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("mission", "item"), condition=models.Q(ended_at=None), name="responses_check_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.mission} {self.item}"


class CheckDone(models.Model):
    """One answer to a standing check. `nil` is 특이동향 없음; otherwise a report says what there is."""

    of = models.ForeignKey(StandingCheck, on_delete=models.PROTECT, related_name="done")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    nil = models.BooleanField()
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class PastedNotice(models.Model):
    """A foreign text that a mission pasted, and what it was answered.

    Args:
        answer: JSON as `bongsu read --json` gives it, as of `at`.
        report: the report that it became.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.CharField(max_length=64, db_index=True)
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    answer = models.JSONField(encoder=DjangoJSONEncoder)
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.text[:60]
