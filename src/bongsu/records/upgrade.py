"""Old shapes of records, upgraded on read: one step from each schema version to the next."""

from collections.abc import Callable, Mapping

import ibis.expr.types as ir

from bongsu.records.shapes import RecordType

Step = Callable[[ir.Table], ir.Table]

# (record type, schema version) → the step to the next version. A shape never changes without one.
STEPS: Mapping[tuple[str, int], Step] = {}


def upgraded(
    rows: ir.Table, record: RecordType, written_as: int, steps: Mapping[tuple[str, int], Step] = STEPS
) -> ir.Table:
    """`rows` of schema version `written_as` in the present shape of `record`; KeyError where a step is missing."""
    for version in range(written_as, record.schema_version):
        rows = steps[record.name, version](rows)
    return rows
