"""Files of a report: checked, kept under their SHA-256 outside the web's reach, never executed."""

import hashlib
import os
import tempfile
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bongsu.language import Text
from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.reader import Actor
from bongsu.responses import files, fold, rules
from bongsu.responses.actions.ledger import add_to_report, doer, locked_report, seen_report
from bongsu.responses.models import Attachment, Report
from bongsu.responses.states import ReportKind, Step
from bongsu.responses.store import place_of

MOST_FILES = 20


def attach(*, by: Actor, report: UUID, name: str, content: bytes) -> Attachment:
    """Attach a file to a report that is being written; the same file again is attached once.

    Raises:
        NotThereError, DeniedError, OutOfStepError: as everywhere.
        InvalidError: the file is empty, too large, or of a type that is not taken (`files.checked`).
    """
    _writable(by, seen_report(by, report), Step.ATTACH)  # whoever may not is told before the file is looked into
    clean, kind = files.checked(name, content, settings.MOST_ATTACHMENT)
    return _attached(by, report, clean, kind, content)


@transaction.atomic
def _attached(by: Actor, report: UUID, clean: str, kind: files.Kind, content: bytes) -> Attachment:
    row = _writable(by, locked_report(by, report), Step.ATTACH)
    digest = hashlib.sha256(content).hexdigest()
    held = list(row.attachments.filter(removed_at=None))
    same = next((one for one in held if (one.sha256, one.name) == (digest, clean)), None)
    if same is not None:
        return same
    if len(held) >= MOST_FILES:
        raise InvalidError(
            Text(f"파일은 {MOST_FILES}개까지입니다.", f"a report holds at most {MOST_FILES} files."), where="file"
        )
    _kept(place_of(digest), content)
    made = Attachment.objects.create(
        of=row,
        name=clean,
        media_type=kind.media_type,
        size=len(content),
        sha256=digest,
        added_by_id=doer(by),
        added_at=by.at,
    )
    add_to_report(row, by, ReportKind.ATTACHED, attachment=str(made.pk), sha256=digest)
    write_line(by, "report.attach", "report", row.id, attachment=made.pk, sha256=digest, size=len(content))
    return made


@transaction.atomic
def detach(*, by: Actor, report: UUID, attachment: UUID) -> Attachment:
    """Take a file off a report that is being written; what was filed before keeps it.

    Raises:
        NotThereError, DeniedError, OutOfStepError: as everywhere.
    """
    row = _writable(by, locked_report(by, report), Step.DETACH)
    held = row.attachments.filter(pk=attachment, removed_at=None).first()
    if held is None:
        raise NotThereError(Text("첨부 파일", "attachment"))
    held.removed_at = by.at
    held.save(update_fields=("removed_at",))
    add_to_report(row, by, ReportKind.DETACHED, attachment=str(held.pk))
    write_line(by, "report.detach", "report", row.id, attachment=held.pk)
    return held


def _writable(by: Actor, row: Report, step: Step) -> Report:
    wrote = by.reader.user in fold.report(row.events.all()).wrote
    why = rules.may_report(by.reader, step, mission=row.mission, author=row.author_id, wrote=wrote)
    if why is not None:
        raise DeniedError(why)
    if rules.after_report(step, row.state) is None:
        raise OutOfStepError(rules.OUT_OF_STEP)
    return row


def _kept(place: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by nobody else."""
    if place.exists():
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=place.parent, suffix=".part")  # made with 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(part).replace(place)
    finally:
        Path(part).unlink(missing_ok=True)
