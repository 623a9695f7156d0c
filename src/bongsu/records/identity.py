"""The name of a record: its type and key in one line, so that a person can point at one fact."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import quote, unquote

import pyarrow as pa

from bongsu.language import BadInputError, Text
from bongsu.records.shapes import RECORD_TYPES, RecordType


def name_of(record: RecordType, key: Mapping[str, object] | Sequence[tuple[str, object]]) -> str:
    """`type/key/parts`, each part quoted so that a slash inside it stays inside."""
    parts = dict(key)
    return "/".join([record.name, *(quote(str(parts[name]), safe="") for name in record.key_names)])


def named(text: str) -> tuple[RecordType, dict[str, str | date]]:
    """The record type and key that `name_of` wrote.

    Raises:
        BadInputError: no such type, or not as many parts as its key has.
    """
    type_name, *parts = text.split("/")
    record = RECORD_TYPES.get(type_name)
    if record is None or len(parts) != len(record.key):
        raise BadInputError(
            Text("기록의 이름이 아닙니다.", "that is not the name of a record."),
            where=text,
            mend=Text(
                f"이름은 '종류/…' 꼴입니다. 종류: {', '.join(RECORD_TYPES)}.",
                f"A name reads type/…, the types being {', '.join(RECORD_TYPES)}.",
            ),
        )
    return record, {field.name: _value(field, unquote(part)) for field, part in zip(record.key, parts, strict=True)}


def _value(field: pa.Field, part: str) -> str | date:
    try:
        return date.fromisoformat(part) if pa.types.is_date(field.type) else part
    except ValueError:
        raise BadInputError(
            Text(f"'{part}'은 날짜가 아닙니다.", f"'{part}' is not a date."), where=field.name
        ) from None
