"""`bongsu items`: the catalogue of watched items."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape

from bongsu.cli.output import Column, as_csv, as_json, as_table, as_xlsx
from bongsu.cli.session import Session
from bongsu.cli.watch import warnings_of
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.items.catalogue import catalogue
from bongsu.items.cover import days_of_cover
from bongsu.items.designation import read_designations
from bongsu.items.grade import Grade, ews_grade
from bongsu.items.item import Item, Use
from bongsu.language import ExitCode, Text

COLUMNS = (
    Column("item", Text("품목 ID", "Item")),
    Column("name", Text("품목", "Name"), width=24),
    Column("hs", Text("HS 부호", "HS codes"), width=24),
    Column("grade", Text("등급", "Grade")),
    Column("designation", Text("지정", "Designation"), width=14),
    Column("uses", Text("쓰임", "Uses"), width=46),
    Column("share", Text("의존도", "Dependence"), width=18),
    Column("unchecked", Text("미대조", "Unchecked"), right=True),
)
UNKNOWN = Text("모름", "unknown")


def run(
    session: Session,
    name: str | None,
    *,
    as_of: str | None,
    form: str,
    xlsx: Path | None,
    designations: Path | None = None,
) -> ExitCode:
    """List the items, or show one in full; first take in a list of designations where one is given."""
    if designations:
        _import(session, designations)
    moment = session.moment(as_of)
    found = _warnings(session, moment, [name] if name else [])
    day = moment.astimezone(ZoneInfo(session.zone)).date()
    standing = session.catalogue().as_of(day)
    rows = [
        document(session, standing.item(one.subject), one, day) for one in sorted(found, key=lambda one: one.subject)
    ]
    if xlsx:
        as_xlsx(session, xlsx, COLUMNS, [_row(session, row) for row in rows])
    elif form == "json":
        as_json(session, rows[0] if name else rows)
    elif form == "csv":
        as_csv(session, COLUMNS, [_row(session, row) for row in rows])
    elif name:
        _print(session, rows[0])
    else:
        as_table(session, COLUMNS, [_row(session, row) for row in rows])
    return ExitCode.DONE


def _import(session: Session, given: Path) -> None:
    """Check the whole list, then keep a copy beside the lake: it stands until another one is imported.

    Raises:
        BadInputError: names the line and the mend; the list that stood stays.
    """
    rows = read_designations(given, catalogue(session.catalogue().home))
    session.folder.mkdir(parents=True, exist_ok=True)
    partial = session.designations.with_suffix(".part")
    partial.write_bytes(given.read_bytes())
    partial.replace(session.designations)
    told = Text("지정 {n}건을 들여왔습니다.", "{n} designations imported.").format(n=len(rows))
    session.err.print(session.say(told))


def _warnings(session: Session, moment: datetime, names: Sequence[str]) -> tuple[Warning, ...]:
    lake = session.lake()
    try:
        return warnings_of(session, lake.snapshot(), moment, names)
    finally:
        lake.close()


def document(session: Session, item: Item, warning: Warning, day: date) -> dict[str, Any]:
    """One item with what is known of it on a day; unknown is null or empty, never a guess."""
    depends = warning.dependence
    grade = ews_grade(item, depends.share if depends else None, None, day)
    facts = list(item.facts())
    return {
        "item": item.id,
        "name": item.name,
        "category": item.category,
        "hs": item.hs,
        "aliases": item.aliases,
        "ews_grade": _grade(grade),
        "designation": item.designations,
        "designation_known": bool(item.designations),
        "dependence": depends.headline if depends else None,
        "share": depends.share if depends else None,
        "partner": depends.partner if depends else None,
        "uses": [_use(session, use, day) for use in item.uses],
        "inputs": item.inputs,
        "prices": item.prices,
        "routes": item.routes,
        "suppliers": item.suppliers,
        "days_of_cover": days_of_cover(item, day),
        "substitution": item.substitution,
        "domestic": item.domestic,
        "importance": item.importance,
        "unknown": list(item.unknowns()),
        "facts": len(facts),
        "unchecked": sum(not fact.checked for fact in facts),
        "valid_from": item.valid_from,
    }


def _grade(grade: Grade) -> dict[str, Any]:
    return {
        "letter": grade.letter,
        "by_rule": grade.by_rule,
        "reasons": grade.reasons,
        "what_would_change": grade.what_would_change,
        "overridden_by": grade.overridden_by,
    }


def _use(session: Session, use: Use, day: date) -> dict[str, Any]:
    return {
        "id": use.id,
        "name": use.name,
        "in_charge": _holders(session, use.in_charge, day),
        "hit": _holders(session, use.hit, day),
        "source": use.source,
        "known_at": use.known_at,
        "checked": use.checked,
    }


def _holders(session: Session, responsibilities: Sequence[str], day: date) -> list[Text]:
    """The ministries that hold them, each once, in the catalogue's order."""
    return list(dict.fromkeys(_holder(session, one, day) for one in responsibilities))


