"""What the network is made of: missions abroad, ministries at home, their responsibilities, and desks."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bongsu.language import Text


class MissionKind(StrEnum):
    """What a mission is, in the order in which it is asked first."""

    EMBASSY = "embassy"
    CONSULATE_GENERAL = "consulate_general"
    CONSULATE = "consulate"
    OFFICE = "office"  # a branch, a liaison or a representative office
    PERMANENT_MISSION = "permanent_mission"  # to an organisation, not to a country


KIND_NAMES = {
    MissionKind.EMBASSY: Text("대사관", "embassy"),
    MissionKind.CONSULATE_GENERAL: Text("총영사관", "consulate general"),
    MissionKind.CONSULATE: Text("영사관", "consulate"),
    MissionKind.OFFICE: Text("분관·출장소·대표부", "branch or representative office"),
    MissionKind.PERMANENT_MISSION: Text("국제기구 대표부", "permanent mission"),
}


def stands(valid_from: date | None, valid_until: date | None, on: date) -> bool:
    """Does a period hold on `on`? Both ends belong to it; None is an end that is not known or not there."""
    return (valid_from is None or valid_from <= on) and (valid_until is None or on <= valid_until)


@dataclass(frozen=True, slots=True)
class Mission:
    """An embassy, consulate or office (공관).

    Args:
        id: stable for ever, also when the mission's rank changes.
        name: its official name.
        kind: its rank.
        host: ISO alpha-3 of the country or territory where it stands; `VAT` for the mission to the Holy See.
        city: where it stands.
        accredited: ISO alpha-3 of further countries and territories that it covers (겸임·관할).
        organisations: international organisations that it is accredited to (`UN`, `EU`, `OECD` …).
        zone: its time zone, IANA.
        languages: ISO 639-1, the languages in which the host publishes its notices, the most used first.
        valid_from: the first day on which it is known to stand. None: it stood before the catalogue's time,
            or the day is not known. Where only the year of opening is known, the first day of the next year.
        valid_until: its last day, None while it stands.
        source: the kind of public source for the row.
        checked: somebody opened that source and read the row there.
        note: what a reader should know of the row.
    """

    id: str
    name: Text
    kind: MissionKind
    host: str
    city: Text
    accredited: tuple[str, ...]
    organisations: tuple[str, ...]
    zone: str
    languages: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None
    source: Text
    checked: bool
    note: Text | None = None

    def stands_on(self, on: date) -> bool:
        """Is it open on `on`, as far as is known?"""
        return stands(self.valid_from, self.valid_until, on)


@dataclass(frozen=True, slots=True)
class Succession:
    """Where a ministry's work went when it ended.

    Args:
        ministry: the successor's id.
        fields: the fields of work that it took over; empty: all of them.
    """

    ministry: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ministry:
    """A ministry, agency or commission at home, under one name.

    Args:
        id: stable; a ministry that is renamed or split is a new one.
        name: its official name.
        short: what people call it, None where nothing shorter is in use.
        valid_from: its first day under this name, None where that lies before the catalogue's time.
        valid_until: its last day, None while it stands.
        succession: where its work went, empty while it stands.
        source: the kind of public source for the row.
        checked: somebody opened that source and read the row there.
    """

    id: str
    name: Text
    short: Text | None
    valid_from: date | None
    valid_until: date | None
    succession: tuple[Succession, ...]
    source: Text
    checked: bool

    @property
    def successors(self) -> tuple[str, ...]:
        """Ids of the ministries that took over its work."""
        return tuple(step.ministry for step in self.succession)

    def stands_on(self, on: date) -> bool:
        """Does it exist on `on`?"""
        return stands(self.valid_from, self.valid_until, on)


@dataclass(frozen=True, slots=True)
class Responsibility:
    """A piece of a state's work (소관) that outlives the ministries which hold it.

    Args:
        id: what the catalogue of items names.
        name: in both languages.
        holders: (first day, ministry id), ascending; each holds until the day before the next.
        source: the kind of public source for the row.
        checked: somebody opened that source and read the row there.
    """

    id: str
    name: Text
    holders: tuple[tuple[date, str], ...]
    source: Text
    checked: bool

    @property
    def valid_from(self) -> date:
        """The first day for which a holder is stated."""
        return self.holders[0][0]

    def holder_on(self, on: date) -> str | None:
        """Id of the ministry that holds it on `on`; None before the first stated day."""
        held = [ministry for first, ministry in self.holders if first <= on]
        return held[-1] if held else None


@dataclass(frozen=True, slots=True)
class Desk:
    """A unit at headquarters or in another ministry that owns a subject (담당과).

    Args:
        id: stable.
        name: its official name.
        ministry: id of the ministry that it belongs to.
        holds: ids of the responsibilities that it works on.
        valid_from: as of a mission.
        valid_until: its last known day, None while it stands.
        source: the kind of public source for the row.
        checked: somebody opened that source and read the row there.
    """

    id: str
    name: Text
    ministry: str
    holds: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None
    source: Text
    checked: bool

    def stands_on(self, on: date) -> bool:
        """Does it exist on `on`, as far as is known?"""
        return stands(self.valid_from, self.valid_until, on)
