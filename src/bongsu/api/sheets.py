"""A list as CSV, for spreadsheets: no cell that a spreadsheet would take for a formula."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes Korean for something else


def sheet(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as CSV (RFC 4180), their columns those of the first one; nested values as JSON."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    flat = [_flat(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    writer.writerow(names)
    writer.writerows([cell(row.get(name)) for name in names] for row in flat)
    return BYTE_ORDER_MARK + out.getvalue()


def cell(value: object) -> str | int | float:
    """One cell: a text that begins like a formula gets an apostrophe before it; a number stays a number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float) and not isinstance(value, Enum):
        return value
    text = _text(value)
    return (
        "'" + text
        if text.lstrip(" \u00a0\u3000\u200b\ufeff").startswith(_FORMULA) or text.startswith(_FORMULA)
        else text
    )


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value.value) if isinstance(value, Enum) else str(value)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """`{"name": {"ko": …, "en": …}}` as the columns name.ko and name.en."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": one for inner, one in value.items()}
        else:
            flat[name] = value
    return flat
