"""The audit trail: a chain of lines, each sealed with the one before it, that no one can edit or shorten unseen.

A line's `mac` is HMAC-SHA256 (FIPS 198-1) under the installation's key over the line's canonical JSON and the mac of
the line before. The head is also written outside the database (`anchors`), so that cutting the tail shows as well.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import transaction

from bongsu.people.models import AuditHead, AuditLine
from bongsu.people.reader import Actor

SEALED = ("seq", "at", "actor", "role", "address", "via", "act", "kind", "ref", "why", "facts")


def seal(facts: object, key: bytes) -> str:
    """HMAC-SHA256 over the canonical JSON of `facts`, hexadecimal."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), default=str)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def sealed(line: AuditLine, before: str, key: bytes) -> str:
    """The mac of a line that follows the mac `before`."""
    facts = {name: getattr(line, name) for name in SEALED}
    facts["at"] = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    return seal([before, facts], key)


@transaction.atomic
def write_line(by: Actor, act: str, kind: str, ref: object = "", **details: Any) -> AuditLine:  # noqa: ANN401 - JSON
    """Add a line; in the transaction of the action itself, as its last step: writers wait for one another here.

    Args:
        by: who, when, from where, why.
        act: what was done, `alert.issue`.
        kind: to what sort of entry.
        ref: the entry's id.
        details: JSON, the rest; no secrets, no prose of reports.
    """
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
    line = AuditLine(
        seq=head.seq + 1,
        at=by.at,
        actor=by.reader.user,
        role=by.reader.role or "",
        address=_kept(by.address, 45),
        via=by.via,
        act=act,
        kind=kind,
        ref=_kept(str(ref), 64),
        why=_kept(by.why),
        facts=_canonical(details),
    )
    line.mac = sealed(line, head.mac, settings.AUDIT_KEY)
    line.save(force_insert=True)
    head.seq, head.mac = line.seq, line.mac
    head.save(update_fields=("seq", "mac"))
    return line


def _kept(told: str, most: int | None = None) -> str:
    """Text as every database can keep it: no NUL, no half of a character, no longer than its column."""
    return told.encode("utf-8", "replace").decode().replace("\0", "�")[:most]


def _canonical(details: Mapping[str, Any]) -> str:
    return json.dumps(details, sort_keys=True, separators=(",", ":"), default=str)
