"""Groups of countries with their dates, and the rows of a trade table that are no partner at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from bongsu.codes.countries import countries, country, find_country, former_areas, name_key
from bongsu.codes.tables import UnknownCodeError, rows
from bongsu.language import Text

PartnerKind = Literal["country", "group", "aggregate", "unknown"]

WORLD, NOT_SPECIFIED = "W00", "X00"
# Other systems' codes for the same; a label in small letters ("usa") is a name, not a code.
_SAME = {"WLD": WORLD, "WL": WORLD, "_X": NOT_SPECIFIED, "S19": "TWN", "X1": "X01", "X2": "X02", "X3": "X03"}
_ENDINGS = (", nes", ", not elsewhere specified", ", n.e.s.", " nes")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of countries.

    Args:
        code: ours.
        name: what it is called.
        partner: publishers give it as one partner instead of its members (the EU); others only repeat their members.
    """

    code: str
    name: Text
    partner: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """A country's time in a group; both days count, an open end is None."""

    group: str
    alpha3: str
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        """Whether the country is a member on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


@cache
def groups() -> Mapping[str, Group]:
    """The dated groups by code."""
    return {
        row["code"]: Group(row["code"], Text(row["name_ko"], row["name_en"]), row["partner"] == "yes")
        for row in rows("groups")
    }


@cache
def aggregates() -> Mapping[str, Text]:
    """Codes of rows that add up others or name nobody: the world, regions, "not specified", bunkers, customs totals."""
    return {row["code"]: Text(row["name_ko"], row["name_en"]) for row in rows("aggregates")}


@cache
def residuals() -> frozenset[str]:
    """The aggregates that name nobody and hold trade of their own (not specified, bunkers, confidential, high seas).

    All others add up rows that stand beside them, or are a part of one: they are nothing more.
    """
    return frozenset(row["code"] for row in rows("aggregates") if row["rest"] == "yes")


@cache
def memberships() -> tuple[Membership, ...]:
    """All memberships, past ones too; the EU counts from the first Communities.

    EU-2020 and its like are the EU with the members of that year on every day: publishers give long series of them.
    """
    return tuple(
        Membership(
            row["group"],
            row["alpha3"],
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["until"]) if row["until"] else None,
        )
        for row in rows("group_members")
    )


def members(group: str, on: date) -> frozenset[str]:
    """The alpha-3 codes of a group's members on a day; empty before it began.

    Raises:
        UnknownCodeError: there is no such group.
    """
    if group not in groups():
        raise UnknownCodeError(
            Text(f"'{group}' 국가군은 없습니다.", f"there is no group '{group}'."),
            mend=Text(f"있는 국가군: {', '.join(groups())}.", f"There are: {', '.join(groups())}."),
        )
    return frozenset(one.alpha3 for one in memberships() if one.group == group and one.holds(on))


def partner_kind(code: str) -> PartnerKind:
    """What a partner code of a record stands for: a country (former ones too), a group, an aggregate or unknown."""
    code = _SAME.get(code, code)
    if code in countries() or code in former_areas():
        return "country"
    if code in groups():
        return "group"
    return "aggregate" if code in aggregates() else "unknown"


def is_partner(code: str) -> bool:
    """Whether a row with this partner may count as one supplier among others.

    Countries may, and groups that a publisher gives instead of their members (the EU). Aggregates, other groups and
    unknown codes never: counted, they would double or blur every share. See `overlaps` for a group beside its members.
    """
    code = _SAME.get(code, code)
    kind = partner_kind(code)
    return kind == "country" or (kind == "group" and groups()[code].partner)


def partner_name(code: str) -> Text | None:
    """The name of a country, group or aggregate by the code that records carry; None where unknown."""
    known = countries().get(code) or former_areas().get(code) or groups().get(code)
    return known.name if known else aggregates().get(code)


def find_partner(label: str) -> str | None:
    """The partner code of a label as a source writes it: a name in any spelling, an alpha-3 or one of our codes.

    "TOTAL FOR ALL COUNTRIES" is W00, "Areas, nes" X00, "EUROPEAN UNION" EU. Comtrade's "Other Asia, nes" is TWN, as
    its readers take it (a few reporters put unspecified partners there). None where unknown or ambiguous.
    """
    text = label.strip()
    if partner_kind(text) != "unknown":
        return _SAME.get(text, text)
    key = name_key(text)
    return _labels().get(key) or find_country(text) or _rest(text)


def census_partner(code: str) -> str | None:
    """The partner code of a US Census code, its totals ("-") and groups ("0003") included; None where unknown."""
    return _census().get(code)


def comtrade_partner(code: str) -> str | None:
    """The partner code of a UN Comtrade number: M49 with Comtrade's own (842 USA, 490 other Asia, 0 world).

    Zeros lost in front are restored: Comtrade itself writes 76 for Brazil.
    """
    padded = code.zfill(3) if code.isdecimal() else code
    if padded in _comtrade():
        return _comtrade()[padded]
    former = {area.m49: area.alpha3 for area in former_areas().values()}
    try:
        return former.get(padded) or (country(padded).alpha3 if padded.isdecimal() else None)
    except UnknownCodeError:
        return None


def overlaps(partners: Collection[str], on: date) -> Mapping[str, frozenset[str]]:
    """Groups among `partners` whose members stand there too, with those members: their sums would count twice."""
    found = {code: members(code, on) & frozenset(partners) for code in partners if code in groups()}
    return {code: doubled for code, doubled in found.items() if doubled}


def _rest(label: str) -> str | None:
    if name_key(label).startswith("worldtotal"):  # "World total (rounded)"
        return WORLD
    # "Other Oceania, nes": nobody in particular, whatever the region.
    return NOT_SPECIFIED if label.casefold().endswith(_ENDINGS) else None


@cache
def _labels() -> Mapping[str, str]:
    found = {name_key("Other Asia, nes"): "TWN", name_key("Other Asia, not elsewhere specified"): "TWN"}
    for row in (*rows("groups"), *rows("aggregates")):
        names = (row["name_ko"], row["name_en"], *row["other_names"].split("|"))
        found |= {name_key(name): row["code"] for name in names}
    return found


@cache
def _census() -> Mapping[str, str]:
    named = {row["code"]: row["partner"] for row in rows("census_groups")}
    return named | {row["code"]: row["alpha3"] for row in rows("census_countries")}


@cache
def _comtrade() -> Mapping[str, str]:
    return {row["code"]: row["partner"] for row in rows("comtrade_codes")}
