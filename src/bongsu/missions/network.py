"""A home country's network: who is asked abroad and who must know at home, on any day. Pure look-ups."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from bongsu.language import Text, UsageError
from bongsu.missions.shapes import Desk, Ministry, Mission, MissionKind, Responsibility, Succession

_Row = TypeVar("_Row")
_RANK = {kind: rank for rank, kind in enumerate(MissionKind)}


@dataclass(frozen=True)
class Unchecked:
    """How many rows nobody has compared with their source yet, and how many rows there are."""

    missions: int
    ministries: int
    responsibilities: int
    desks: int
    rows: int

    @property
    def total(self) -> int:
        """All unchecked rows."""
        return self.missions + self.ministries + self.responsibilities + self.desks


@dataclass(frozen=True)
class Network:
    """One version of one home country's network.

    Args:
        home: ISO alpha-3.
        version: the version's folder name, its date as a rule.
        digest: SHA-256 over the version's files; a figure that rests on the network prints it.
        missions: by id, in the file's order; the other mappings likewise.
        ministries: of home.
        responsibilities: what the catalogue's uses name.
        desks: of home's ministries.
    """

    home: str
    version: str
    digest: str
    missions: Mapping[str, Mission]
    ministries: Mapping[str, Ministry]
    responsibilities: Mapping[str, Responsibility]
    desks: Mapping[str, Desk]

    def mission(self, mission_id: str) -> Mission:
        """The mission called `mission_id`; UsageError where there is none."""
        return _named(self.missions, mission_id, Text("공관", "mission"))

    def missions_for(self, country: str, on: date) -> tuple[Mission, ...]:
        """Whom to ask about `country` (ISO alpha-3) on `on`.

        Resident missions by rank: the embassy, consulates general, consulates, offices. Where no embassy
        resides, missions accredited from elsewhere follow. Missions to organisations are left out
        (`missions_to`). Empty: no mission covers the country, or none is known.
        """
        standing = [mission for mission in self.missions.values() if mission.stands_on(on)]
        resident = [m for m in standing if m.host == country and m.kind is not MissionKind.PERMANENT_MISSION]
        resident.sort(key=lambda mission: _RANK[mission.kind])
        if resident and resident[0].kind is MissionKind.EMBASSY:
            return tuple(resident)
        accredited = sorted((m for m in standing if country in m.accredited), key=lambda m: _RANK[m.kind])
        return (*resident, *accredited)

    def missions_to(self, organisation: str, on: date) -> tuple[Mission, ...]:
        """The missions accredited to `organisation` (`EU`, `UN` …) on `on`, in the file's order."""
        return tuple(m for m in self.missions.values() if organisation in m.organisations and m.stands_on(on))

    def ministry(self, ministry_id: str) -> Ministry:
        """The ministry called `ministry_id`; UsageError where there is none."""
        return _named(self.ministries, ministry_id, Text("부처", "ministry"))

    def ministry_on(self, ministry_id: str, on: date, field: str | None = None) -> tuple[Ministry, ...]:
        """The ministries that do on `on` what `ministry_id` did: itself, or those that its work went to.

        Args:
            ministry_id: any ministry, ended or not.
            on: the day asked for.
            field: the field of work to follow through a split; without it, all successors.

        Returns:
            Distinct ministries in the file's order of succession. Empty: the ministry did not exist yet on
            `on`, or the field went nowhere from it.

        Raises:
            UsageError: no such ministry, or no succession names the field.
        """
        ministry = self.ministry(ministry_id)
        if field is not None and field not in self.fields:
            raise _unknown(Text("업무 분야", "field of work"), field, self.fields)
        if ministry.valid_until is None or on <= ministry.valid_until:
            return (ministry,) if ministry.stands_on(on) else ()
        followed = [
            found
            for step in ministry.succession
            if _carries(step, field)
            for found in self.ministry_on(step.ministry, on, field)
        ]
        return tuple(dict.fromkeys(followed))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of work that successions tell apart, in alphabetical order."""
        steps = (step for ministry in self.ministries.values() for step in ministry.succession)
        return tuple(sorted({field for step in steps for field in step.fields}))

    def responsibility(self, responsibility_id: str) -> Responsibility:
        """The responsibility called `responsibility_id`; UsageError where there is none."""
        return _named(self.responsibilities, responsibility_id, Text("소관 업무", "responsibility"))

    def holder(self, responsibility_id: str, on: date) -> Ministry | None:
        """The ministry in charge on `on`; None, unknown, before the first day for which one is stated."""
        ministry_id = self.responsibility(responsibility_id).holder_on(on)
        return None if ministry_id is None else self.ministries[ministry_id]

    def desks_for(self, responsibility_id: str, on: date) -> tuple[Desk, ...]:
        """The desks that work on a responsibility on `on`; empty where none is known."""
        self.responsibility(responsibility_id)
        return tuple(d for d in self.desks.values() if responsibility_id in d.holds and d.stands_on(on))

    def unchecked(self) -> Unchecked:
        """How many rows are typed from general knowledge and not yet compared with their source."""
        tables = (self.missions, self.ministries, self.responsibilities, self.desks)
        missions, ministries, responsibilities, desks = (
            sum(not row.checked for row in table.values()) for table in tables
        )
        return Unchecked(missions, ministries, responsibilities, desks, rows=sum(map(len, tables)))


def _carries(step: Succession, field: str | None) -> bool:
    return field is None or not step.fields or field in step.fields


def _named(table: Mapping[str, _Row], name: str, noun: Text) -> _Row:
    try:
        return table[name]
    except KeyError:
        raise _unknown(noun, name, tuple(table)) from None


def _unknown(noun: Text, name: str, there: tuple[str, ...]) -> UsageError:
    return UsageError(
        Text(f"'{name}': 그런 {noun.ko} 식별자가 없습니다.", f"there is no {noun.en} '{name}'."),
        mend=Text(f"있는 것: {', '.join(there)}.", f"There are: {', '.join(there)}."),
    )
