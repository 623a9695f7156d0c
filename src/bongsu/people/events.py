"""Append-only events: what the state of an alert, a report or a tasking is folded from, readable as of any moment."""

from typing import Any, ClassVar, NoReturn, TypeVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from bongsu.people.errors import StaleError

_E = TypeVar("_E", bound="Event")


class AppendOnlyQuerySet(models.QuerySet[_E]):
    """Rows that are written once: a change is a new row."""

    def update(self, **_kwargs: Any) -> NoReturn:  # noqa: ANN401 - Django's signature
        """Refused."""
        raise TypeError(f"{self.model.__name__} rows are never changed")

    def delete(self) -> NoReturn:
        """Refused."""
        raise TypeError(f"{self.model.__name__} rows are never deleted")


class Event(models.Model):
    """One thing that happened to an entry. A subclass adds `of`, the foreign key to the entry, related as `events`.

    Args:
        seq: 1, 2, 3 … within the entry; the entry's `version` is its last one.
        at: when, UTC.
        kind: what happened, one of the app's declared kinds.
        actor: who did it; None: a task of ours.
        via: web, api, cli or task.
        data: the rest, by kind.
    """

    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=8)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects: ClassVar[models.Manager[Any]] = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:  # noqa: D106 - it says what Django says it does
        abstract = True
        ordering = ("seq",)
        constraints = (models.UniqueConstraint(fields=("of", "seq"), name="%(app_label)s_%(class)s_once"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


def check_seen(version: int, seen: int | None) -> None:
    """Does whoever acts know the entry's newest version? None: the act does not depend on it.

    Raises:
        StaleError: it moved on.
    """
    if seen is not None and seen != version:
        raise StaleError(seen, version)
