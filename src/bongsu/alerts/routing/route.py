"""From a warning's facts to who must know, and why. Pure: rules, item, network and day in, units and reasons out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bongsu.alerts.routing.load import rules as shipped
from bongsu.alerts.routing.shapes import (
    Concerned,
    Countries,
    Facts,
    Receiver,
    Routed,
    Rule,
    Rules,
    Subscribed,
    Unreached,
    Who,
)
from bongsu.alerts.routing.wording import filled, fires, joined, listed
from bongsu.codes.groups import groups
from bongsu.detectors.wording import country as country_name
from bongsu.detectors.wording import josa, mid, per_cent
from bongsu.items.item import Item, Use
from bongsu.language import Text
from bongsu.missions.network import Network
from bongsu.missions.shapes import Mission

ACCOUNTABLE = ("desk", "ministry")  # a mission is asked and told; what a warning means at home is answered for at home
Said = Concerned | Receiver | Unreached


def route(  # noqa: PLR0913 - all that decides who must know, each thing by its name
    item: Item,
    warning: Mapping[str, Any] | Facts,
    *,
    network: Network,
    on: date,
    level: int | None,
    subscriptions: Iterable[Subscribed] = (),
    on_duty: Sequence[int] = (),
    centre: Sequence[int] = (),
    staffed: Collection[str] = (),
    rules: Rules | None = None,
) -> Routed:
    """Who must know of a warning.

    Args:
        item: in the version that stands on the day; what became public later is left out.
        warning: as kept with an alert, or its facts alone.
        network: missions, ministries and desks.
        on: the day, in the home time zone.
        level: 1–5; None: it cannot be given, which is not calm.
        subscriptions: open ones; they lead to releases only.
        on_duty: accounts on the rota now, the one who is called first in front.
        centre: accounts that answer where the rota has a hole.
        staffed: units for which an open account stands that can handle alerts; who is not named is not there.
        rules: None: those that ship.
    """
    facts = warning if isinstance(warning, Facts) else Facts.of(warning)
    table = rules or shipped()
    asked = _Asked(item.as_of(on), facts, network, on, level, tuple(subscriptions))
    standing = [rule for rule in table.rules if rule.holds(level, table.unknown_as)]
    said = [one for rule in standing if rule.who is not Who.DUTY for one in _KINDS[rule.who](rule, asked)]
    concerned = _merged(one for one in said if isinstance(one, Concerned))
    if not _answered_for(concerned, staffed):
        duty = [one for rule in standing if rule.who is Who.DUTY for one in _duty(rule, asked, on_duty, centre)]
        said += duty
        concerned = _merged((*concerned, *(one for one in duty if isinstance(one, Concerned))))
    return Routed(
        concerned,
        receivers=tuple(one for one in said if isinstance(one, Receiver)),
        unreached=tuple(dict.fromkeys(one for one in said if isinstance(one, Unreached))),
    )


@dataclass(frozen=True)
class _Asked:
    """One question: of what, when, and what is known."""

    item: Item
    facts: Facts
    network: Network
    on: date
    level: int | None
    subscriptions: tuple[Subscribed, ...]

    @property
    def name(self) -> Text:
        """The item's name inside a sentence."""
        return Text(self.item.name.ko, mid(self.item.name.en))


def _merged(found: Iterable[Concerned]) -> tuple[Concerned, ...]:
    """Each unit once: under the first rule that reached it, with every reason."""
    reached: dict[str, list[Concerned]] = defaultdict(list)
    for one in found:
        reached[one.unit].append(one)
    return tuple(Concerned(unit, each[0].rule, joined(one.why for one in each)) for unit, each in reached.items())


def _answered_for(concerned: Iterable[Concerned], staffed: Collection[str]) -> bool:
    return any(one.unit in staffed and one.unit.partition(":")[0] in ACCOUNTABLE for one in concerned)


# ---- abroad


