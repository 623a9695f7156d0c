"""The daily work on an alert: what of its checklist is done, and notes."""

from uuid import UUID

from django.db import transaction

from bongsu.alerts.actions.acting import Opened, open_for, said, take
from bongsu.alerts.checklists import entries
from bongsu.alerts.models import Alert
from bongsu.alerts.rules import Step
from bongsu.language import Text
from bongsu.people.errors import InvalidError
from bongsu.people.reader import Actor


@transaction.atomic
def tick(*, by: Actor, alert: UUID, entry: str, seen: int | None = None) -> Alert:
    """Says that an entry of the checklist (조치사항) is done; saying it twice changes nothing."""
    opened = open_for(by, alert, seen, Step.TICK)
    known = {one.id for one in entries()}
    if entry not in known:
        raise InvalidError(_NO_ENTRY, where=entry[:80])
    return opened.row if _ticked(opened, entry) else take(opened, by, Step.TICK, entry=entry)


@transaction.atomic
def untick(*, by: Actor, alert: UUID, entry: str, seen: int | None = None) -> Alert:
    """Says that it is not done after all."""
    opened = open_for(by, alert, seen, Step.UNTICK)
    return take(opened, by, Step.UNTICK, entry=entry) if _ticked(opened, entry) else opened.row


@transaction.atomic
def note(*, by: Actor, alert: UUID, text: str, seen: int | None = None) -> Alert:
    """Adds a note, for those who handle alerts; also to one that has ended.

    Raises:
        InvalidError: it is empty or too long.
    """
    kept = said(text, _NOTE)
    return take(open_for(by, alert, seen, Step.NOTE), by, Step.NOTE, text=kept)


def _ticked(opened: Opened, entry: str) -> bool:
    return opened.standing is not None and entry in opened.standing.ticks


_NOTE = Text("메모", "note")
_NO_ENTRY = Text("그런 조치사항이 없습니다.", "there is no such entry in the checklist.")
