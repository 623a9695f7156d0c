"""Old shapes of records, upgraded on read: one step from each schema version to the next."""

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from bongsu.language import BongsuError, Text
from bongsu.records.shapes import RecordType


class NewerShapeError(BongsuError):
    """A newer Bongsu wrote this table."""


Step = Callable[[ir.Table], ir.Table]

# (record type, schema version) → the step to the next version. A shape never changes without one.
STEPS: Mapping[tuple[str, int], Step] = {}


def upgraded(
    rows: ir.Table, record: RecordType, written_as: int, steps: Mapping[tuple[str, int], Step] = STEPS
) -> ir.Table:
    """`rows` of schema version `written_as` in the present shape of `record`.

    Raises:
        KeyError: a step is missing.
        NewerShapeError: the rows are of a version that this Bongsu does not know.
    """
    check(record, written_as)
    if written_as == record.schema_version:
        return rows
    for version in range(written_as, record.schema_version):
        rows = steps[record.name, version](rows)
    return rows.select(*record.schema.names).cast(ibis.Schema.from_pyarrow(record.nullable_schema))


def check(record: RecordType, written_as: int) -> None:
    """Refuse what a newer Bongsu wrote; guessing at its meaning would be worse than stopping."""
    if written_as > record.schema_version:
        raise NewerShapeError(
            Text(
                f"더 새로운 Bongsu가 쓴 표입니다(꼴 {written_as}판, 이 설치는 {record.schema_version}판까지 압니다).",
                f"a newer Bongsu wrote this table (shape {written_as}; this one knows up to {record.schema_version}).",
            ),
            where=record.name,
            mend=Text("Bongsu를 최신판으로 올리십시오.", "Update Bongsu."),
        )
