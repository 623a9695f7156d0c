"""The as-of rule: of each fact, the version that was known at a moment. One Ibis expression for every engine."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from bongsu.records.shapes import RecordType

_ORDER = ("known_at", "delivery")


def as_of(rows: ir.Table, record: RecordType, moment: datetime) -> ir.Table:
    """The facts in `rows` as they were known at `moment`, withdrawn ones left out.

    Versions of a fact order by (`known_at`, delivery). Most facts have one version, and of each fact exactly one row
    is not a `revision`; so only facts with a known revision are grouped, and all others pass straight through.
    The cost is one scan, and a hash table of the revised facts alone.

    Args:
        rows: all versions, in the schema of `record`.
        record: gives the key.
        moment: what was known later is not seen. Aware, any zone.
    """
    known = rows.filter(rows.known_at <= ibis.literal(moment, type="timestamp('UTC')"))
    first = known.filter(~known.revision)
    revised = known.filter(known.revision)
    keys = list(record.key_names)
    touched = revised.select(*keys).distinct()
    untouched = first.anti_join(touched, keys)
    versions = revised.union(first.semi_join(touched, keys))
    newest = _newest(versions, record)
    current = untouched.select(*rows.columns).union(newest.select(*rows.columns))
    return current.filter(~current.withdrawn)


def _newest(versions: ir.Table, record: RecordType) -> ir.Table:
    """One row a fact: the greatest by (`known_at`, delivery), nulls in its values kept as they are."""
    rest = [name for name in versions.columns if name not in record.key_names and name not in _ORDER]
    packed = ibis.struct({name: versions[name] for name in (*_ORDER, *rest)})
    grouped = versions.group_by(list(record.key_names)).aggregate(newest=packed.max())
    unpacked = {name: grouped.newest[name] for name in (*_ORDER, *rest)}
    return grouped.select(*record.key_names, **unpacked)
