"""One code of a schedule as `bongsu grade` answers it: its letter, why, what would change it, and what each method says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from bongsu.cli.grade_facts import Stated
from bongsu.codes.baskets import basket
from bongsu.codes.groups import partner_name
from bongsu.codes.hs import HsName, hs_name, level
from bongsu.indicators.agreement import Judged, disagree, why
from bongsu.indicators.grades import CURRENCY
from bongsu.items.catalogue import HS_DIGITS
from bongsu.items.grade import BANDS, VALUE_FLOOR_USD, Criteria, changes_of
from bongsu.items.item import LETTERS, Item, Override
from bongsu.items.schedule import Schedule, gravest, in_short, unknown_criteria
from bongsu.language import Text
from bongsu.sources.source import Licence

Row = dict[str, Any]
FLOWS, FACT, MIRROR, NOTHING = "flows", "fact", "mirror", "nothing"

SHARE_UNKNOWN = Text(
    "최대 공급국 비중을 모르므로 등급도 알 수 없습니다.", "The top supplier's share is unknown, and so is the grade."
)
NO_IMPORTS = Text(
    "그해 어느 나라에서 들여왔다는 기록이 없어 매길 비중이 없습니다.",
    "No imports from a named country are recorded for that year, so there is no share to grade.",
)
PARTNERS_ONLY = Text(
    "상대국이 팔았다고 신고한 것만 있고 신고하지 않은 나라가 빠져 있어 비중을 알 수 없습니다.",
    "Only what partners say they sold is held; those that do not report are missing, so the share is unknown.",
)
NOT_HELD = Text(
    "이 부호의 수입 기록도 공표된 비중도 없습니다. 목록에 없다는 것은 안전하다는 뜻이 아니라 모른다는 뜻입니다.",
    "Neither imports nor a published share of this code are held. Not being in a list is unknown, not safe.",
)
WOULD_TELL = Text("수입 통계가 들어오면 등급을 매깁니다.", "Import figures would give it a grade.")
HIDDEN_WOULD_TELL = Text("공개되지 않은 몫이 알려지면 정해집니다.", "What is hidden would settle it.")
NOTHING_ALONE = Text("한 가지만 바뀌어서는 등급이 달라지지 않습니다.", "No single change gives another letter.")


@dataclass(frozen=True)
class Code:
    """A code with all that is known of it.

    Args:
        row: as `grades.letters` has it.
        basis: flows, fact, mirror or nothing.
        judged: what each method asked for says, in their order.
        letters: the undamped letters of the years that damping looks at, by year.
        items: the items that it belongs to, by id.
        holds: items inside it, or under the same six digits, without which it is graded.
        stated: the published share that it is graded from, or that stands beside its flows.
    """

    row: Row
    basis: str
    judged: tuple[Judged, ...]
    letters: Mapping[int, str | None]
    items: tuple[Item, ...]
    holds: tuple[Item, ...]
    stated: Stated | None = None

    @property
    def code(self) -> str:
        """The digits."""
        return str(self.row["code"])

    @property
    def override(self) -> Override | None:
        """A person's letter for the one item that the code belongs to."""
        return self.items[0].override if len(self.items) == 1 else None

    @property
    def grade(self) -> tuple[str | None, str | None]:
        """The letter to read, and on what it rests: a person's override, three years, or one year alone."""
        if self.override:
            return self.override.letter, "override"
        if self.row["damped"]:
            return self.row["damped"], "damped"
        return (self.row["letter"], "year") if self.row["letter"] else (None, None)

    @property
    def criteria(self) -> Criteria:
        """What the rule looks at, with the least that the share can be."""
        value = self.row["imports"] if self.row["currency"] == CURRENCY else None
        return gravest(self.items, self.row["share_low"], value)

    @property
    def order(self) -> tuple[Any, ...]:
        """What matters stands first: the grave, the sure, those whose criteria are known, the most at stake."""
        letter, _ = self.grade
        possible = letter or self.row["gravest"]
        grave = LETTERS.index(possible) if possible else len(LETTERS)
        unknown = len(unknown_criteria(self.criteria))
        return grave, letter is None, unknown, -(self.row["at_stake"] or 0.0), self.code, str(self.row["code_system"])

    @property
    def dependent(self) -> bool:
        """Does at least one of the methods call it dependent?"""
        return any(one.dependent for one in self.judged)


def nothing_held(code: str, system: str, held: Schedule, judged: tuple[Judged, ...]) -> Code:
    """A code that was asked for and of which the lake holds nothing."""
    names = (
        "source", "valid", "currency", "imports", "top_supplier", "top_share", "complete", "share_low", "share_high",
        "at_stake", "letter", "gravest", "mildest", "at_best", "damped", "damped_gravest", "damped_mildest",
    )  # fmt: skip
    row: Row = {**dict.fromkeys(names), "code": code, "code_system": system, "years": 0}
    return Code(row, NOTHING, judged, {}, held.of(code, system), held.within(code, system))


