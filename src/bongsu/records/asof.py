"""The as-of rule: of each fact, the version that was known at a moment. One Ibis expression for every engine."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from bongsu.records.shapes import RecordType

_ORDER = ("known_at", "delivery")


def as_of(rows: ir.Table, record: RecordType, moment: datetime, *, revised: bool = True, late: bool = True) -> ir.Table:
    """The facts in `rows` as they were known at `moment`, withdrawn ones left out.

    Versions of a fact order by (`known_at`, delivery). Rows that came in the order of their vintages carry that order
    in `version`, so a row is superseded where the next number is known too: one anti-join with the few revisions.
    Only facts with a row that came late have to be sorted.
    The cost is one scan and a hash table of the revisions.

    Args:
        rows: all versions, in the schema of `record`.
        record: gives the key.
        moment: what was known later is not seen. Aware, any zone.
        revised: may there be rows of a later version at all? The log says so; a join left out is a join saved.
        late: may there be rows that came late? Likewise.
    """
    keys, columns = list(record.key_names), rows.columns
    known = rows.filter(rows.known_at <= ibis.literal(moment, type="timestamp('UTC')"))
    current = known
    if revised:
        revisions = known.filter((known.version > 0) & ~known.late)
        newer = revisions.select(*keys, version=(revisions.version - 1).cast("int32"))
        current = current.anti_join(newer, [*keys, "version"])
    if late:
        unsorted = known.filter(known.late).select(*keys).distinct()
        sorted_out = _newest(known.semi_join(unsorted, keys), record)
        current = current.anti_join(unsorted, keys).select(*columns).union(sorted_out.select(*columns))
    return current.select(*columns).filter(lambda row: ~row.withdrawn)


def _newest(versions: ir.Table, record: RecordType) -> ir.Table:
    """One row a fact: the greatest by (`known_at`, delivery), nulls in its values kept as they are."""
    rest = [name for name in versions.columns if name not in record.key_names and name not in _ORDER]
    packed = ibis.struct({name: versions[name] for name in (*_ORDER, *rest)})
    grouped = versions.group_by(list(record.key_names)).aggregate(newest=packed.max())
    unpacked = {name: grouped.newest[name] for name in (*_ORDER, *rest)}
    return grouped.select(*record.key_names, **unpacked)
