"""Reads items from YAML, one file a version (data/SCHEMA.md); nothing unknown or doubled gets in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypedDict

from bongsu.items import item as shape
from bongsu.items.entry import Entry, read_entry, refuse
from bongsu.items.item import Item
from bongsu.language import Text

CODE_LENGTHS = {"HS": (4, 6), "HSK": (10,)}
PRICE_OF = ("self", "input")
WIDELY_KNOWN = "widely known geography"
_ID = re.compile(r"[a-z][a-z0-9_]*")
_COUNTRY = re.compile(r"[A-Z]{3}")


class _Ground(TypedDict):
    source: str
    url: str
    known_at: date
    checked: bool


@dataclass(frozen=True)
class _Sources:
    """The sources that a file lists, and the day that its facts were public where they do not say."""

    known_at: date
    listed: Mapping[str, tuple[str, str, bool]]

    def ground(self, entry: Entry) -> _Ground:
        """Takes source, known_at and checked out of `entry`."""
        named = entry.take("source", str).strip()
        text, url, checked = self.listed.get(named, (named, "", False))
        return _Ground(
            source=text,
            url=url,
            known_at=entry.take_or("known_at", date, self.known_at),
            checked=entry.take_or("checked", bool, checked),
        )


def load_item(path: Path) -> Item:
    """The item in `path`: `<id>.yml` or `<id>@<valid_from>.yml`; BadInputError names file, field, mend."""
    entry = read_entry(path)
    sources = _sources(entry)
    item = _item(entry, sources)
    entry.close()
    _check_name(path, item)
    _check_uses(path, item)
    return item


def _item(entry: Entry, sources: _Sources) -> Item:
    return Item(
        id=_id(entry),
        name=entry.text("name"),
        aliases=_aliases(entry),
        hs=_hs(entry),
        category=entry.choice("category", shape.CATEGORIES),
        uses=_uses(entry, sources),
        inputs=tuple(
            shape.Input(item=each.take("item", str), note=each.text("note"), **sources.ground(each))
            for each in entry.entries("inputs")
        ),
        prices=_prices(entry),
        routes=_routes(entry, sources),
        suppliers=tuple(
            shape.Supplier(country=_country(each, "country"), **sources.ground(each))
            for each in entry.entries("suppliers")
        ),
        stocks=_stocks(entry, sources),
        dependence=_dependence(entry, sources),
        substitution=_assessment(entry, "substitution", "difficulty", shape.DIFFICULTIES, sources),
        domestic=_assessment(entry, "domestic", "production", shape.PRODUCTIONS, sources),
        importance=_assessment(entry, "importance", "level", shape.LEVELS, sources),
        designations=_designations(entry, sources),
        override=_override(entry),
        valid_from=entry.take("valid_from", date),
    )


def _sources(entry: Entry) -> _Sources:
    listed: dict[str, tuple[str, str, bool]] = {}
    for each in entry.entries("sources"):
        name = each.take("id", str)
        if name in listed:
            _twice(each.at("id"), name)
        listed[name] = (each.take("text", str).strip(), each.blank("url"), each.take("checked", bool))
    return _Sources(entry.take("facts_known_at", date), listed)


def _id(entry: Entry) -> str:
    id_ = entry.take("id", str)
    if not _ID.fullmatch(id_):
        refuse(
            Text(f"'{id_}': 품목 이름표로 쓸 수 없습니다.", f"'{id_}' cannot be an id."),
            entry.at("id"),
            Text("영문 소문자, 숫자, 밑줄만 쓰십시오.", "Use lower-case letters, digits and underscores."),
        )
    return id_


def _aliases(entry: Entry) -> dict[str, tuple[str, ...]]:
    aliases = Entry(entry.take_or("aliases", dict, {}), entry.at("aliases"))
    return {language: aliases.strings(language) for language in aliases.names()}


def _hs(entry: Entry) -> tuple[shape.HsCode, ...]:
    codes = tuple(
        shape.HsCode(
            code=each.take("code", str),
            system=each.choice("system", shape.CODE_SYSTEMS),
            note=each.maybe_text("note"),
            basket=each.take_or("basket", bool, False),  # noqa: FBT003 - the default, by position
        )
        for each in entry.entries("hs")
    )
    for hs in codes:
        if not hs.code.isascii() or not hs.code.isdigit() or len(hs.code) not in CODE_LENGTHS[hs.system]:
            refuse(
                Text(f"'{hs.code}': {hs.system} 부호가 아닙니다.", f"'{hs.code}' is not a code of {hs.system}."),
                entry.at("hs"),
                Text(
                    "HS는 4·6자리, HSK는 10자리 숫자를 따옴표로 묶으십시오.",
                    "HS has 4 or 6 digits, HSK 10; quote them.",
                ),
            )
    _all_different([hs.code for hs in codes], entry.at("hs"))
    return codes


def _uses(entry: Entry, sources: _Sources) -> tuple[shape.Use, ...]:
    uses = tuple(
        shape.Use(
            id=_id(each),
            name=each.text("name"),
            in_charge=each.some_strings("in_charge"),
            hit=each.strings("hit"),
            hs=each.strings("hs"),
            **sources.ground(each),
        )
        for each in entry.entries("uses")
    )
    _all_different([use.id for use in uses], entry.at("uses"))
    return uses


def _prices(entry: Entry) -> tuple[shape.PriceSeries, ...]:
    return tuple(
        shape.PriceSeries(
            source=each.take("source", str),
            series=each.take("series", str),
            of=each.choice("of", ("self", "input")),
        )
        for each in entry.entries("prices")
    )


def _routes(entry: Entry, sources: _Sources) -> tuple[shape.Route, ...]:
    named = entry.strings("routes")
    for chokepoint in named:
        entry.one_of("routes", chokepoint, shape.CHOKEPOINTS)
    return tuple(
        shape.Route(chokepoint=chokepoint, source=WIDELY_KNOWN, known_at=sources.known_at) for chokepoint in named
    )


def _country(entry: Entry, name: str) -> str:
    code = entry.take(name, str)
    if not _COUNTRY.fullmatch(code):
        refuse(
            Text(f"'{code}': 국가 부호가 아닙니다.", f"'{code}' is not a country code."),
            entry.at(name),
            Text("ISO 3166 세 글자 부호를 쓰십시오.", "Use the ISO 3166 alpha-3 code."),
        )
    return code


def _stocks(entry: Entry, sources: _Sources) -> tuple[shape.Stock, ...]:
    return tuple(
        shape.Stock(days=_within(each, "days", 0, 10_000), on=each.take("on", date), **sources.ground(each))
        for each in entry.entries("days_of_cover")
    )


def _dependence(entry: Entry, sources: _Sources) -> tuple[shape.DependenceFact, ...]:
    return tuple(
        shape.DependenceFact(
            partner=_country(each, "partner"),
            share=_within(each, "share", 0, 1),
            measure=each.take("measure", str),
            period=each.take("period", str),
            **sources.ground(each),
        )
        for each in entry.entries("dependence")
    )


def _within(entry: Entry, name: str, least: float, most: float) -> float:
    value: Any = entry.take(name, object)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        refuse(
            Text(
                f"{value!r}: {least}에서 {most} 사이의 수가 아닙니다.",
                f"{value!r} is not a number from {least} to {most}.",
            ),
            entry.at(name),
            Text(
                "출처의 수치를 그대로 쓰되 비중은 0–1로 쓰십시오.",
                "Write the source's figure; shares as 0–1.",
            ),
        )
    return float(value)


def _assessment(entry: Entry, name: str, field: str, scale: tuple[str, ...], sources: _Sources) -> shape.Assessment:
    part = entry.entry(name)
    value = part.choice(field, scale)
    reason = part.maybe_text("reason")
    if value == shape.UNKNOWN:
        for leftover in ("source", "known_at", "checked"):
            part.maybe(leftover, object)
        part.close()
        return shape.Assessment(source="", known_at=sources.known_at, reason=reason)
    assessment = shape.Assessment(value=value, reason=reason, **sources.ground(part))
    part.close()
    return assessment


def _designations(entry: Entry, sources: _Sources) -> tuple[shape.Designation, ...]:
    return tuple(
        shape.Designation(
            kind=each.take("kind", str),
            grade=each.maybe("grade", int),
            since=each.maybe("from", date),
            until=each.maybe("until", date),
            issuer=each.take("issuer", str),
            **sources.ground(each),
        )
        for each in entry.entries("designation")
    )


def _override(entry: Entry) -> shape.Override | None:
    part = entry.entry("ews_grade")
    letter = part.maybe("override", str)
    if letter is None:
        for leftover in ("reason", "by", "on"):
            part.maybe(leftover, object)
        part.close()
        return None
    override = shape.Override(
        letter=part.one_of("override", letter, shape.LETTERS),
        reason=part.text("reason"),
        by=part.take("by", str),
        on=part.take("on", date),
    )
    part.close()
    return override


def _all_different(values: list[str], where: str) -> None:
    for value in values:
        if values.count(value) > 1:
            _twice(where, value)


def _twice(where: str, value: str) -> None:
    refuse(
        Text(f"'{value}'이(가) 두 번 있습니다.", f"'{value}' stands twice."),
        where,
        Text("하나를 지우거나 이름을 바꾸십시오.", "Remove or rename one."),
    )


def _check_name(path: Path, item: Item) -> None:
    if path.stem not in (item.id, f"{item.id}@{item.valid_from}"):
        refuse(
            Text(
                f"파일 이름이 '{item.id}' 품목과 다릅니다.",
                f"the file's name is not that of item '{item.id}'.",
            ),
            path.name,
            Text(
                f"{item.id}.yml 또는 {item.id}@{item.valid_from}.yml로 하십시오.",
                f"Name it {item.id}.yml or {item.id}@{item.valid_from}.yml.",
            ),
        )


def _check_uses(path: Path, item: Item) -> None:
    own = {hs.code for hs in item.hs}
    for use in item.uses:
        for code in use.hs:
            if not any(code.startswith(known) or known.startswith(code) for known in own):
                refuse(
                    Text(f"'{code}'은(는) 품목의 hs에 없습니다.", f"'{code}' is not among the item's hs."),
                    f"{path.name}: uses: {use.id}: hs",
                    Text("품목의 hs에 먼저 적으십시오.", "Write it in the item's hs first."),
                )