def _suppliers(rule: Rule, asked: _Asked) -> Iterator[Said]:
    facts = asked.facts
    if rule.countries is Countries.MAIN and facts.main is None:
        yield Unreached(rule.id, "main_supplier", _NO_MAIN)
    known = [one.country for one in asked.item.suppliers if one.country != facts.main]
    each = {
        Countries.MAIN: [facts.main] if facts.main else [],
        Countries.MEASURE: list(facts.measures),
        Countries.KNOWN: known,
    }
    yield from _missions(rule, each[rule.countries or Countries.KNOWN], asked)


_NO_MAIN = Text(
    "주된 공급국을 몰라 그 나라 공관에 알리지 못한다.",
    "The main supplier is not known, and so no mission there is told.",
)


def _alternatives(rule: Rule, asked: _Asked) -> Iterator[Said]:
    others = [one for one in asked.facts.alternatives if one not in (asked.facts.main, asked.network.home)]
    yield from _missions(rule, others[: rule.most_countries], asked)


def _missions(rule: Rule, countries: Iterable[str], asked: _Asked) -> Iterator[Said]:
    for code in dict.fromkeys(countries):
        if code == asked.network.home:
            continue
        found = _posted(asked.network, code, asked.on)
        where = country_name(code)
        if not found:
            yield Unreached(rule.id, f"country:{code}", _nobody_there(where))
        for mission in found[: rule.most_missions]:
            share = per_cent(asked.facts.share) if asked.facts.share is not None else "?"
            why = filled(rule.why, country=where, item=asked.name, mission=mission.name, share=share)
            yield Concerned(f"mission:{mission.id}", rule.id, joined((why, *_accredited(mission, code, where))))


def _posted(network: Network, code: str, on: date) -> tuple[Mission, ...]:
    return network.missions_to(code, on) if code in groups() else network.missions_for(code, on)


def _accredited(mission: Mission, code: str, where: Text) -> Iterator[Text]:
    if code not in groups() and mission.host != code:
        yield Text(f"이 공관이 {josa(where.ko, '을', '를')} 겸임한다.", f"This mission is accredited to {where.en}.")


def _nobody_there(where: Text) -> Text:
    return Text(
        f"{josa(where.ko, '을', '를')} 맡는 공관을 알지 못한다. 알릴 곳이 없다는 뜻이 아니다.",
        f"No mission is known that covers {where.en}, which does not mean that nobody need be told.",
    )


# ---- at home


@dataclass
class _Work:
    """What of an item falls to one unit: the responsibilities, and the uses that they are of."""

    responsibilities: list[Text] = field(default_factory=list)
    uses: list[Text] = field(default_factory=list)

    def why(self, sentence: Text, asked: _Asked, **names: Text) -> Text:
        """The reason, filled with it."""
        work = {"responsibilities": listed(self.responsibilities), "uses": listed(self.uses)}
        return filled(sentence, item=asked.name, **work, **names)


def _in_charge(rule: Rule, asked: _Asked) -> Iterator[Said]:
    yield from _ministries(rule, rule.why, _of_uses(asked, "in_charge"), asked)


def _hit(rule: Rule, asked: _Asked) -> Iterator[Said]:
    yield from _ministries(rule, rule.why, _of_uses(asked, "hit"), asked)


def _of_uses(asked: _Asked, side: str) -> Mapping[str, tuple[Use, ...]]:
    """Responsibilities to the uses that name them, in the item's order."""
    found: dict[str, list[Use]] = defaultdict(list)
    for use in asked.item.uses:
        for one in use.in_charge if side == "in_charge" else use.hit:
            found[one].append(use)
    return {one: tuple(uses) for one, uses in found.items()}


