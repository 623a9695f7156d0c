"""What holds of routing whatever the item, the day and the warning."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.alerts.routing import Facts, Receiver, Routed, Subscribed, route, rules, unit_name
from bongsu.alerts.routing.load import ACCOUNTABLE_FROM
from bongsu.alerts.routing.shapes import Who
from bongsu.codes.countries import countries
from bongsu.detectors.signal import RAISED
from bongsu.items.catalogue import catalogue
from bongsu.missions import network

ITEMS = sorted(catalogue().items)
PLACES = [*sorted(countries()), "EU"]
FIRST, LAST = date(2010, 1, 1), date(2026, 11, 25)
LEVELS = st.none() | st.integers(1, 5)
facts_of = st.builds(
    Facts,
    main=st.none() | st.sampled_from(PLACES),
    share=st.none() | st.floats(0, 1),
    measures=st.lists(st.sampled_from(PLACES), max_size=3).map(tuple),
    alternatives=st.lists(st.sampled_from(PLACES), max_size=5, unique=True).map(tuple),
)
days = st.dates(FIRST, LAST)
units = st.sets(
    st.sampled_from([f"ministry:{id_}" for id_ in network().ministries] + ["mission:chn_beijing"]), max_size=20
)
people = st.lists(st.integers(1, 99), max_size=3, unique=True)


def routed(item: str, facts: Facts, on: date, level: int | None, **more: object) -> Routed:
    return route(catalogue().item(item), facts, network=network(), on=on, level=level, **more)  # type: ignore[arg-type]


@given(st.sampled_from(ITEMS), facts_of, days, st.none() | st.integers(3, 5), units, st.tuples(people, people))
def test_from_three_fires_on_somebody_answers_or_it_is_said_that_nobody_does(
    item: str, facts: Facts, on: date, level: int | None, staffed: set[str], there: tuple[list[int], list[int]]
) -> None:
    on_duty, centre = there
    found = routed(item, facts, on, level, staffed=staffed, on_duty=on_duty, centre=centre)
    answered = {unit for unit in found.units if unit in staffed and not unit.startswith("mission:")}
    duty = [one.unit for one in found.concerned if one.unit.startswith("user:")]
    called = [f"user:{user}" for user in on_duty[:1] or centre]
    assert duty == ([] if answered else called)
    assert ("duty" in {one.of for one in found.unreached}) == (not answered and not called)


@given(st.sampled_from(ITEMS), facts_of, days, LEVELS, people)
def test_each_unit_stands_once_and_is_one_that_stood_on_the_day(
    item: str, facts: Facts, on: date, level: int | None, on_duty: list[int]
) -> None:
    found = routed(item, facts, on, level, on_duty=on_duty)
    assert len(set(found.units)) == len(found.units)
    net = network()
    tables = {"mission": net.missions, "desk": net.desks, "ministry": net.ministries}
    for unit in found.units:
        kind, _, name = unit.partition(":")
        assert kind == "user" or tables[kind][name].stands_on(on)
        assert unit_name(unit, net).ko


@given(st.sampled_from(ITEMS), facts_of, days, st.integers(1, 4))
def test_a_higher_level_never_reaches_fewer(item: str, facts: Facts, on: date, level: int) -> None:
    below, above = (routed(item, facts, on, each, on_duty=[7]) for each in (level, level + 1))
    assert set(below.units) <= set(above.units)
    assert {one.of for one in below.unreached} <= {one.of for one in above.unreached}


@given(st.sampled_from(ITEMS), facts_of, days)
def test_what_became_public_later_changes_nothing(item: str, facts: Facts, on: date) -> None:
    standing = catalogue().as_of(on).item(item)
    newest = next(one for one in catalogue().versions if (one.id, one.valid_from) == (item, standing.valid_from))
    early, late = (route(each, facts, network=network(), on=on, level=5) for each in (standing, newest))
    assert early == late


@given(
    st.sampled_from(ITEMS), facts_of, LEVELS, st.lists(st.sampled_from(["31", "310210", "2804", "8507"]), max_size=3)
)
def test_a_subscriber_is_never_concerned(item: str, facts: Facts, level: int | None, codes: list[str]) -> None:
    asked = Subscribed(4711, tuple(codes), (item,))
    with_them = routed(item, facts, LAST, level, subscriptions=[asked], on_duty=[7])
    without = routed(item, facts, LAST, level, on_duty=[7])
    assert with_them.concerned == without.concerned
    assert all(isinstance(one, Receiver) and one.user == asked.user for one in with_them.receivers)
    assert len(with_them.receivers) == (level != 1)


def test_every_responsibility_of_the_catalogue_and_the_rules_is_known_to_the_network() -> None:
    known = set(network().responsibilities)
    asked = {one for item in catalogue().items.values() for use in item.uses for one in (*use.in_charge, *use.hit)}
    named = {
        one for rule in rules().rules if not isinstance(rule.responsibilities, str) for one in rule.responsibilities
    }
    assert asked | named <= known


def test_every_item_has_somebody_in_charge_today() -> None:
    nobody = [
        item
        for item in ITEMS
        if not [
            one
            for one in routed(item, Facts(main="CHN", share=0.5), LAST, 2).concerned
            if one.rule == "ministry_in_charge"
        ]
    ]
    assert nobody == []


@pytest.mark.parametrize("day", [FIRST, date(2015, 6, 1), date(2021, 10, 13), LAST, LAST + timedelta(days=3650)])
def test_every_item_can_be_routed_on_any_day(day: date) -> None:
    for item in catalogue().as_of(day).items.values():
        assert route(item, Facts(), network=network(), on=day, level=5, on_duty=[1]).concerned


def test_facts_are_read_from_the_warning_as_it_is_kept() -> None:
    signal = {"layer": "measure", "partner": "CHN", "strength": RAISED}
    kept = {
        "dependence": {"partner": "CHN", "share": 0.88},
        "signals": [
            signal,
            signal,
            {**signal, "partner": "JPN", "strength": 0.2},
            {**signal, "partner": None},
            {**signal, "partner": "RUS", "layer": "price"},
        ],
        "alternatives": [
            {"country": "QAT", "spare": 1.0, "spare_kg": None},
            {"country": "IDN", "spare": None, "spare_kg": 2.0},
            {"country": "SAU", "spare": None, "spare_kg": None},
        ],
    }
    assert Facts.of(kept) == Facts(main="CHN", share=0.88, measures=("CHN",), alternatives=("QAT", "IDN"))
    assert Facts.of({"dependence": None, "alternatives": []}) == Facts()


def test_three_fires_are_where_the_duty_rule_must_hold() -> None:
    assert [rule.from_level for rule in rules().rules if rule.who is Who.DUTY] == [ACCOUNTABLE_FROM]
