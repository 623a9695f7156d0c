"""Measures: whose, on what, since when, and where they stand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bongsu.detectors.measure import measure_signals
from bongsu.detectors.publisher import Setting
from bongsu.detectors.signal import Direction, Layer, Signal, State
from bongsu.items.item import HsCode, Item, Supplier

At = Callable[[date], Setting]
DAY = date(2021, 10, 13)
ROW: dict[str, Any] = {
    "source": "list", "jurisdiction": "CHN", "issuer": "GAC", "number": "No. 81", "limb": "", "valid": DAY,
    "published": DAY, "effective": date(2021, 10, 15), "instrument": "export inspection", "direction": "export",
    "hs_codes": ["3102", "3103"], "affected": None, "status": "not_yet_effective", "suspended_from": None,
    "suspended_until": None, "ended_on": None, "known_at": datetime(2021, 10, 13, 10, tzinfo=UTC),
}  # fmt: skip


def signals(urea: Item, at: Setting, main: str | None = "CHN", **changes: object) -> tuple[Signal, ...]:
    return measure_signals(urea, [{**ROW, **changes}], main, (), at)


def test_a_fresh_act_of_the_main_supplier_is_decisive(urea: Item, at: At) -> None:
    (signal,) = signals(urea, at(DAY))
    assert (signal.state, signal.strength, signal.decisive, signal.movement) == (State.LIVE, 1.0, True, 1.0)
    assert signal.headline.ko == (
        "중국이 2021년 10월 13일 수출 검사 조치(No. 81)를 공개했고, 2021년 10월 15일 시행된다(목록)."
    )
    assert signal.headline.en == (
        "China published export inspection (No. 81) on 13 October 2021; it takes effect on 15 October 2021 (List)."
    )
    assert dict(signal.record_refs[0].key)["event"] == "issued"


@pytest.mark.parametrize(
    ("code", "touched"), [("310210", True), ("3102100000", True), ("31", True), ("3102", True), ("310510", False)]
)
def test_codes_touch_by_prefix_either_way(urea: Item, at: At, code: str, touched: bool) -> None:  # noqa: FBT001
    item = replace(urea, hs=(HsCode(code=code, system="HS"),))
    (signal,) = signals(item, at(DAY))
    assert (signal.state is State.LIVE) is touched


@pytest.mark.parametrize(
    "changes",
    [
        {"direction": "import"},
        {"affected": ["USA"]},
        {"jurisdiction": "KOR"},
        {"hs_codes": None},
        {"hs_codes": ["2804"]},
    ],
)
def test_what_does_not_concern_us_leaves_the_layer_missing_not_calm(
    urea: Item, at: At, changes: dict[str, Any]
) -> None:
    (signal,) = signals(urea, at(DAY), **changes)
    assert (signal.layer, signal.state, signal.strength) == (Layer.MEASURE, State.MISSING, 0.0)


def test_a_list_that_names_us_concerns_us(urea: Item, at: At) -> None:
    assert signals(urea, at(DAY), affected=["KOR", "USA"])[0].state is State.LIVE


@pytest.mark.parametrize(
    ("main", "suppliers", "strength"), [("CHN", (), 1.0), (None, (), 0.5), ("QAT", ("CHN",), 0.5), ("QAT", (), 0.25)]
)
def test_the_issuers_part_in_our_supply_weighs(
    urea: Item, at: At, main: str | None, suppliers: tuple[str, ...], strength: float
) -> None:
    (signal,) = measure_signals(urea, [ROW], main, suppliers, at(DAY))
    assert (signal.strength, signal.decisive) == (strength, main == "CHN")


@pytest.mark.parametrize(
    ("on", "strength", "decisive"),
    [(date(2022, 4, 13), 1.0, True), (date(2022, 4, 14), 0.4, False), (date(2023, 10, 16), 0.25, False)],
)
def test_news_becomes_a_standing_condition(urea: Item, at: At, on: date, strength: float, decisive: bool) -> None:  # noqa: FBT001
    (signal,) = signals(urea, at(on), status="in_force")
    assert (signal.strength, signal.decisive, signal.movement) == (strength, decisive, 0.0)


@pytest.mark.parametrize(
    ("status", "on", "strength", "words"),
    [
        ("suspended", date(2026, 10, 1), 0.25, "it is suspended until 10 November 2026"),
        ("suspended", date(2026, 11, 1), 0.5, "it is suspended until 10 November 2026, 9 days ahead"),
        (
            "suspension_end_passed",
            date(2026, 11, 22),
            0.5,
            (
                "the suspension's stated end has passed (10 November 2026), legal effect unverified, issuer never read, "
                "check for an extension"
            ),
        ),
        ("ended", date(2026, 11, 22), 0.0, "it ended on 1 November 2026"),
        ("in_force", date(2026, 11, 22), 0.25, "in force since 15 October 2021"),
        ("unknown", date(2026, 11, 22), 0.5, "its effective date is unknown"),
    ],
)
def test_each_status_says_where_the_act_stands(
    urea: Item, at: At, status: str, on: date, strength: float, words: str
) -> None:
    (signal,) = signals(urea, at(on), status=status, suspended_until=date(2026, 11, 10), ended_on=date(2026, 11, 1))
    assert signal.strength == strength
    assert signal.headline.en == f"China published export inspection (No. 81) on 13 October 2021; {words} (List)."
    assert signal.direction is (Direction.TIGHTER if strength else Direction.EASIER)


def test_a_suspension_without_a_stated_end(urea: Item, at: At) -> None:
    (signal,) = signals(urea, at(DAY), status="suspended")
    assert signal.headline.ko.endswith("기한 없이 효력이 정지되어 있다(목록).")


PASSED: dict[str, Any] = {"status": "suspension_end_passed", "suspended_until": date(2026, 11, 10)}


@pytest.mark.parametrize(
    ("read", "ko", "en"),
    [
        (
            {"list": datetime(2026, 11, 20, 3, 5, tzinfo=UTC), "other": datetime(2026, 11, 21, tzinfo=UTC)},
            "발표 기관의 자료는 2026-11-20 03:05 UTC에 마지막으로 읽었으니",
            "issuer last read at 2026-11-20 03:05 UTC",
        ),
        ({"other": datetime(2026, 11, 21, tzinfo=UTC)}, "발표 기관의 자료를 읽은 적이 없으니", "issuer never read"),
    ],
)
def test_a_passed_end_says_when_the_issuer_was_last_read(
    urea: Item, at: At, read: dict[str, datetime], ko: str, en: str
) -> None:
    (signal,) = signals(urea, replace(at(date(2026, 11, 25)), last_read=read), **PASSED)
    assert signal.headline.ko == (
        "중국이 2021년 10월 13일 수출 검사 조치(No. 81)를 공개했고, 정지의 명시된 기한(2026년 11월 10일)이 지났으나 "
        f"법적 효력은 확인되지 않았고, {ko} 연장되었는지 확인해야 한다(목록)."
    )
    assert signal.headline.en == (
        "China published export inspection (No. 81) on 13 October 2021; the suspension's stated end has passed "
        f"(10 November 2026), legal effect unverified, {en}, check for an extension (List)."
    )


@pytest.mark.parametrize(
    ("on", "moves"), [(date(2026, 11, 11), 0.5), (date(2026, 12, 10), 0.5), (date(2026, 12, 11), 0)]
)
def test_a_passed_end_is_news_for_a_month(urea: Item, at: At, on: date, moves: float) -> None:
    (signal,) = signals(urea, at(on), **PASSED)
    assert (signal.strength, signal.decisive, signal.movement) == (0.5, False, moves)


@pytest.mark.parametrize(("main", "decisive"), [(None, True), ("QAT", False)])
def test_of_an_unknown_main_supplier_the_catalogues_word_stands(
    urea: Item,
    at: At,
    main: str | None,
    decisive: bool,  # noqa: FBT001
) -> None:
    china = Supplier(country="CHN", source="t", known_at=date(2020, 1, 1))
    (signal,) = signals(replace(urea, suppliers=(china,)), at(DAY), main)
    assert signal.decisive is decisive
