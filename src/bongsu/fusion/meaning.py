"""From a foreign notice to its meaning at home: our share, the uses, the stock, who must know, and how grave it is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bongsu.codes.groups import groups
from bongsu.detectors.dependence import Dependence, dependence
from bongsu.detectors.flow import Supply, supply
from bongsu.detectors.price import SeriesId
from bongsu.detectors.publisher import Publisher, Setting
from bongsu.detectors.wording import country as country_name
from bongsu.fusion.gather import Evidence, Snapshot, gather
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.fusion.watch import main_stream, series_names, setting, warn
from bongsu.items.catalogue import Catalogue
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.missions.network import Network
from bongsu.missions.shapes import Desk, Ministry, Mission
from bongsu.records.known import Lag
from bongsu.texts.acts import LIFTING, SUSPENSION
from bongsu.texts.findings import Confidence, FoundGood
from bongsu.texts.notice import Notice

READ = "notice_read"  # stands where a source's id would: nobody delivered this act yet
_READ_BY = Publisher(READ, Text("읽은 공고문", "the notice as read"), Lag(days=0), "irregular")


@dataclass(frozen=True)
class ItemMeaning:
    """What a notice means for one watched item.

    Args:
        item: the item, as known on the day.
        good: how it was found in the notice.
        share: what is known of our imports from the notice's country; None: unknown, which is not zero.
        warning: the item's warning with the notice counted as a measure, where it may be (`counted`); it holds the
            uses with their ministries, days of cover, alternatives, and the main supplier.
        level_without: the level by what is on record alone; None: it cannot be given.
        counted: the notice is an export measure of a known country that names the item clearly enough.
    """

    item: Item
    good: FoundGood
    share: Dependence | None
    warning: Warning
    level_without: int | None
    counted: bool

    @property
    def level(self) -> int | None:
        """The level that is indicated, 1–5; None: it cannot be given, which is not calm."""
        return self.warning.level


@dataclass(frozen=True)
class Meaning:
    """What a notice means at home.

    Args:
        notice: what was read.
        on: the day for which it is asked, in the home time zone.
        home: ISO alpha-3.
        country: the notice's country or group; None: unknown.
        items: the watched items found, the gravest first among those that are equally sure.
        missions: whom to ask and tell abroad.
        in_charge: ministries in charge (소관) of a use of what is found for sure; `hit`: those that would be hit.
        desks: the desks of those in charge, where known.
        notes: what a reader must bear in mind, one sentence each.
    """

    notice: Notice
    on: date
    home: str
    country: str | None
    items: tuple[ItemMeaning, ...]
    missions: tuple[Mission, ...]
    in_charge: tuple[Ministry, ...]
    hit: tuple[Ministry, ...]
    desks: tuple[Desk, ...]
    notes: tuple[Text, ...]

    @property
    def answer(self) -> Text:
        """The notice's meaning in one sentence."""
        sure = [one for one in self.items if one.good.confidence is not Confidence.LOW]
        if not self.items:
            return Text("읽었으나 감시 품목은 찾지 못했다.", "Read; none of the watched items was found in it.")
        if not sure:
            return Text(
                f"감시 품목일 수 있는 말이 {len(self.items)}건 있으나 확실하지 않다. 원문을 확인해야 한다.",
                f"{len(self.items)} watched items may be meant, none for sure: look at the text.",
            )
        ko, en = ", ".join(one.item.name.ko for one in sure), ", ".join(one.item.name.en for one in sure)
        who = country_name(self.country) if self.country else Text("나라를 알 수 없는", "a country that is not known")
        return Text(
            f"{who.ko} 공고가 우리 품목 {len(sure)}건에 걸린다: {ko}.",
            f"A notice of {who.en} touches {len(sure)} of our items: {en}.",
        )


