"""A notice's meaning as a document: what `bongsu read --json` prints, and what a mission's box for notices keeps."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from bongsu.fusion.meaning import ItemMeaning, Meaning
from bongsu.fusion.warning import Alternative


def document(found: Meaning) -> Mapping[str, Any]:
    """The meaning, by name; the keys are stable. Its values are texts, days and dataclasses still, for whoever writes JSON."""
    notice = found.notice
    return {
        "answer": found.answer,
        "on": found.on,
        "home": found.home,
        "country": found.country,
        "notice": {
            "name": notice.name,
            "title": notice.title,
            "language": notice.language,
            "issuer": notice.issuer,
            "number": notice.number,
            "dates": notice.dates,
            "instrument": notice.instrument,
            "direction": notice.direction,
            "hs_codes": [one.code for one in notice.codes],
        },
        "items": [_item(one, found.country) for one in found.items],
        "missions": [{"id": one.id, "name": one.name} for one in found.missions],
        "ministries_in_charge": [{"id": one.id, "name": one.name} for one in found.in_charge],
        "ministries_hit": [{"id": one.id, "name": one.name} for one in found.hit],
        "desks": [{"id": one.id, "name": one.name} for one in found.desks],
        "notes": found.notes,
    }


def others(one: ItemMeaning, country: str | None) -> list[Alternative]:
    """Suppliers to turn to: whoever issued the notice is none."""
    return [other for other in one.warning.alternatives if other.country != country]


def _item(one: ItemMeaning, country: str | None) -> dict[str, Any]:
    share = {part.name: getattr(one.share, part.name) for part in fields(one.share)} if one.share else None
    if share:
        share.pop("refs", None)  # the walk back is `explain`'s
    return {
        "item": one.item.id,
        "name": one.item.name,
        "word": one.good.word,
        "hs_codes": one.good.codes,
        "why": one.good.why,
        "sentence": one.good.sentence,
        "confidence": one.good.confidence,
        "level": one.level,
        "level_without": one.level_without,
        "our_share_from_there": share,
        "uses": one.warning.uses,
        "days_of_cover": one.warning.days_of_cover,
        "alternatives": others(one, country),
        "missions": [{"id": mission.id, "name": mission.name} for mission in one.warning.missions],
        "next_step": one.warning.next_step,
        "grade": one.warning.grade.letter,
        "reasons": one.warning.reasons,
        "raise_if": one.warning.raise_if,
        "lower_if": one.warning.lower_if,
        "probability": one.warning.probability,
        "calibration": one.warning.calibration,
    }
