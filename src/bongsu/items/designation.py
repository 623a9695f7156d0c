"""Imports a list of official designations from CSV. What the issuer does not publish stays unknown.

Columns: item (our id) or hs_code, kind, grade (1–3), from, until, issuer, source, known_at; optional: url,
checked. `item` or `hs_code` must be given; `grade`, `from` and `until` may be empty.
"""

import csv
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NoReturn

from bongsu.items.catalogue import Catalogue, Fit
from bongsu.items.entry import refuse
from bongsu.items.item import Designation
from bongsu.language import BadInputError, Text

NEEDED = ("item", "hs_code", "kind", "grade", "from", "until", "issuer", "source", "known_at")
OPTIONAL = ("url", "checked")
Row = tuple[str, Designation]
GRADES = {"": None, "1": 1, "2": 2, "3": 3}


def read_designations(path: Path, catalogue: Catalogue) -> tuple[Row, ...]:
    """(item id, designation) of each row of `path`; an HS code alone gives one for each item it names.

    Raises:
        BadInputError: naming file, line and mend; nothing is taken from a file with a bad row.
    """
    reader = csv.DictReader(_decoded(path).splitlines(), strict=True)
    columns = tuple(reader.fieldnames or ())
    off = {*NEEDED} - {*columns} | {*columns} - {*NEEDED, *OPTIONAL}
    if off:
        shown = ", ".join(sorted(off))
        refuse(
            Text(f"없거나 모르는 열: {shown}.", f"columns missing or unknown: {shown}."),
            path.name,
            Text(f"필요한 열: {', '.join(NEEDED)}.", f"Columns: {', '.join(NEEDED)}."),
        )
    return tuple(pair for row in reader for pair in _row(row, f"{path.name}: {reader.line_num}", catalogue))


def designated(catalogue: Catalogue, item_id: str, on: date) -> tuple[Designation, ...]:
    """Designations in force on `on`, as known then; none means unknown, for the lists are not public."""
    return tuple(
        each
        for each in catalogue.as_of(on).item(item_id).designations
        if (each.since is None or each.since <= on) and (each.until is None or on <= each.until)
    )


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "cp949"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    raise BadInputError(
        Text("글자를 읽을 수 없습니다.", "its characters cannot be read."),
        where=path.name,
        mend=Text("UTF-8로 저장하십시오.", "Save it as UTF-8."),
    )


def _row(row: Mapping[str, str | None], where: str, catalogue: Catalogue) -> Iterator[Row]:
    if None in row or None in row.values():
        refuse(
            Text("칸 수가 머리줄과 다릅니다.", "the row has not as many cells as the header."),
            where,
            Text("쉼표와 따옴표를 확인하십시오.", "Check commas and quotes."),
        )
    cells = {name: (value or "").strip() for name, value in row.items()}
    designation = _designation(cells, where)
    for item_id in _items(cells, where, catalogue):
        yield item_id, designation


def _designation(cells: Mapping[str, str], where: str) -> Designation:
    known_at = _day(cells, "known_at", where)
    for name, filled in (("kind", cells["kind"]), ("issuer", cells["issuer"]), ("source", cells["source"])):
        if not filled:
            _bad(name, "", where)
    if cells["grade"] not in GRADES:
        _bad("grade", cells["grade"], where)
    if known_at is None:
        _bad("known_at", "", where)
    return Designation(
        kind=cells["kind"],
        grade=GRADES[cells["grade"]],
        since=_day(cells, "from", where),
        until=_day(cells, "until", where),
        issuer=cells["issuer"],
        source=cells["source"],
        url=cells.get("url", ""),
        known_at=known_at,
        checked=cells.get("checked", "").lower() == "true",
    )


def _items(cells: Mapping[str, str], where: str, catalogue: Catalogue) -> tuple[str, ...]:
    if cells["item"]:
        if cells["item"] not in catalogue.items:
            _bad("item", cells["item"], where)
        return (cells["item"],)
    code = cells["hs_code"]
    if not (code.isascii() and code.isdigit()):
        _bad("hs_code", code, where)
    system = "HSK" if len(code) == 10 else "HS"  # noqa: PLR2004 - ten digits are national
    named = {match.item.id for match in catalogue.by_hs(code, system) if match.fit in (Fit.EXACT, Fit.NARROWER)}
    return tuple(sorted(named))


def _day(cells: Mapping[str, str], name: str, where: str) -> date | None:
    if not cells[name]:
        return None
    try:
        return date.fromisoformat(cells[name])
    except ValueError:
        _bad(name, cells[name], where)


def _bad(name: str, value: str, where: str) -> NoReturn:
    refuse(
        Text(f"{name} 칸의 '{value}'을(를) 쓸 수 없습니다.", f"'{value}' cannot be the {name}."),
        where,
        Text(
            "빈칸, 날짜(2024-01-31), 등급(1–3), 품목을 확인하십시오.",
            "Check blanks, dates (2024-01-31), grades (1–3), items.",
        ),
    )