def meaning(
    notice: Notice,
    snapshot: Snapshot,
    catalogue: Catalogue,
    network: Network,
    moment: datetime,
    publishers: Mapping[str, Publisher],
    *,
    home: str = "KOR",
    zone: str = "Asia/Seoul",
) -> Meaning:
    """What `notice` means at home, by what was known at `moment`; each record type is read once.

    Args:
        notice: as `texts.notice.read_notice` gives it.
        snapshot: the lake.
        catalogue: of the home country, of any day; only what was public by `moment` counts.
        network: missions and ministries.
        moment: as of when.
        publishers: the sources' clocks, by source id.
        home: ISO alpha-3.
        zone: the home time zone, which says what day it is.
    """
    on = moment.astimezone(ZoneInfo(zone)).date()
    standing = catalogue.as_of(on).items
    found = [(standing[good.item.id], good) for good in notice.watched if good.item and good.item.id in standing]
    at = setting(home, on, {**publishers, READ: _READ_BY}, moment)
    items: tuple[ItemMeaning, ...] = ()
    if found:
        evidence = gather(snapshot, [item for item, _ in found], home, on, moment)
        known = _Knowledge(evidence, series_names(tuple(standing.values())), network, at, moment)
        items = tuple(_item(item, good, notice, known) for item, good in found)
    uses = [use for one in items if one.good.confidence is not Confidence.LOW for use in one.item.uses]
    charged = _known(network, (each for use in uses for each in use.in_charge))
    return Meaning(
        notice=notice,
        on=on,
        home=home,
        country=notice.jurisdiction,
        items=tuple(sorted(items, key=_rank)),
        missions=_missions(network, notice.jurisdiction, on, home) if items else (),
        in_charge=_holders(network, charged, on),
        hit=_holders(network, _known(network, (each for use in uses for each in use.hit)), on),
        desks=tuple(dict.fromkeys(desk for each in charged for desk in network.desks_for(each, on))),
        notes=tuple(_notes(notice, items, home)),
    )


def _rank(one: ItemMeaning) -> tuple[int, float, str]:
    return list(Confidence).index(one.good.confidence), -(one.level or 0), one.item.id


@dataclass(frozen=True)
class _Knowledge:
    """What is known at home on the day, and whom it is asked for."""

    evidence: Evidence
    names: Mapping[SeriesId, Text]
    network: Network
    at: Setting
    moment: datetime

    def warning(self, item: Item, *measures: Mapping[str, Any]) -> Warning:
        """The item's warning, with further measures than those on record."""
        evidence = replace(self.evidence, measures=(*self.evidence.measures, *measures))
        return warn(item, evidence, self.names, self.network, self.at, self.moment)


def _item(item: Item, good: FoundGood, notice: Notice, known: _Knowledge) -> ItemMeaning:
    without = held = known.warning(item)
    counted = _counts(notice, good, known.at.home)
    if counted:
        held = _unrecorded(known.warning(item, _measure(notice, item, known.at.on, known.moment)))
    share = None if notice.jurisdiction is None else _share(item, notice.jurisdiction, known.evidence, known.at)
    return ItemMeaning(item, good, share, held, without.level, counted)


def _counts(notice: Notice, good: FoundGood, home: str) -> bool:
    """Does the notice speak clearly enough of an export measure abroad on this item?"""
    return (
        good.confidence is not Confidence.LOW
        and notice.instrument is not None
        and notice.direction == "export"
        and notice.jurisdiction not in (None, home)
    )


def _measure(notice: Notice, item: Item, on: date, moment: datetime) -> dict[str, Any]:
    """The notice as a row of `measure_status`, bearing on one item."""
    published = notice.announced or on
    return {
        "source": READ,
        "jurisdiction": notice.jurisdiction,
        "issuer": notice.issuer or "",
        "number": notice.number or notice.name,
        "limb": item.id,
        "event": "issued",
        "valid": published,
        "published": published,
        "effective": notice.effective,
        "instrument": f"{notice.direction} {notice.instrument}",
        "direction": notice.direction,
        "hs_codes": [hs.code for hs in item.hs],
        "affected": [],
        "status": _status(notice, on),
        "suspended_until": notice.until,
        "ended_on": notice.effective or published,
        "known_at": moment,
    }


