"""Dependence: on whom, and how much, by the newest knowledge of facts, the catalogue, or the home's own flows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bongsu.detectors.flow import Supply
from bongsu.detectors.publisher import Publisher, publisher
from bongsu.detectors.signal import RecordRef, ref_of
from bongsu.detectors.wording import country, josa, per_cent
from bongsu.items.item import DependenceFact, Item
from bongsu.language import Text
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
    home: str,
    facts: Sequence[Mapping[str, Any]],
    supply: Supply | None,
    known: Mapping[str, Publisher],
    on: date,
) -> Dependence | None:
    """What is known on a day of the item's main supplier: the newest period; None where nothing is known.

    Args:
        item: as known on that day.
        home: ISO alpha-3.
        facts: rows of `dependence` known by then.
        supply: the home's imports of the last twelve months, where its flows are held.
        known: the publishers.
        on: the day asked for.
    """
    found = [
        *_from_facts(item, home, facts, known, on),
        *_from_catalogue(item, home, on),
        *_from_flows(item, home, supply, known, on),
    ]
    newest = max(found, key=lambda one: (one.last, _RANK[one.basis], one.share, one.partner), default=None)
    return newest


def touches(code: str, other: str) -> bool:
    """Is one of two codes the beginning of the other?"""
    return code.startswith(other) or other.startswith(code)


def _from_facts(
    item: Item, home: str, facts: Iterable[Mapping[str, Any]], known: Mapping[str, Publisher], on: date
) -> Iterator[Dependence]:
    codes = [hs.code for hs in item.hs]
    for row in facts:
        fits = len(row["code"]) >= HS6 and any(touches(row["code"], code) for code in codes)
        if row["reporter"] == home and fits and row["share"] is not None:
            name = Text(row["citation"] or "", row["citation"] or "")
            source = publisher(known, row["source"]).name if not row["citation"] else name
            first, last = row["valid"], row["valid_until"]
            yield _dependence(
                item, home, row["partner"], row["share"], row["measure"], (first, last), row["known_at"],
                "fact", source, on, (ref_of(DEPENDENCE, row),),
            )  # fmt: skip


def _from_catalogue(item: Item, home: str, on: date) -> Iterator[Dependence]:
    for fact in item.dependence:
        if fact.known_at <= on:
            yield _dependence(
                item, home, fact.partner, fact.share, fact.measure, _span(fact), None, "catalogue",
                Text(fact.source, fact.source), on, (),
            )  # fmt: skip


def _from_flows(
    item: Item, home: str, supply: Supply | None, known: Mapping[str, Publisher], on: date
) -> Iterator[Dependence]:
    if supply is None or not supply.complete or not supply.shares:
        return
    partner, share = supply.shares[0]
    name = publisher(known, supply.source).name
    span = (supply.first, period_end(supply.last, "M"))
    yield _dependence(item, home, partner, share, "import value", span, supply.known_at, "flows", name, on, supply.refs)


def _span(fact: DependenceFact) -> tuple[date, date]:
    """First and last day of a stated period: "2020", "2021-09" or "2021-01/2021-09"."""
    first, _, last = fact.period.partition("/")
    return _edge(first)[0], _edge(last or first)[1]


def _edge(text: str) -> tuple[date, date]:
    year, _, month = text.strip().partition("-")
    start = date(int(year), int(month[:2] or 1) if month else 1, 1)
    return start, period_end(start, "M" if month else "A")


def _dependence(  # noqa: PLR0913 - one place where all three ways of knowing meet
    item: Item,
    home: str,
    partner: str,
    share: float,
    measure: str,
    span: tuple[date, date],
    known_at: datetime | None,
    basis: str,
    source: Text,
    on: date,
    refs: tuple[RecordRef, ...],
) -> Dependence:
    old = (on - span[1]).days > OLD_AFTER
    headline = _headline(item, home, partner, share, measure, span, source, old=old)
    return Dependence(partner, share, measure, *span, known_at, basis, source, old=old, headline=headline, refs=refs)


def _headline(  # noqa: PLR0913 - the sentence names them all
    item: Item,
    home: str,
    partner: str,
    share: float,
    measure: str,
    span: tuple[date, date],
    source: Text,
    *,
    old: bool,
) -> Text:
    ours, theirs, when = country(home), country(partner), _when(span)
    by = Text("물량", "volume") if "volume" in measure else Text("금액", "value")
    age = Text(" 세 해가 넘은 수치다.", " The figure is more than three years old.") if old else Text("", "")
    return Text(
        f"{josa(ours.ko, '은', '는')} {when.ko} {item.name.ko} 수입 {by.ko}의 {per_cent(share)}를 "
        f"{theirs.ko}에서 들여왔다({source.ko}).{age.ko}",
        f"{theirs.en} supplied {per_cent(share)} of {ours.en}'s imports of {item.name.en[:1].lower()}"
        f"{item.name.en[1:]} by {by.en} in {when.en} ({source.en}).{age.en}",
    )


def _when(span: tuple[date, date]) -> Text:
    first, last = span
    if last == period_end(first, "A") and first.month == 1:
        return Text(f"{first.year}년", str(first.year))
    if last == period_end(first, "M"):
        return Text(f"{first.year}년 {first.month}월", f"{first:%B %Y}")
    end = f"{last.month}월" if last.year == first.year else f"{last.year}년 {last.month}월"
    return Text(f"{first.year}년 {first.month}월–{end}", f"{first:%B %Y}–{last:%B %Y}")