def document(one: Code, licence: Licence | None) -> Row:
    """The code as JSON answers it; keys are stable (docs/guide, `bongsu grade`)."""
    row = one.row
    letter, rests_on = one.grade
    named, name_of = _name(one.code)
    return {
        "code": one.code,
        "code_system": row["code_system"],
        "digits": len(one.code),
        "level": level(one.code),
        "name": named,
        "name_of": name_of,
        "name_in_korean": named.ko_known if named else False,
        "basket": _basket(one),
        "items": [item.id for item in one.items],
        "item_names": [item.name for item in one.items],
        "holds": [item.id for item in one.holds],
        "basis": one.basis,
        "source": row["source"],
        "valid": row["valid"],
        "top_supplier": row["top_supplier"],
        "top_supplier_name": _partner(row["top_supplier"]),
        "top_share": row["top_share"],
        "share_low": row["share_low"],
        "share_high": row["share_high"],
        "complete": row["complete"],
        "imports": row["imports"],
        "currency": row["currency"],
        "at_stake": row["at_stake"],
        "grade": letter,
        "grade_rests_on": rests_on,
        "this_year": row["letter"],
        "between": _between(row["gravest"], row["mildest"]),
        "at_best": row["at_best"],
        "damped": row["damped"],
        "damped_between": _between(row["damped_gravest"], row["damped_mildest"]),
        "years": {str(year): found for year, found in one.letters.items()},
        "criteria": {
            "substitution": one.criteria.substitution,
            "domestic": one.criteria.domestic,
            "importance": one.criteria.importance,
        },
        "unknown_criteria": list(unknown_criteria(one.criteria)),
        "why": reason(one),
        "change": change(one),
        "methods": {
            each.method.id: {"dependent": each.dependent, "decides": list(each.decides)} for each in one.judged
        },
        "disagree": disagree(one.judged),
        "disagree_why": why(one.judged),
        "citation": licence.citation if licence else None,
        "licence": licence.name if licence else None,
    }


def _name(code: str) -> tuple[HsName | None, str | None]:
    """The name of the code, else of the nearest one above it, and whose name it is."""
    for digits in (HS_DIGITS, 4, 2):
        if found := hs_name(code[:digits]):
            return found, code[:digits]
    return None, None


def _basket(one: Code) -> list[Text] | None:
    """The goods that share a six-digit code, or that the catalogue says share this one; empty: a basket, contents unlisted."""
    if len(one.code) == HS_DIGITS and (goods := basket(one.code)):
        return list(goods)
    said = any(hs.basket and hs.code == one.code for item in one.items for hs in item.hs)
    return [] if said else None


def _partner(code: str | None) -> Text | None:
    return None if code is None else partner_name(code) or Text(code, code)


def _between(gravest_: str | None, mildest: str | None) -> list[str] | None:
    return None if gravest_ is None or mildest is None or gravest_ == mildest else [gravest_, mildest]


def reason(one: Code) -> Text:
    """Why it has its letter, or has none, in one sentence."""
    row = one.row
    if row["letter"] is None:
        return _no_letter(one)
    if row["share_low"] != row["share_high"]:
        return Text(
            "최대 공급국 비중은 {low}–{high} 사이이며 어느 쪽이어도 {letter}입니다.",
            "The top supplier's share lies between {low} and {high}; it is {letter} either way.",
        ).format(**_shares(row), letter=row["letter"])
    return in_short(one.criteria, _partner(row["top_supplier"]))


def _shares(row: Row) -> dict[str, str]:
    return {"low": f"{row['share_low']:.1%}", "high": f"{row['share_high']:.1%}"}


def _no_letter(one: Code) -> Text:
    row = one.row
    if one.basis == FACT and one.stated:
        return Text(
            "공표된 것은 {partner}의 비중 {low}뿐이어서 최대 공급국 비중은 {low}–{high} 사이이고, 등급은 {first}와 {last} "
            "사이입니다.",
            "Only the share of {partner} is published ({low}): the top supplier's lies between {low} and {high}, the grade "
            "between {first} and {last}.",
        ).format(
            **_shares(row), first=row["gravest"], last=row["mildest"], partner=_partner(one.stated.fact["partner"])
        )
    if row["gravest"] is not None:
        return Text(
            "공개되지 않은 몫이 있어 최대 공급국 비중이 {low}–{high} 사이이고, 등급은 {first}와 {last} 사이입니다.",
            "Part of supply is hidden: the top supplier's share lies between {low} and {high}, the grade between "
            "{first} and {last}.",
        ).format(**_shares(row), first=row["gravest"], last=row["mildest"])
    if one.basis in {MIRROR, NOTHING}:
        return PARTNERS_ONLY if one.basis == MIRROR else NOT_HELD
    return NO_IMPORTS if row["complete"] else SHARE_UNKNOWN


def change(one: Code) -> Text:
    """The nearest single change that would give another letter, in one sentence."""
    if one.row["letter"] is None:
        return HIDDEN_WOULD_TELL if one.row["gravest"] is not None else WOULD_TELL
    return next(iter(changes(one.criteria)), NOTHING_ALONE)


def changes(given: Criteria) -> tuple[Text, ...]:
    """`grade.changes_of`, remembered: it depends on the band and on the side of the floor only."""
    if given.share is None:
        return tuple(changes_of(given))
    band = next(floor for floor, _ in BANDS if given.share >= floor)
    value = given.value_usd
    side = None if value is None else 0.0 if value < VALUE_FLOOR_USD else float(VALUE_FLOOR_USD)
    return _changes(replace(given, share=band, value_usd=side))


@lru_cache(maxsize=4096)
def _changes(given: Criteria) -> tuple[Text, ...]:
    return tuple(changes_of(given))


def sorted_codes(codes: Iterable[Code]) -> Sequence[Code]:
    """What matters first (`Code.order`)."""
    return sorted(codes, key=lambda one: one.order)


def of_items(held: Schedule, row: Row) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """The items that a row's code belongs to, and those that it holds."""
    code, system = row["code"], row["code_system"]
    return held.of(code, system), held.within(code, system)
