"""What every act on an alert shares: found through the reader's scope, checked, written as an event, folded, audited."""

import unicodedata
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bongsu.alerts import rules, telling
from bongsu.alerts.fold import Standing, fold, projection
from bongsu.alerts.fold import step as folded
from bongsu.alerts.models import Alert, AlertEvent, Concern, Telling
from bongsu.alerts.rules import ALERT, NEEDS_REASON, Step
from bongsu.language import Text
from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.events import check_seen
from bongsu.people.reader import Actor, Reader

MOST_SAID = 4000  # characters of a reason or a note
_TURNS = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)  # they make a text read otherwise than it is


@dataclass(frozen=True)
class Opened:
    """An alert that is locked for one act, and how it stands; None: this act makes it."""

    row: Alert
    standing: Standing | None


def open_for(by: Actor, alert: UUID, seen: int | None, step: Step) -> Opened:
    """Locks an alert for a step, in the caller's transaction.

    Raises:
        NotThereError: there is none that this reader may see.
        DeniedError, OutOfStepError, StaleError, InvalidError: the step cannot be taken.
    """
    row = locked(by.reader, alert)
    if (why := rules.refusal(by.reader, step, row)) is not None:
        raise DeniedError(why)
    check_seen(row.version, seen)
    if (why := rules.blocked(step, row)) is not None:
        raise OutOfStepError(why)
    if step in NEEDS_REASON:
        said(by.why, _WHY)
    return Opened(row, standing_of(row))


def locked(reader: Reader, alert: UUID) -> Alert:
    """An alert that this reader may see, locked until the transaction ends."""
    row = Alert.objects.select_for_update(of=("self",)).filter(rules.visible(reader), pk=alert).first()
    if row is None:
        raise NotThereError(ALERT)
    return row


def standing_of(row: Alert) -> Standing:
    """How an alert stands, from its events."""
    standing = fold(row.events.order_by("seq"))
    if standing is None:
        raise NotThereError(ALERT)
    return standing


def take(opened: Opened, by: Actor, step: Step, **data: Any) -> Alert:  # noqa: ANN401 - JSON
    """Appends the event, folds it into the row, and writes the audit line."""
    by = replace(by, why=said(by.why, _WHY) if legible(by.why) else "")
    event = write_event(opened, by, step, data)
    row = opened.row
    before = {"was": opened.standing.state, "was_level": opened.standing.level} if opened.standing else {}
    write_line(by, f"alert.{step}", "alert", row.id, seq=event.seq, state=row.state, **_short(event.data), **before)
    return row


def write_event(opened: Opened, by: Actor, step: Step, data: Mapping[str, Any]) -> AlertEvent:
    """Appends an event with all that follows from it, and brings row, concerns and tellings up to it."""
    row, before = opened.row, opened.standing
    event = AlertEvent(
        of=row,
        seq=before.version + 1 if before else 1,
        at=max(by.at, before.updated_at) if before else by.at,  # a clock that was set back reorders nothing
        kind=step,
        actor_id=by.reader.user,
        via=by.via,
        data={**data, **({"why": by.why} if by.why else {})},
    )
    event.data = {**event.data, **_following(folded(before, event), event)}
    _project(row, folded(before, event))
    _save(row, event, opens=step in _OPENS)
    _write_concerns(row, event)
    _write_tellings(row, event)
    return event


def _save(row: Alert, event: AlertEvent, *, opens: bool) -> None:
    """Row and event; where this opens an alert, another that is open for the subject refuses it."""
    try:
        with transaction.atomic() if opens else nullcontext():
            row.save()
            event.save(force_insert=True)
    except IntegrityError:
        if not opens:
            raise
        raise OutOfStepError(OTHER_OPEN) from None


def _following(draft: Standing, event: AlertEvent) -> dict[str, Any]:
    """Who answers, by when, and who is told; what the act itself decided about the owner stands."""
    if "owner" not in event.data:
        return telling.complete(draft, event.at)
    given = event.data["owner"]
    return telling.tell(draft, event.at, also=() if given is None else (given,))


def _project(row: Alert, standing: Standing) -> None:
    for name, value in projection(row.subject, standing).items():
        setattr(row, name, value)


def _write_concerns(row: Alert, event: AlertEvent) -> None:
    Concern.objects.bulk_create(
        Concern(of=row, unit=one["unit"], rule=one["rule"], why_ko=one["why_ko"], why_en=one["why_en"], seq=event.seq)
        for one in event.data.get("concerns", ())
    )


def _write_tellings(row: Alert, event: AlertEvent) -> None:
    Telling.objects.bulk_create(
        Telling(
            of=row,
            unit=one["unit"],
            level=one["level"],
            at=event.at,
            not_before=datetime.fromisoformat(one["not_before"]) if one["not_before"] else None,
            seq=event.seq,
        )
        for one in event.data.get("told", ())
    )


def said(text: str, field: Text) -> str:
    """A text that a person typed.

    Raises:
        InvalidError: there is none, or too much of it.
    """
    kept = legible(text)
    if not kept:
        raise InvalidError(Text(f"{field.ko}을(를) 적지 않았습니다.", f"there is no {field.en}."), mend=_WRITE)
    if len(kept) > MOST_SAID:
        raise InvalidError(
            Text(f"{field.ko}이(가) 너무 깁니다.", f"the {field.en} is too long."),
            mend=Text(f"{MOST_SAID}자 이내로 줄이십시오.", f"Shorten it to {MOST_SAID} characters."),
        )
    return kept


def legible(text: str) -> str:
    """A text as it was typed, but for what would make it read otherwise than it is."""
    return "".join(one for one in text if one in "\n\t" or _shown(one)).strip()


def _shown(one: str) -> bool:
    return one not in _TURNS and unicodedata.category(one) not in {"Cc", "Cs"}


def _short(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of an event the trail keeps: no prose."""
    return {
        name: data[name] for name in ("level", "owner", "into", "entry", "evidence", "grade", "tlp") if name in data
    }


_OPENS = frozenset({Step.RAISE, Step.REOPEN})
_WHY = Text("사유", "reason")
_WRITE = Text("적은 뒤 다시 하십시오.", "Write it and repeat.")
OTHER_OPEN = Text("이 품목의 다른 건이 열려 있습니다.", "another alert on this item is open.")
