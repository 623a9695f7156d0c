"""Loads the routing rules strictly: one error names the file, the rule and the mend."""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter

import yaml

from bongsu.alerts.routing.shapes import Countries, Rule, Rules, Who
from bongsu.language import Text
from bongsu.missions.rows import Row, by_id, read_table

FILE = Path(__file__).parent.parent / "data" / "routing.yml"
LEVELS = range(1, 6)
ACCOUNTABLE_FROM = 3  # fires from which on an alert is never without an accountable human
OF_USES = ("in_charge", "hit")
PARTICLE = re.compile(r"[가-힣]+/[가-힣]+")
_MOST = range(1, 100)
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_ABROAD = (Who.SUPPLIER_MISSIONS, Who.ALTERNATIVE_MISSIONS)
_USES = frozenset({"item", "responsibilities", "uses"})
# What the reason of a rule may speak of.
_SPOKEN = {
    Who.SUPPLIER_MISSIONS: frozenset({"country", "item", "mission"}),
    Who.ALTERNATIVE_MISSIONS: frozenset({"country", "item", "mission"}),
    Who.MINISTRY_IN_CHARGE: _USES | {"ministry"},
    Who.MINISTRY_HIT: _USES | {"ministry"},
    Who.DESK: _USES | {"ministry", "desk"},
    Who.SUBSCRIBERS: frozenset({"item", "subscribed"}),
    Who.DUTY: frozenset({"item", "level"}),
}


@cache
def rules(file: Path = FILE) -> Rules:
    """The rules in `file`, those that ship where none is named; BadInputError names what to mend."""
    entries, _ = read_table(file, "rules")
    table = dict(yaml.safe_load(file.read_text(encoding="utf-8")))
    del table["rules"]
    head = Row("/".join(file.parts[-3:]), "unknown_level_as", table, {})
    unknown_as = _number(head, "unknown_level_as", head.take("unknown_level_as"), LEVELS)
    head.close()
    found = tuple(by_id(entries, _rule).values())
    _check_duty(head, found)
    return Rules(found, unknown_as)


def _rule(row: Row) -> Rule:
    if not _WORD.fullmatch(row.name):
        row.refuse(
            Text("id가 영문 소문자 식별자가 아닙니다.", "its id is no word in lower case."),
            Text("main_supplier처럼 적으십시오.", "Write it as in main_supplier."),
        )
    who = Who(_one_of(row, "who", Who))
    countries = Countries(_one_of(row, "countries", Countries)) if who is Who.SUPPLIER_MISSIONS else None
    spoken = _SPOKEN[who] | ({"share"} if countries is Countries.MAIN else set())
    return Rule(
        id=row.name,
        who=who,
        from_level=_number(row, "from_level", row.take("from_level"), LEVELS),
        why=_spoken(row, row.text("why"), spoken),
        otherwise=_otherwise(row, spoken) if who in (Who.DESK, Who.DUTY) else None,
        countries=countries,
        most_countries=_most(row, "most_countries") if who is Who.ALTERNATIVE_MISSIONS else None,
        most_missions=_most(row, "most_missions") if who in _ABROAD else None,
        responsibilities=_responsibilities(row) if who is Who.DESK else (),
    )


def _otherwise(row: Row, spoken: Collection[str]) -> Text | None:
    sentence = row.text_or_none("otherwise")
    return None if sentence is None else _spoken(row, sentence, spoken)


def _one_of(row: Row, field: str, words: type[StrEnum]) -> str:
    there = "|".join(words)
    return row.word(field, re.compile(there), Text(f"{there} 중 하나", f"one of {there}"))


def _number(row: Row, field: str, value: object, within: range) -> int:
    if type(value) is not int or value not in within:
        row.refuse(
            Text(f"'{field}' 값이 잘못되었습니다.", f"has a wrong '{field}'."),
            Text(
                f"{within[0]}에서 {within[-1]}까지의 정수로 적으십시오.",
                f"Write a whole number from {within[0]} to {within[-1]}.",
            ),
        )
    return value


def _most(row: Row, field: str) -> int | None:
    value = row.take(field, None)
    return None if value is None else _number(row, field, value, _MOST)


def _responsibilities(row: Row) -> str | tuple[str, ...]:
    """`in_charge`, `hit`, or a list of ids."""
    value = row.take("responsibilities")
    if value in OF_USES:
        return str(value)
    ids = value if isinstance(value, list) else []
    if not ids or not all(isinstance(one, str) and _WORD.fullmatch(one) for one in ids):
        row.refuse(
            Text("'responsibilities' 값이 잘못되었습니다.", "has wrong 'responsibilities'."),
            Text(
                "in_charge, hit 또는 소관 업무 id의 목록을 적으십시오.", "Write in_charge, hit, or a list of their ids."
            ),
        )
    return tuple(dict.fromkeys(ids))


def _spoken(row: Row, sentence: Text, spoken: Collection[str]) -> Text:
    """The sentence, once it is sure that it speaks only of what its rule knows."""
    odd = ", ".join(sorted({*_odd(sentence.ko, spoken, particles=True), *_odd(sentence.en, spoken, particles=False)}))
    if odd:
        there = ", ".join(sorted(spoken))
        row.refuse(
            Text(f"이유에 쓸 수 없는 자리가 있습니다: {odd}.", f"its reason has unknown places: {odd}."),
            Text(
                f"쓸 수 있는 자리: {there}. 조사는 {{country:이/가}}처럼 한국어에만 붙입니다.",
                f"Places there are: {there}. A particle, as in {{country:이/가}}, stands in the Korean only.",
            ),
        )
    return sentence


def _odd(text: str, spoken: Collection[str], *, particles: bool) -> Iterator[str]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        yield "{"
        return
    for _, name, particle, conversion in parts:
        if name is None:
            continue
        fits = not particle or (particles and PARTICLE.fullmatch(particle) is not None)
        if name not in spoken or conversion or not fits:
            yield name + (f":{particle}" if particle else "")


def _check_duty(head: Row, found: tuple[Rule, ...]) -> None:
    """From three fires on somebody always answers for an alert: without such a rule the file is no good."""
    if not any(rule.who is Who.DUTY and rule.from_level <= ACCOUNTABLE_FROM for rule in found):
        head.refuse(
            Text(
                "당직 규칙이 없거나 너무 높은 봉수부터입니다.",
                "has no rule for the duty officer, or only from higher up.",
            ),
            Text(
                f"who: duty, from_level: {ACCOUNTABLE_FROM} 이하의 규칙을 두십시오.",
                f"Keep a rule with who: duty and from_level: {ACCOUNTABLE_FROM} or lower.",
            ),
        )
