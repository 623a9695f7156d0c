"""A warning as it is kept with an alert: plain JSON with stable keys, and the digest by which a new one is told."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from bongsu.detectors.signal import RecordRef
from bongsu.fusion.warning import Question, UseAtRisk, Warning  # noqa: A004 - the word of the design
from bongsu.language import Text
from bongsu.missions.shapes import Mission
from bongsu.people.markings import Grade, Tlp

# What changes from turn to turn of the watch though nothing happened: it makes no new evidence.
_CLOCK = frozenset({"on"})


def as_json(warning: Warning) -> dict[str, Any]:
    """A warning of `fusion` as plain JSON.

    Keys: subject, name, on, level, grade (letter and how it came about), dependent, reasons, dependence, uses, missions
    (ids), layers, signals, days_of_cover, alternatives, raise_if, lower_if, probability, calibration, questions,
    next_step, movement, evidence (record, key, delivery, raw, raw_row: the walk back), marks (grade, tlp). Texts are
    `{"ko": …, "en": …}`, moments and days ISO 8601, what is not known null.
    """
    kept = {one.name: plain(getattr(warning, one.name)) for one in fields(warning) if one.name != "marking"}
    return {
        **kept,
        "uses": [_use(use) for use in warning.uses],
        "missions": [mission.id for mission in warning.missions],
        "questions": [_question(question) for question in warning.questions],
        "evidence": [plain(ref) for ref in warning.evidence],
        "marks": {"grade": warning.marking.grade, "tlp": warning.marking.tlp},
    }


def marks_of(warning: Mapping[str, Any]) -> tuple[Grade, Tlp]:
    """The markings that a kept warning carries; one without any is read as open, as public sources are."""
    marks = warning.get("marks") or {}
    return Grade.read(marks.get("grade", Grade.O.name)), Tlp.read(marks.get("tlp", Tlp.CLEAR.name))


def digest(warning: Mapping[str, Any]) -> str:
    """SHA-256 of a kept warning, leaving out what only the clock changed."""
    said = {key: value for key, value in warning.items() if key not in _CLOCK}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plain(value: object) -> Any:  # noqa: ANN401, PLR0911 - JSON; one line for each kind of value
    """Any value of a warning as JSON. What PostgreSQL cannot hold in a text, the NUL, is dropped."""
    match value:
        case Enum():
            return value.value
        case str():
            return value.replace("\0", "")
        case datetime() | date():
            return value.isoformat()
        case RecordRef():
            return {**_fields(value), "key": {name: plain(part) for name, part in value.key}}
        case Mapping():
            return {str(plain(key)): plain(one) for key, one in value.items()}
        case _ if is_dataclass(value):
            return _fields(value)
        case Iterable():
            return [plain(one) for one in value]
    return value


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    return {one.name: plain(getattr(value, one.name)) for one in fields(value)}


def _use(use: UseAtRisk) -> dict[str, Any]:
    return {"id": use.id, "name": plain(use.name), "in_charge": plain(use.in_charge), "hit": plain(use.hit)}


def _question(question: Question) -> dict[str, Any]:
    asked: Mission | None = question.mission
    name: Text | None = asked.name if asked else None
    return {**_fields(question), "mission": asked.id if asked else None, "mission_name": plain(name) if name else None}
