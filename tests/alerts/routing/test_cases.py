"""A hundred cases written by hand: exactly who is reached, by which rule, and why."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bongsu.alerts.routing import Facts, Routed, Subscribed, route, rules
from bongsu.alerts.routing.shapes import Who
from bongsu.items.catalogue import catalogue
from bongsu.missions import network

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases.yml").read_text(encoding="utf-8"))["cases"]
_KIND = {
    Who.SUPPLIER_MISSIONS: "mission:",
    Who.ALTERNATIVE_MISSIONS: "mission:",
    Who.MINISTRY_IN_CHARGE: "ministry:",
    Who.MINISTRY_HIT: "ministry:",
}
each_case = pytest.mark.parametrize("case", CASES, ids=[f"{n:03}-{case['item']}" for n, case in enumerate(CASES, 1)])


class Everybody(Collection[str]):
    """Every unit has its people."""

    def __contains__(self, unit: object) -> bool:
        return True

    def __iter__(self) -> Any:  # noqa: ANN401 - never asked for
        raise NotImplementedError

    def __len__(self) -> int:
        return 1


def routed(case: Mapping[str, Any]) -> Routed:
    on = case["day"]
    subscriptions = case.get("subscriptions", {}).items()
    return route(
        catalogue().as_of(on).item(case["item"]),
        Facts(
            main=case.get("main"),
            share=case.get("share"),
            measures=tuple(case.get("measures", ())),
            alternatives=tuple(case.get("alternatives", ())),
        ),
        network=network(),
        on=on,
        level=case["level"],
        subscriptions=[
            Subscribed(user, tuple(of.get("hs", ())), tuple(of.get("items", ()))) for user, of in subscriptions
        ],
        on_duty=case.get("on_duty", ()),
        centre=case.get("centre", ()),
        staffed=case.get("staffed", Everybody()),
    )


def expected(case: Mapping[str, Any]) -> dict[str, str]:
    """unit → rule, with the kinds that the file leaves out."""
    kinds = {rule.id: _KIND.get(rule.who, "") for rule in rules().rules}
    return {
        kinds[rule] + unit: rule
        for rule, units in case["reaches"].items()
        for part in units
        for unit in (part if isinstance(part, list) else [part])
    }


def test_there_are_a_hundred_and_each_is_another() -> None:
    assert len(CASES) >= 100
    assert len({case["case"] for case in CASES}) == len(CASES)


@each_case
def test_reaches_exactly_those_who_must_know(case: dict[str, Any]) -> None:
    found = routed(case)
    assert {one.unit: one.rule for one in found.concerned} == expected(case)
    assert {one.of for one in found.unreached} == set(case.get("unreached", ()))
    assert [one.user for one in found.receivers] == case.get("receivers", [])


@each_case
def test_says_why_in_both_languages(case: dict[str, Any]) -> None:
    found = routed(case)
    why = {one.unit: one.why for one in found.concerned}
    assert bool(case["because"]) == bool(why)
    assert {unit: why[unit].ko for unit in case["because"]} == case["because"]
    for one in (*found.concerned, *found.receivers, *found.unreached):
        assert one.why.ko.endswith(".")
        assert one.why.en.endswith(".")
        assert "{" not in one.why.ko + one.why.en
