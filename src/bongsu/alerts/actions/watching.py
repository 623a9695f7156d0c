"""What the watch does: raises an alert, and brings what it sees to one that is open."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bongsu.alerts.actions.acting import OTHER_OPEN, Opened, open_for, standing_of, take
from bongsu.alerts.evidence import digest, marks_of
from bongsu.alerts.fold import Standing
from bongsu.alerts.models import Alert, AlertEvidence
from bongsu.alerts.routing.shapes import Concerned
from bongsu.alerts.rules import LEVELS, Step, refusal, visible
from bongsu.language import Text
from bongsu.people.errors import DeniedError, InvalidError, OutOfStepError
from bongsu.people.markings import Grade, Tlp
from bongsu.people.reader import Actor


@transaction.atomic
def raise_alert(
    *,
    by: Actor,
    warning: Mapping[str, Any],
    level: int | None,
    grade: Grade,
    tlp: Tlp,
    concerns: Sequence[Concerned],
) -> Alert:
    """Raises an alert, its evidence frozen; where one is open for the subject, brings the warning to that one instead.

    Raises:
        InvalidError: a marking above this installation's, no subject, or a level that is none.
        DeniedError: not for this actor.
        OutOfStepError: the one that is open is marked above what this actor may see.
    """
    marks = _highest(marks_of(warning), (grade, tlp))
    subject = _checked(warning, level, marks[0])
    if (why := refusal(by.reader, Step.RAISE, Alert())) is not None:
        raise DeniedError(why)
    there = _open(subject)
    if there is None:
        try:
            return _raised(by, subject, warning, level=level, marks=marks, concerns=concerns)
        except OutOfStepError:  # somebody else raised it at this very moment
            there = _open(subject)
            if there is None:
                raise
    if not Alert.objects.filter(visible(by.reader), pk=there.pk).exists():
        raise OutOfStepError(OTHER_OPEN)
    return _observed(by, Opened(there, standing_of(there)), warning, level, marks, concerns)


@transaction.atomic
def observe(
    *,
    by: Actor,
    alert: UUID,
    warning: Mapping[str, Any],
    level: int | None,
    concerns: Sequence[Concerned],
    seen: int | None = None,
) -> Alert:
    """Brings what the watch sees now to an open alert: evidence, level, those newly concerned. Nothing new: no event.

    Raises:
        NotThereError, DeniedError, OutOfStepError, StaleError: the step cannot be taken.
        InvalidError: a marking above this installation's, or a level that is none.
    """
    marks = marks_of(warning)
    _checked(warning, level, marks[0])
    return _observed(by, open_for(by, alert, seen, Step.OBSERVE), warning, level, marks, concerns)


def _highest(one: tuple[Grade, Tlp], other: tuple[Grade, Tlp]) -> tuple[Grade, Tlp]:
    return Grade(max(one[0], other[0])), Tlp(max(one[1], other[1]))


def _open(subject: str) -> Alert | None:
    return Alert.objects.select_for_update(of=("self",)).filter(open_for=subject).first()


def _raised(
    by: Actor,
    subject: str,
    warning: Mapping[str, Any],
    *,
    level: int | None,
    marks: tuple[Grade, Tlp],
    concerns: Sequence[Concerned],
) -> Alert:
    row = Alert(subject=subject, raised_at=by.at)
    facts = {"level": level, "grade": marks[0], "tlp": marks[1], "evidence": digest(warning)}
    with transaction.atomic():
        take(Opened(row, None), by, Step.RAISE, **facts, concerns=_as_data(concerns, ()))
        _keep(row, warning)
    return row


def _observed(
    by: Actor,
    opened: Opened,
    warning: Mapping[str, Any],
    level: int | None,
    marks: tuple[Grade, Tlp],
    concerns: Sequence[Concerned],
) -> Alert:
    row, standing = opened.row, opened.standing
    news = _news(standing, warning, level, marks, concerns) if standing else {}
    if not news:
        return row
    take(opened, by, Step.OBSERVE, **news)
    if "evidence" in news:
        _keep(row, warning)
    return row


def _news(
    standing: Standing,
    warning: Mapping[str, Any],
    level: int | None,
    marks: tuple[Grade, Tlp],
    concerns: Sequence[Concerned],
) -> dict[str, Any]:
    """What differs from what is known: nothing else is written."""
    new = _as_data(concerns, standing.concerns)
    shown = digest(warning)
    facts = {
        "level": (level, level != standing.watch_level),
        "grade": (marks[0], marks[0] > standing.grade),
        "tlp": (marks[1], marks[1] > standing.tlp),
        "evidence": (shown, shown != standing.evidence),
        "concerns": (new, bool(new)),
    }
    return {name: value for name, (value, differs) in facts.items() if differs}


def _keep(row: Alert, warning: Mapping[str, Any]) -> None:
    AlertEvidence.objects.create(
        of=row, seq=row.version, at=row.updated_at, digest=digest(warning), warning=dict(warning)
    )


def _as_data(concerns: Sequence[Concerned], known: Mapping[str, int] | tuple[()]) -> list[dict[str, str]]:
    """Those concerned that are not known to be, each once: the first reason given stands."""
    first = {one.unit: one for one in reversed(concerns) if one.unit not in known}
    return [
        {"unit": unit, "rule": one.rule, "why_ko": one.why.ko, "why_en": one.why.en}
        for unit, one in sorted(first.items())
    ]


def _checked(warning: Mapping[str, Any], level: int | None, grade: Grade) -> str:
    subject = warning.get("subject")
    if not isinstance(subject, str) or not subject:
        raise InvalidError(Text("위험판단에 품목이 없습니다.", "the warning names no item."))
    if level is not None and level not in LEVELS:
        raise InvalidError(Text(f"봉수 {level}거는 없습니다.", f"there is no level {level}."))
    if grade > settings.GRADE:
        raise InvalidError(
            Text(
                f"이 시스템은 {settings.GRADE.name} 등급까지만 담습니다.",
                f"this installation holds entries up to grade {settings.GRADE.name} only.",
            ),
            mend=Text(
                "문서번호만 적고 내용은 해당 등급의 망에서 다루십시오.",
                "Keep its reference number only, and handle it on the network of that grade.",
            ),
        )
    return subject
