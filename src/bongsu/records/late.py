"""A vintage that arrives after a later one: the rows that put it where it belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bongsu.records.delivery import Scope
from bongsu.records.history import State, Version, insert
from bongsu.records.shapes import RecordType

Row = dict[str, Any]


@dataclass(frozen=True)
class Later:
    """A delivery already in the lake whose vintage is later than the one that lands."""

    vintage: datetime
    scopes: Sequence[Scope]


class LateWriter:
    """Writes a late vintage into the history of facts, one fact at a time: late vintages are few and change little."""

    def __init__(
        self, record: RecordType, standing: Sequence[Row], vintage: datetime, delivery: int, raws: int
    ) -> None:
        self.record, self.vintage, self.delivery, self.raws = record, vintage, delivery, raws
        self.rows: list[Row] = []
        self.borrowed: dict[tuple[int, int], int] = {}
        self._stored: dict[tuple[object, ...], list[Row]] = {}
        for row in standing:
            self._stored.setdefault(self._key(row), []).append(row)

    def write(self, row: Row) -> None:
        """Add what the arrival of `row` asks for; `covering` in it names the later vintages that speak of the fact."""
        stored = self._stored.get(self._key(row), [])
        versions = [Version(r["known_at"], r["vintage"], r["delivery"], self._state(r)) for r in stored]
        stated = {r["vintage"] for r in stored if r["vintage"] > self.vintage}
        written = insert(
            versions,
            claim=self._state(row),
            known_at=row["known_at"],
            vintage=self.vintage,
            delivery=self.delivery,
            covering=sorted({*row["covering"], *stated}),
        )
        number = 1 + max((r["version"] for r in stored), default=-1)
        for place, version in enumerate(written):
            numbered = {"version": number + place, "late": bool(stored) or len(written) > 1}
            self.rows.append(self._stands(version, row, stored) | numbered)

    def _stands(self, version: Version, row: Row, stored: Sequence[Row]) -> Row:
        own = version.vintage == self.vintage
        source = row if own else self._origin(version, stored, row)
        values = {name: None if version.state is None else source[name] for name in self.record.value_names}
        return {
            **{name: source[name] for name in self.record.schema.names},
            **values,
            "raw": row["raw"] if own or source is row else self._borrow(source),
            "known_at": version.known_at,
            "known_basis": source["known_basis"] if own else "assumed",
            "vintage": version.vintage,
            "withdrawn": version.state is None,
            "delivery": self.delivery,
        }

    def _origin(self, version: Version, stored: Sequence[Row], row: Row) -> Row:
        """The stored row that already says what is written again."""
        same = [r for r in stored if self._state(r) == version.state and r["vintage"] <= version.vintage]
        return max(same, key=lambda r: (r["vintage"], r["delivery"])) if same else row

    def _borrow(self, source: Row) -> int:
        return self.borrowed.setdefault((source["delivery"], source["raw"]), self.raws + len(self.borrowed))

    def _key(self, row: Row) -> tuple[object, ...]:
        return tuple(row[name] for name in self.record.key_names)

    def _state(self, row: Row) -> State:
        return None if row["withdrawn"] else tuple(_frozen(row[name]) for name in self.record.value_names)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