def _ministries(rule: Rule, sentence: Text, of: Mapping[str, tuple[Use, ...]], asked: _Asked) -> Iterator[Said]:
    """The holders of responsibilities on the day, each once; one without a known holder is said."""
    work: dict[str, _Work] = defaultdict(_Work)
    if not asked.item.uses:
        yield Unreached(rule.id, "uses", _NO_USES)
    for name, uses in of.items():
        known = asked.network.responsibilities.get(name)
        holder = known.holder_on(asked.on) if known else None
        if known is None or holder is None:
            yield Unreached(rule.id, f"responsibility:{name}", _nobody_holds(known.name if known else Text(name, name)))
            continue
        work[holder].responsibilities.append(known.name)
        work[holder].uses.extend(use.name for use in uses)
    for holder, held in work.items():
        ministry = asked.network.ministries[holder]
        yield Concerned(f"ministry:{holder}", rule.id, held.why(sentence, asked, ministry=ministry.name))


_NO_USES = Text(
    "품목의 쓰임을 알지 못해 어느 부처의 일인지 알 수 없다.",
    "What the item is for is not known, and so whose concern it is.",
)


def _nobody_holds(name: Text) -> Text:
    return Text(
        f"이날 {josa(name.ko, '을', '를')} 맡은 부처를 알지 못한다.",
        f"Which ministry is responsible for {mid(name.en)} on this day is not known.",
    )


def _desks(rule: Rule, asked: _Asked) -> Iterator[Said]:
    """The desks known on the day. Few are: for a rule with `otherwise` the ministry is told where none is."""
    named = rule.responsibilities
    of = _of_uses(asked, named) if isinstance(named, str) else dict.fromkeys(named, asked.item.uses)
    work: dict[str, _Work] = defaultdict(_Work)
    orphaned: dict[str, tuple[Use, ...]] = {}
    for name, uses in of.items():
        known = asked.network.responsibilities.get(name)
        desks = asked.network.desks_for(name, asked.on) if known else ()
        if known is None or not desks:
            orphaned[name] = uses
            continue
        for desk in desks:
            work[desk.id].responsibilities.append(known.name)
            work[desk.id].uses.extend(use.name for use in uses)
    for desk_id, held in work.items():
        desk = asked.network.desks[desk_id]
        ministry = asked.network.ministries[desk.ministry].name
        yield Concerned(f"desk:{desk_id}", rule.id, held.why(rule.why, asked, desk=desk.name, ministry=ministry))
    if rule.otherwise is not None:
        yield from _ministries(rule, rule.otherwise, orphaned, asked)


# ---- subscribers, and whoever answers when nobody does


def _subscribers(rule: Rule, asked: _Asked) -> Iterator[Said]:
    for one in asked.subscriptions:
        fits = one.wants(asked.item)
        if fits:
            codes = [asked.item.name if fit == asked.item.id else Text(fit, fit) for fit in fits]
            yield Receiver(one.user, rule.id, filled(rule.why, item=asked.name, subscribed=listed(codes)))


def _duty(rule: Rule, asked: _Asked, on_duty: Sequence[int], centre: Sequence[int]) -> Iterator[Said]:
    """The officer on duty; where the rota has a hole, every centre analyst; where there is none either, it is said."""
    called = on_duty[:1] or centre
    sentence = rule.why if on_duty else rule.otherwise or rule.why
    why = filled(sentence, item=asked.name, level=fires(asked.level))
    yield from (Concerned(f"user:{user}", rule.id, why) for user in called)
    if not called:
        yield Unreached(rule.id, "duty", NOBODY_ANSWERS)


NOBODY_ANSWERS = Text(
    "책임질 사람이 아무도 없다. 당직표를 채우거나 담당과·부처의 계정을 만들어야 한다.",
    "Nobody answers for this alert: fill the rota, or make accounts for the desks and ministries.",
)
_KINDS = {
    Who.SUPPLIER_MISSIONS: _suppliers,
    Who.ALTERNATIVE_MISSIONS: _alternatives,
    Who.MINISTRY_IN_CHARGE: _in_charge,
    Who.MINISTRY_HIT: _hit,
    Who.DESK: _desks,
    Who.SUBSCRIBERS: _subscribers,
}
