"""Suspended measures: what to ask the mission there, and when, before and after the stated end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bongsu.detectors.measure import concerning
from bongsu.detectors.wording import country, day, josa
from bongsu.items.item import Item
from bongsu.language import Text

ASKED_BEFORE = (30, 7)  # days before the stated end
ASKED_AFTER = 1  # days after it: was it extended?


@dataclass(frozen=True)
class DatedQuestion:
    """What is to be asked in a country on a day.

    Args:
        country: where: the issuer's.
        on: from which day it is due.
        because: the question with its cause, in one sentence.
    """

    country: str
    on: date
    because: Text


def suspension_questions(item: Item, statuses: Sequence[Mapping[str, Any]], home: str) -> tuple[DatedQuestion, ...]:
    """The questions that suspended measures on an item call for, by day; the acts that end together ask together.

    Args:
        item: the item.
        statuses: rows of `measure_status` for the day asked for; a limb that has ended asks nothing.
        home: who is concerned, ISO alpha-3.
    """
    ends: dict[tuple[str, date], list[str]] = {}
    for row in concerning(item, statuses, home):
        if row["status"] in ("suspended", "suspension_end_passed") and row["suspended_until"] is not None:
            ends.setdefault((row["jurisdiction"], row["suspended_until"]), []).append(row["number"])
    asked = (each for (where, until), acts in ends.items() for each in _asked(where, until, acts))
    return tuple(sorted(asked, key=lambda one: (one.on, one.country)))


def _asked(where: str, until: date, acts: Iterable[str]) -> Iterator[DatedQuestion]:
    names = ", ".join(sorted(set(acts)))
    who, end = country(where), day(until)
    for before in ASKED_BEFORE:
        yield DatedQuestion(
            where,
            until - timedelta(days=before),
            Text(
                f"{who.ko} 조치({names})의 효력 정지가 {before}일 뒤인 {josa(end.ko, '으로', '로')} 끝난다. "
                "연장할지, 다시 시행할지를 묻는다.",
                f"{who.en}'s suspension of {names} ends {before} days later, on {end.en}: "
                "will it be extended, or will the measure apply again?",
            ),
        )
    yield DatedQuestion(
        where,
        until + timedelta(days=ASKED_AFTER),
        Text(
            f"{who.ko} 조치({names})의 효력 정지 기한({end.ko})이 지났다. 연장되었는지, 법적 효력이 어떠한지를 묻는다.",
            f"The stated end ({end.en}) of {who.en}'s suspension of {names} has passed: "
            "was it extended, and what is the legal effect now?",
        ),
    )
