"""The checklist (조치사항) of a level: what is to be done, and who is to be reached for it. The words stand in data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bongsu.alerts.rules import LEVELS
from bongsu.language import BadInputError, Text

FILE = Path(__file__).parent / "data" / "checklists.yml"
UNKNOWN_LEVEL = 2  # a level that cannot be given is not calm: what is to be done at notice is to be done


@dataclass(frozen=True)
class Contact:
    """Who is to be reached.

    Args:
        id: its name in the file.
        name: in words.
        role: accounts of this role; "" where it is units.
        unit: units of this kind that the alert concerns; "" where it is a role.
    """

    id: str
    name: Text
    role: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing to be done.

    Args:
        id: for ever; ticks refer to it.
        text: what.
        from_level: it holds at this level and above.
        contact: with whom.
    """

    id: str
    text: Text
    from_level: int
    contact: Contact


@cache
def entries(file: Path = FILE) -> tuple[Entry, ...]:
    """Every entry, in the file's order.

    Raises:
        BadInputError: the file has an entry that is not whole, or an id twice.
    """
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    contacts = {name: _contact(name, facts) for name, facts in told["contacts"].items()}
    found = tuple(_entry(facts, contacts, file) for facts in told["entries"])
    twice = sorted({one.id for one in found if sum(one.id == other.id for other in found) > 1})
    if twice:
        raise BadInputError(_TWICE, where=f"{file.name}: {', '.join(twice)}")
    return found


def checklist_at(level: int | None) -> tuple[Entry, ...]:
    """What is to be done at a level."""
    at = UNKNOWN_LEVEL if level is None else level
    return tuple(entry for entry in entries() if entry.from_level <= at)


def _contact(name: str, facts: Mapping[str, Any]) -> Contact:
    return Contact(name, Text(facts["ko"], facts["en"]), facts.get("role", ""), facts.get("unit", ""))


def _entry(facts: Mapping[str, Any], contacts: Mapping[str, Contact], file: Path) -> Entry:
    missing = {"id", "ko", "en", "from", "contact"} - set(facts)
    if missing or facts["from"] not in LEVELS or facts["contact"] not in contacts:
        raise BadInputError(_NOT_WHOLE, where=f"{file.name}: {facts.get('id', '?')}", mend=_MEND)
    return Entry(facts["id"], Text(facts["ko"], facts["en"]), facts["from"], contacts[facts["contact"]])


_TWICE = Text("같은 id가 두 번 있습니다.", "an id stands there twice.")
_NOT_WHOLE = Text("조치사항이 온전하지 않습니다.", "an entry of the checklist is not whole.")
_MEND = Text("id, ko, en, from(1–5), contact를 적으십시오.", "Give id, ko, en, from (1–5) and contact.")
