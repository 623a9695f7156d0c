"""What reads differently at two moments: revised cells, facts that came, facts that went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bongsu.records.shapes import RecordType
from bongsu.records.snapshot import Snapshot


@dataclass(frozen=True)
class Change:
    """The difference between two reads of one record type.

    Args:
        cells: one a changed value: the fact's key, `column`, `before`, `after`, `known_at`.
        changed: facts with a changed cell.
        new: facts that only the later read has.
        withdrawn: facts that only the earlier read has.
    """

    cells: Sequence[Mapping[str, Any]]
    changed: int
    new: int
    withdrawn: int


def changes(snapshot: Snapshot, record: RecordType, source: str, earlier: datetime, later: datetime) -> Change:
    """Compare what was known of `source` at two moments, exactly: no tolerance hides a revision."""
    where = {"source": source}
    before, after = snapshot.as_of(record, earlier, where), snapshot.as_of(record, later, where)
    keys = list(record.key_names)
    both = before.inner_join(after, keys, rname="{name}_after")
    same = [both[name].identical_to(both[f"{name}_after"]) for name in record.value_names]
    unlike = ~same[0]
    for one in same[1:]:
        unlike = unlike | ~one
    rows = snapshot.arrow(both.filter(unlike)).sort_by([(name, "ascending") for name in keys]).to_pylist()
    return Change(
        cells=[cell for row in rows for cell in _cells(record, row)],
        changed=len(rows),
        new=int(snapshot.arrow(after.anti_join(before, keys).aggregate(n=_count))["n"][0].as_py()),
        withdrawn=int(snapshot.arrow(before.anti_join(after, keys).aggregate(n=_count))["n"][0].as_py()),
    )


def _count(table: Any) -> Any:  # noqa: ANN401 - an Ibis deferred
    return table.count()


def _cells(record: RecordType, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    key = {name: row[name] for name in record.key_names}
    return [
        {**key, "column": name, "before": row[name], "after": row[f"{name}_after"], "known_at": row["known_at_after"]}
        for name in record.value_names
        if row[name] != row[f"{name}_after"]
    ]