def _holder(session: Session, responsibility: str, day: date) -> Text:
    network = session.network()
    if responsibility not in network.responsibilities:
        return Text(responsibility, responsibility)
    holder = network.holder(responsibility, day)
    return holder.name if holder else UNKNOWN


def _row(session: Session, row: dict[str, Any]) -> dict[str, Any]:
    share = f"{row['partner']} {row['share']:.0%}" if row["share"] is not None else UNKNOWN
    grades = ", ".join(f"{one.kind} {one.grade or '?'}" for one in row["designation"])
    return {
        "item": row["item"],
        "name": row["name"],
        "hs": ", ".join(code.code for code in row["hs"]),
        "grade": row["ews_grade"]["letter"] or UNKNOWN,
        "designation": grades or UNKNOWN,
        "uses": "; ".join(session.say(use["name"]) for use in row["uses"]),
        "share": share,
        "unchecked": row["unchecked"],
    }


def _print(session: Session, row: dict[str, Any]) -> None:
    say, out = session.say, session.out
    out.print(f"[bold]{escape(say(row['name']))}[/bold] ({row['item']})")
    codes = ", ".join(code.code + (" *" if code.basket else "") for code in row["hs"])
    lines = [
        (Text("HS 부호 (* 다른 물품도 담은 부호)", "HS codes (* holds other goods too)"), codes),
        (Text("조기경보 등급", "Early-warning grade"), row["ews_grade"]["letter"] or say(UNKNOWN)),
        (Text("정부 지정", "Official designation"), _row(session, row)["designation"]),
        (Text("의존도", "Dependence"), row["dependence"] or UNKNOWN),
        (Text("원료", "Inputs"), ", ".join(one.item for one in row["inputs"]) or UNKNOWN),
        (Text("가격 지표", "Prices"), ", ".join(one.series for one in row["prices"]) or UNKNOWN),
        (Text("항로", "Routes"), ", ".join(one.chokepoint for one in row["routes"]) or UNKNOWN),
        (Text("재고 일수", "Days of cover"), row["days_of_cover"].days if row["days_of_cover"] else UNKNOWN),
        (Text("대조하지 않은 사실", "Facts not checked"), f"{row['unchecked']} / {row['facts']}"),
    ]
    for heading, value in lines:
        shown = say(value) if isinstance(value, Text) else str(value)
        out.print(f"  {say(heading)}: {escape(shown)}")
    for reason in (*row["ews_grade"]["reasons"], *row["ews_grade"]["what_would_change"]):
        out.print(f"  [dim]{escape(say(reason))}[/dim]")
    for use in row["uses"]:
        ends = f"{', '.join(map(say, use['in_charge']))} → {', '.join(map(say, use['hit']))}"
        mark = "" if use["checked"] else say(Text(" (미대조)", " (unchecked)"))
        out.print(f"  · {escape(say(use['name']))}: {escape(ends)}{mark}")
