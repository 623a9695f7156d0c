"""Scopes as SQL conditions and as text for the journal."""

import json
from datetime import date
from typing import Any

from bongsu.records.delivery import Scope
from bongsu.records.shapes import RecordType


def quoted(text: str) -> str:
    """A SQL literal. What comes from outside reaches SQL only through here or as a parameter."""
    return "'" + text.replace("'", "''") + "'"


def condition(scope: Scope, record: RecordType) -> str:
    """SQL that is true for the facts within `scope`; ValueError for a column that is no part of the key."""
    parts = ["TRUE"]
    for column, values in sorted(scope.equals.items()):
        if column not in record.key_names:
            message = f"{record.name} has no key column {column!r}"
            raise ValueError(message)
        parts.append(f'"{column}" IN ({", ".join(map(quoted, values)) or "NULL"})')
    if scope.valid_from:
        parts.append(f'"valid" >= DATE {quoted(scope.valid_from.isoformat())}')
    if scope.valid_to:
        parts.append(f'"valid" <= DATE {quoted(scope.valid_to.isoformat())}')
    return " AND ".join(parts)


def edition(scope: Scope, record: RecordType) -> str:
    """SQL that is true for the facts of the editions that `scope` belongs to, whatever their goods and months."""
    kept = {column: values for column, values in scope.equals.items() if column in record.edition}
    return condition(Scope(equals=kept), record)


def as_json(scope: Scope) -> dict[str, Any]:
    """The scope as the journal keeps it."""
    return {
        "equals": {column: sorted(values) for column, values in scope.equals.items()},
        "valid_from": scope.valid_from.isoformat() if scope.valid_from else None,
        "valid_to": scope.valid_to.isoformat() if scope.valid_to else None,
        "complete": scope.complete,
    }


def from_json(kept: dict[str, Any]) -> Scope:
    """The scope that `as_json` wrote."""
    return Scope(
        equals={column: tuple(values) for column, values in kept["equals"].items()},
        valid_from=date.fromisoformat(kept["valid_from"]) if kept["valid_from"] else None,
        valid_to=date.fromisoformat(kept["valid_to"]) if kept["valid_to"] else None,
        complete=kept["complete"],
    )


def text(scopes: list[tuple[str, Scope]]) -> str:
    """Record type and scope of each batch, as one JSON text."""
    return json.dumps([{"record": name, **as_json(scope)} for name, scope in scopes], ensure_ascii=False)


def scopes_of(kept: str, record: RecordType) -> list[Scope]:
    """The scopes that one journal row declares for `record`."""
    return [from_json(entry) for entry in json.loads(kept) if entry["record"] == record.name]
