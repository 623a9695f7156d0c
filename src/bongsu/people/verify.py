"""Is the audit trail whole? Reads it line by line as the database stores it, beside the anchors kept elsewhere.

Found: an edit of any byte of any column, and a line taken out, put in or doubled, at the beginning, in the middle or
at the tail; the tail also where the head's own row was set back with it, as far as the anchors reach.
"""

import heapq
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import BinaryField
from django.db.models.functions import Cast

from bongsu.language import Text
from bongsu.people.anchors import Anchor, anchors_in
from bongsu.people.audit import SEALED, seal
from bongsu.people.models import AuditHead, AuditLine

MOST_FAULTS = 1000  # more would say nothing new
_CHUNK = 2000
_COLUMNS = (*SEALED, "mac")


@dataclass(frozen=True)
class Fault:
    """One place where the trail is not what was written.

    Args:
        seq: the line's number; of an anchor, the line that it speaks of.
        what: what is wrong there.
    """

    seq: int
    what: Text


@dataclass(frozen=True)
class _Kept:
    """A line as stored; -1 for a number that is none."""

    seq: int
    mac: str
    facts: Mapping[str, Any]


def verify(key: bytes, anchors: Path) -> tuple[Fault, ...]:
    """What is wrong with the trail; empty: it is whole.

    Args:
        key: the installation's audit key.
        anchors: the file of anchors.
    """
    head, size = _now(anchors)
    noted = (anchors_in(anchors, size), anchors_in(anchors, size))
    faults = chain(_anchor_faults(noted[0], key, head), _line_faults(noted[1], key, head))
    return tuple(islice(faults, MOST_FAULTS))


@transaction.atomic
def _now(file: Path) -> tuple[AuditHead, int]:
    """The head and the anchors' size at one moment: whoever adds an anchor holds the head's row as they do."""
    head = AuditHead.objects.select_for_update().filter(pk=1).first() or AuditHead()
    return head, file.stat().st_size if file.is_file() else 0


def _anchor_faults(noted: Iterator[Anchor | None], key: bytes, head: AuditHead) -> Iterator[Fault]:
    """Are the anchors themselves whole, and as many as the database counted?"""
    number, before, counted = 0, "", head.anchors == 0
    for anchor in noted:
        if anchor is None:  # torn, which the count and the chain show if it hides one
            continue
        if not anchor.is_sealed(key):
            yield Fault(anchor.seq, Text("바깥 사본이 위조되었습니다.", "the anchor is forged."))
            continue
        if anchor.number != number + 1 or anchor.before != before:
            yield Fault(anchor.seq, Text("이 앞의 바깥 사본이 없습니다.", "anchors before this one are gone."))
        number, before = anchor.number, anchor.seal
        counted = counted or (number, before) == (head.anchors, head.anchor)
    if not counted:
        yield Fault(head.seq, Text("바깥 사본이 적은 만큼 없습니다.", "there are fewer anchors than were written."))
    if number > head.anchors + 1:  # one more is a power cut between the file and the database
        yield Fault(
            head.seq, Text("데이터베이스가 바깥 사본보다 옛것입니다.", "the database is older than its anchors.")
        )


def _line_faults(noted: Iterator[Anchor | None], key: bytes, head: AuditHead) -> Iterator[Fault]:
    """The lines one after the other, each against the one before and against the anchors that speak of it."""
    anchors = (one for one in noted if one is not None and one.is_sealed(key))
    last, head_stands = _Kept(0, "", {}), head.seq == 0
    entries: Iterator[_Kept | Anchor] = heapq.merge(_lines(), anchors, key=lambda one: one.seq)
    for one in entries:  # a line comes before the anchors of its number
        if isinstance(one, Anchor):
            if (one.seq, one.mac) != (last.seq, last.mac):
                yield Fault(
                    one.seq, Text("바깥에 적어 둔 줄이 없습니다.", "the line that an anchor remembers is gone.")
                )
            continue
        yield from _compared(one, last, key)
        head_stands = head_stands or (one.seq, one.mac) == (head.seq, head.mac)
        last = one
    if not head_stands:
        yield Fault(head.seq, Text("마지막 줄이 없습니다.", "the last line is gone."))
    if last.seq > (AuditHead.objects.filter(pk=1).values_list("seq", flat=True).first() or 0):
        yield Fault(last.seq, Text("마지막 줄 뒤에 줄이 더 있습니다.", "it stands after the last line."))


def _compared(line: _Kept, last: _Kept, key: bytes) -> Iterator[Fault]:
    if line.seq != last.seq + 1:
        yield Fault(line.seq, Text(f"{last.seq}번의 다음 줄이 아닙니다.", f"it does not follow line {last.seq}."))
    if not hmac.compare_digest(seal([last.mac, line.facts], key), line.mac.encode("ascii", "replace").decode()):
        yield Fault(line.seq, Text("쓴 그대로가 아닙니다.", "it is not as it was written."))


def _lines() -> Iterator[_Kept]:
    """Every line, in order, a few thousand at a time."""
    raw = connection.vendor == "sqlite"  # which stores whatever it is given, in any column
    columns = [Cast(name, BinaryField()) if raw else name for name in _COLUMNS]
    for row in AuditLine.objects.order_by("seq").values_list(*columns).iterator(chunk_size=_CHUNK):
        read = [_read(name, value) for name, value in zip(_COLUMNS, row, strict=True)] if raw else row
        facts = dict(zip(_COLUMNS, read, strict=True))
        if isinstance(facts["at"], datetime):
            facts["at"] = facts["at"].astimezone(UTC).isoformat(timespec="microseconds")
        mac = str(facts.pop("mac"))
        yield _Kept(facts["seq"] if isinstance(facts["seq"], int) else -1, mac, facts)


def _read(name: str, stored: bytes | None) -> int | datetime | str | None:
    """A column's bytes as what was written; as text where they are not exactly that, which no seal fits."""
    if stored is None:
        return None
    text = stored.decode("utf-8", "surrogateescape")
    if name in {"seq", "actor"} and text.removeprefix("-").isdecimal() and str(int(text)) == text:
        return int(text)
    if name == "at":
        return _moment(text) or text
    return text


def _moment(text: str) -> datetime | None:
    """A time as Django writes it into SQLite, and in no other of its spellings."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None and str(read) == text else None
