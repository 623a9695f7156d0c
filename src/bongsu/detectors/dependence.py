"""Dependence: on whom, and how much, by the newest knowledge of facts, the catalogue, or the home's own flows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bongsu.detectors.flow import Supply
from bongsu.detectors.publisher import Setting
from bongsu.detectors.signal import RecordRef, ref_of
from bongsu.detectors.wording import country, josa, mid, per_cent
from bongsu.items.item import DependenceFact, Item
from bongsu.language import BadInputError, Text
from bongsu.records.known import period_end
from bongsu.records.shapes import DEPENDENCE

DEPENDENT = 0.5  # Korean practice: half from one country
OLD_AFTER = 3 * 366  # days since the end of the period
HS6 = 6
_RANK = {"flows": 2, "fact": 1, "catalogue": 0}  # of two that end on one day, the better founded


@dataclass(frozen=True)
class Dependence:
    """A known share of one partner in the home country's imports of an item.

    Args:
        partner: the country.
        share: 0–1.
        measure: import value or import volume, and of what.
        first, last: the period.
        known_at: when the share could be known.
        basis: flows (computed), fact (a published share on record) or catalogue (a share cited there).
        source: who says so.
        old: the period ended more than three years ago.
        headline: the same in one sentence.
        refs: the records behind it.
    """

    partner: str
    share: float
    measure: str
    first: date
    last: date
    known_at: datetime | None
    basis: str
    source: Text
    old: bool
    headline: Text
    refs: tuple[RecordRef, ...] = ()

    @property
    def dependent(self) -> bool:
        """Half or more from one country."""
        return self.share >= DEPENDENT


def dependence(
    item: Item,
    facts: Sequence[Mapping[str, Any]],
    supply: Supply | None,
    at: Setting,
) -> Dependence | None:
    """What is known on a day of the item's main supplier: the newest period; None where nothing is known.

    Args:
        item: as known on that day.
        facts: rows of `dependence` known by then.
        supply: the home's imports of the last twelve months, where its flows are held.
        at: for whom and when.
    """
    claims = (*_from_facts(item, facts, at), *_from_catalogue(item, at), *_from_flows(supply, at))
    newest = max(claims, key=lambda one: (one.span[1], _RANK[one.basis], one.share, one.partner), default=None)
    return None if newest is None else newest.said(item, at)


def touches(code: str, other: str) -> bool:
    """Is one of two codes the beginning of the other?"""
    return code.startswith(other) or other.startswith(code)


@dataclass(frozen=True)
class _Claim:
    """A share as one of the three ways of knowing gives it."""

    partner: str
    share: float
    measure: str
    span: tuple[date, date]
    basis: str
    source: Text
    known_at: datetime | None = None
    refs: tuple[RecordRef, ...] = ()

    def said(self, item: Item, at: Setting) -> Dependence:
        old = (at.on - self.span[1]).days > OLD_AFTER
        return Dependence(
            partner=self.partner,
            share=self.share,
            measure=self.measure,
            first=self.span[0],
            last=self.span[1],
            known_at=self.known_at,
            basis=self.basis,
            source=self.source,
            old=old,
            headline=self._headline(item, at.home, old=old),
            refs=self.refs,
        )

    def _headline(self, item: Item, home: str, *, old: bool) -> Text:
        ours, theirs, when = country(home), country(self.partner), _when(self.span)
        by = Text("물량", "volume") if "volume" in self.measure else Text("금액", "value")
        age = Text(" 세 해가 넘은 수치다.", " The figure is more than three years old.") if old else Text("", "")
        return Text(
            f"{josa(ours.ko, '은', '는')} {when.ko} {item.name.ko} 수입 {by.ko}의 {per_cent(self.share)}를 "
            f"{theirs.ko}에서 들여왔다({self.source.ko}).{age.ko}",
            f"{theirs.en} supplied {per_cent(self.share)} of {ours.en}'s imports of {mid(item.name.en)} "
            f"by {by.en} in {when.en} ({self.source.en}).{age.en}",
        )


def _from_facts(item: Item, facts: Iterable[Mapping[str, Any]], at: Setting) -> Iterator[_Claim]:
    codes = [hs.code for hs in item.hs]
    for row in facts:
        fits = len(row["code"]) >= HS6 and any(touches(row["code"], code) for code in codes)
        if row["reporter"] != at.home or not fits or row["share"] is None:
            continue
        cited = row["citation"]
        yield _Claim(
            partner=row["partner"],
            share=row["share"],
            measure=row["measure"],
            span=(row["valid"], row["valid_until"]),
            basis="fact",
            source=Text(cited, cited) if cited else at.publisher(row["source"]).name,
            known_at=row["known_at"],
            refs=(ref_of(DEPENDENCE, row),),
        )


def _from_catalogue(item: Item, at: Setting) -> Iterator[_Claim]:
    for fact in item.dependence:
        if fact.known_at <= at.on:
            cited = Text(fact.source, fact.source)
            yield _Claim(fact.partner, fact.share, fact.measure, _span(item, fact), "catalogue", cited)


def _from_flows(supply: Supply | None, at: Setting) -> Iterator[_Claim]:
    if supply is None or not supply.complete or not supply.shares:
        return
    yield _Claim(
        partner=supply.shares[0][0],
        share=supply.shares[0][1],
        measure="import value",
        span=(supply.first, period_end(supply.last, "M")),
        basis="flows",
        source=at.publisher(supply.source).name,
        known_at=supply.known_at,
        refs=supply.refs,
    )


def _span(item: Item, fact: DependenceFact) -> tuple[date, date]:
    """First and last day of a stated period: "2020", "2021-09" or "2021-01/2021-09"."""
    first, _, last = fact.period.partition("/")
    try:
        return _edge(first)[0], _edge(last or first)[1]
    except ValueError as error:
        raise BadInputError(
            Text(f"'{fact.period}': 기간을 알 수 없습니다.", f"'{fact.period}' is not a period."),
            where=f"{item.id}: dependence",
            mend=Text("2020, 2021-09, 2021-01/2021-09처럼 쓰십시오.", "Write 2020, 2021-09 or 2021-01/2021-09."),
        ) from error


def _edge(text: str) -> tuple[date, date]:
    year, _, month = text.strip().partition("-")
    start = date(int(year), int(month[:2]) if month else 1, 1)
    return start, period_end(start, "M" if month else "A")


def _when(span: tuple[date, date]) -> Text:
    first, last = span
    if last == period_end(first, "A") and first.month == 1:
        return Text(f"{first.year}년", str(first.year))
    if last == period_end(first, "M"):
        return Text(f"{first.year}년 {first.month}월", f"{first:%B %Y}")
    end = f"{last.month}월" if last.year == first.year else f"{last.year}년 {last.month}월"
    return Text(f"{first.year}년 {first.month}월–{end}", f"{first:%B %Y}–{last:%B %Y}")