def _status(notice: Notice, on: date) -> str:
    if notice.instrument == SUSPENSION:
        return "suspended"
    if notice.instrument == LIFTING:
        return "ended"
    if notice.effective is None:
        return "unknown"
    return "not_yet_effective" if notice.effective > on else "in_force"


def _unrecorded(warning: Warning) -> Warning:
    """The warning without references to the notice itself: it is no record, so nobody could walk back to it."""
    signals = tuple(replace(one, record_refs=()) if one.source == READ else one for one in warning.signals)
    evidence = tuple(ref for ref in warning.evidence if ("source", READ) not in ref.key)
    return replace(warning, signals=signals, evidence=evidence)


def _share(item: Item, partner: str, evidence: Evidence, at: Setting) -> Dependence | None:
    """What is known of our imports from one country: the newest of published shares and of our own flows."""
    own = main_stream(evidence.streams.get(item.id, ()))
    held = None if own is None else _from(supply(own), partner)
    facts = [row for row in evidence.facts if row["partner"] == partner]
    cited = tuple(fact for fact in item.dependence if fact.partner == partner)
    return dependence(replace(item, dependence=cited), facts, held, at)


def _from(imports: Supply, partner: str) -> Supply:
    """Whole months without a partner are a known zero; broken ones stay unknown, as `dependence` has it."""
    share = dict(imports.shares).get(partner, 0.0)
    main = imports.shares[:1] and imports.shares[0][0] == partner
    return replace(imports, shares=((partner, share),), refs=imports.refs if main else ())


def _missions(network: Network, country: str | None, on: date, home: str) -> tuple[Mission, ...]:
    if country is None or country == home:
        return ()
    return network.missions_to(country, on) if country in groups() else network.missions_for(country, on)


def _known(network: Network, responsibilities: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in responsibilities if each in network.responsibilities))


def _holders(network: Network, responsibilities: Iterable[str], on: date) -> tuple[Ministry, ...]:
    held = (network.holder(each, on) for each in responsibilities)
    return tuple(dict.fromkeys(ministry for ministry in held if ministry is not None))


def _notes(notice: Notice, items: Iterable[ItemMeaning], home: str) -> Iterator[Text]:
    if notice.jurisdiction is None:
        yield Text(
            "어느 나라의 공고인지 알 수 없다. 나라를 지정하면 비중과 공관을 보인다.",
            "Whose notice it is could not be read: name the country to see shares and missions.",
        )
    elif notice.hinted:
        yield Text("발표 기관을 읽지 못해 지정한 나라로 보았다.", "No issuer was read: the country is as named.")
    if notice.jurisdiction == home:
        yield Text("자국이 낸 공고다.", "It is a notice of our own country.")
    if notice.instrument is None:
        yield Text("조치의 종류를 읽지 못했다.", "What kind of measure it is could not be read.")
    elif notice.instrument in (SUSPENSION, LIFTING):
        yield Text("앞서 낸 조치를 멈추거나 푸는 공고다.", "It suspends or lifts an earlier measure.")
    if notice.direction == "import":
        yield Text("수입 조치여서 우리 수입에 바로 걸리지 않는다.", "It controls imports: ours are not touched.")
    elif notice.direction is None:
        yield Text("수출 조치인지 수입 조치인지 읽지 못했다.", "Exports or imports: that could not be read.")
    if any(one.share is None for one in items) and notice.jurisdiction not in (None, home):
        yield Text(
            "그 나라에서 얼마나 들여오는지 모르는 품목이 있다. 0이라는 뜻이 아니다.",
            "For some items our imports from there are unknown, which does not mean none.",
        )
    yield Text(
        "규칙으로 읽은 결과다. 원문을 아는 사람이 확인해야 한다.",
        "Read by rules: someone who knows the language should confirm it.",
    )
