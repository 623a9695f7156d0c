"""One code in full: every reason and every change, each method's criteria with their figures, and the records behind."""

from datetime import datetime
from typing import Any

from bongsu.cli import grade_facts
from bongsu.cli.grade_place import Place
from bongsu.cli.grade_rows import FACT, FLOWS, Code, changes, reason
from bongsu.indicators.agreement import Judged, what_would_change
from bongsu.indicators.partners import is_supplier
from bongsu.items.grade import reasons_of
from bongsu.language import Text
from bongsu.records.identity import name_of
from bongsu.records.shapes import TRADE_FLOW
from bongsu.records.snapshot import Snapshot, Where
from bongsu.sources.source import sources

MOST_RECORDS = 12  # named; all are counted


def detail(snapshot: Snapshot, one: Code, place: Place | None, home: str, moment: datetime) -> dict[str, Any]:
    """What `--code` adds to a code's row."""
    records = _records(snapshot, one, place, home, moment)
    return {
        "reasons": [reason(one), *_reasons(one)],
        "what_would_change": list(changes(one.criteria)) if one.row["letter"] else [],
        "methods": [_method(each) for each in one.judged],
        "override": one.override,
        "published_share": _published(one),
        "records": records[:MOST_RECORDS],
        "records_in_all": len(records),
    }


def _reasons(one: Code) -> list[Text]:
    """The rule's own sentences, and the published share that the grade rests on."""
    own = list(reasons_of(one.criteria)) if one.row["letter"] else []
    if one.stated and one.basis == FACT:
        own.append(grade_facts.told(one.stated, _publisher(one.stated.fact["source"])))
    return own


def _publisher(source: str) -> Text:
    found = sources().get(source)
    return found.name if found else Text(source, source)


def _published(one: Code) -> dict[str, Any] | None:
    """The published share of the code and year: what it is graded from, or what stands beside its flows."""
    if one.stated is None:
        return None
    names = ("partner", "share", "measure", "subject", "valid", "valid_until", "known_at", "source", "citation")
    fact = {name: one.stated.fact[name] for name in names}
    return {**fact, "import_value_usd": one.stated.fact["import_value_usd"], "id": grade_facts.name(one.stated)}


def _method(each: Judged) -> dict[str, Any]:
    row = each.row
    return {
        "method": each.method.id,
        "name": each.method.name,
        "dependent": each.dependent,
        "criteria": [
            {
                "criterion": one.verdict,
                "text": one.text,
                "holds": row.get(one.verdict),
                "figure": row.get(one.value) if one.value else None,
                "threshold": one.threshold,
            }
            for one in each.method.criteria
        ],
        "years_true": row.get("years_true"),
        "years_false": row.get("years_false"),
        "window": each.method.window,
        "needed": each.method.needed,
        "change": what_would_change(each),
    }


def _records(snapshot: Snapshot, one: Code, place: Place | None, home: str, moment: datetime) -> list[str]:
    """Names of the records behind the figures, the largest first; `bongsu explain` walks back from each."""
    if one.basis == FACT and one.stated:
        return [grade_facts.name(one.stated)]
    if one.basis != FLOWS or place is None:
        return []
    first, last = place.valid, place.valid.replace(month=12, day=31)
    where: Where = {"reporter": home, "source": place.source, "flow": "import", "valid": (first, last)}
    rows = snapshot.as_of(TRADE_FLOW, moment, where)
    depth = place.roll_up_from or place.digits
    rows = rows.filter((rows.code.length() == depth) & (rows.code.substr(0, len(one.code)) == one.code))
    rows = rows.filter(is_supplier(rows.partner))
    found = snapshot.arrow(rows.select(*TRADE_FLOW.key_names, "value")).to_pylist()
    found.sort(key=lambda row: (-(row["value"] or 0.0), row["partner"], row["code"], row["valid"]))
    return [name_of(TRADE_FLOW, row) for row in found]
