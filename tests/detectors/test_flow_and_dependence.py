"""Flows against the year before, and on whom an item depends."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bongsu.detectors.dependence import dependence
from bongsu.detectors.flow import Stream, earlier, flow_signals, reading, stream, supply, year_on_year
from bongsu.detectors.publisher import Setting
from bongsu.detectors.signal import RAISED, STRONG, Direction, Layer, Signal, State
from bongsu.items.item import DependenceFact, Item
from bongsu.language import BadInputError

At = Callable[[date], Setting]
LAST = date(2021, 9, 1)
ON = date(2021, 10, 20)
KNOWN = datetime(2021, 10, 15, 9, tzinfo=UTC)


def row(partner: str, month: date, value: float | None, code: str = "3102100000") -> dict[str, Any]:
    return {
        "source": "monthly", "reporter": "KOR", "flow": "import", "partner": partner, "code_system": "HSK",
        "code": code, "valid": month, "frequency": "M", "value": value, "weight_kg": None, "known_at": KNOWN,
    }  # fmt: skip


def imports(chinese: Sequence[float | None], others: float = 10.0) -> Stream:
    """Months up to September 2021, the last value last."""
    months = [earlier(LAST, back) for back in reversed(range(len(chinese)))]
    rows = [row("CHN", month, value) for month, value in zip(months, chinese, strict=True)]
    found = stream([*rows, *(row("QAT", month, others) for month in months)], Layer.OWN_CUSTOMS)
    assert found is not None
    return found


def test_months_are_counted_across_years() -> None:
    assert [earlier(date(2021, 2, 1), back) for back in (0, 1, 2, 14)] == [
        date(2021, 2, 1), date(2021, 1, 1), date(2020, 12, 1), date(2019, 12, 1),
    ]  # fmt: skip


def test_codes_of_one_item_are_added_up_and_an_unknown_part_leaves_the_sum_unknown() -> None:
    rows = [
        row("CHN", LAST, 1.0),
        row("CHN", LAST, 2.0, "3102109000"),
        row("QAT", LAST, 1.0),
        row("QAT", LAST, None, "3"),
    ]
    found = stream(rows, Layer.OWN_CUSTOMS)
    assert found is not None
    assert dict(found.values[LAST]) == {"CHN": 3.0, "QAT": None}
    assert len(found.refs["CHN"]) == 2


def own_of(urea: Item, one: Stream, at: At, main: str = "CHN") -> Signal:
    signals = flow_signals(urea, [one], main, at(ON))
    return next(signal for signal in signals if signal.layer is Layer.OWN_CUSTOMS)


@pytest.mark.parametrize(
    ("last", "least", "below"),
    [(5.0, STRONG, 1.1), (15.0, STRONG, 1.1), (40.0, RAISED, STRONG), (60.0, 0.0, RAISED), (150.0, 0.0, RAISED)],
)
def test_the_deeper_a_steady_flow_falls_the_stronger_the_sign(
    urea: Item, at: At, last: float, least: float, below: float
) -> None:
    own = own_of(urea, imports([*[100.0] * 24, last]), at)
    assert least <= own.strength < below
    assert own.state is State.LIVE
    assert own.direction is (Direction.TIGHTER if own.strength else Direction.STEADY)
    assert own.movement == pytest.approx(own.strength)


def test_a_month_that_is_not_known_cannot_be_judged_and_is_not_calm(urea: Item, at: At) -> None:
    for one in (imports([*[100.0] * 24, None]), imports([100.0] * 5)):
        own = own_of(urea, one, at)
        assert (own.state, own.strength, own.direction) == (State.MISSING, 0.0, Direction.UNKNOWN)
        assert "견줄 수 없다" in own.headline.ko
        assert "cannot be held against the past" in own.headline.en


def test_the_same_fall_says_less_where_the_flow_always_swings(urea: Item, at: At) -> None:
    swinging = [20.0, 180.0, 60.0, 240.0, 15.0, 90.0, 130.0] * 8
    assert own_of(urea, imports([*swinging, 25.0]), at).strength < RAISED
    assert own_of(urea, imports([*[100.0] * 56, 25.0]), at).strength >= RAISED


def test_a_low_season_is_no_sign(urea: Item, at: At) -> None:
    season = [100.0, 120.0, 140.0, 120.0, 100.0, 70.0, 45.0, 30.0, 25.0, 30.0, 45.0, 70.0]
    one = imports([*season * 4, *season[:9]])  # the last month is the lowest of the year
    assert own_of(urea, one, at).strength < RAISED


def test_a_sign_stands_while_trade_stays_down_and_goes_when_it_comes_back(urea: Item, at: At) -> None:
    still = own_of(urea, imports([*[100.0] * 48, 5.0, 5.0, 5.0]), at)
    back = own_of(urea, imports([*[100.0] * 48, 5.0, 5.0, 100.0, 100.0, 100.0]), at)
    assert (still.strength >= STRONG, back.strength >= RAISED) == (True, False)


def test_a_partner_absent_while_others_trade_sent_nothing() -> None:
    found = stream([row("CHN", earlier(LAST, 12), 5.0), row("QAT", LAST, 1.0)], Layer.OWN_CUSTOMS)
    assert found is not None
    assert year_on_year(found, "CHN", LAST) == -1.0
    assert year_on_year(found, "CHN", earlier(LAST, 1)) is None


def test_the_sentence_names_figure_month_and_source(urea: Item, at: At) -> None:
    own = own_of(urea, imports([*[100.0] * 24, 25.0]), at)
    assert own.headline.ko == (
        "중국에서 오는 요소가 2021년 9월 한 해 전보다 75% 줄었다"
        "(월간; 최근 석 달은 그 앞 열두 달 평균보다 25% 적다; 꾸준한 흐름에서 까닭 없이는 14년에 한 번꼴이다)."
    )
    assert own.headline.en == (
        "Flows of urea from China fell by 75% on the year in September 2021 "
        "(Monthly; the last three months 25% below the twelve before; for no cause a steady flow does so about once in 14 years)."
    )
    calm = own_of(urea, imports([*[100.0] * 24, 110.0]), at)
    assert calm.headline.en == "Flows of urea from China rose by 10% on the year in September 2021 (Monthly)."


def test_a_stop_a_jump_and_a_seldom_supplier_that_stays_away_are_named(urea: Item, at: At) -> None:
    stop = own_of(urea, imports([*[100.0] * 48, 0.0, 0.0]), at)
    assert stop.headline.ko.startswith("중국에서 오는 요소가 2021년 9월까지 2개월째 끊겼다(월간;")
    assert stop.headline.en.startswith("No urea has come from China for 2 months to September 2021 (Monthly;")
    jump = own_of(urea, imports([*[100.0] * 48, 40_000.0]), at)
    assert jump.strength >= RAISED
    assert jump.headline.ko.startswith("중국에서 오는 요소가 2021년 9월 한 해 전의 400.0배로 뛰었다: 막히기 전에")
    assert "jumped to 400.0 times the year before in September 2021" in jump.headline.en
    seldom = own_of(urea, imports([*[0.0, 0.0, 50.0] * 18, *[0.0] * 6]), at)
    assert seldom.strength >= RAISED
    assert "6개월째 끊겼다(그 앞 24개월 가운데 8개월에 들어왔다)" in seldom.headline.ko


def test_another_large_supplier_that_is_gone_raises_and_is_named(urea: Item, at: At) -> None:
    months = [earlier(LAST, back) for back in reversed(range(48))]
    rows = [row("CHN", month, 100.0) for month in months]
    rows += [row("QAT", month, 40.0) for month in months[:-3]]
    found = stream(rows, Layer.OWN_CUSTOMS)
    assert found is not None
    own = own_of(urea, found, at)
    assert own.strength == RAISED
    assert "몫이 28.6%이던 카타르가 석 달째 빠졌다" in own.headline.ko
    assert "nothing for three months from Qatar, which had 28.6%" in own.headline.en


def test_a_share_that_shifts_while_the_flow_stays_raises_and_is_named(urea: Item, at: At) -> None:
    months = [earlier(LAST, back) for back in reversed(range(48))]
    rows = [row("CHN", month, 100.0) for month in months]
    rows += [row("QAT", month, 10.0 if place < 45 else 1500.0) for place, month in enumerate(months)]
    found = stream(rows, Layer.OWN_CUSTOMS)
    assert found is not None
    own = own_of(urea, found, at)
    assert own.strength == RAISED
    assert "중국의 몫이 열두 달의 90.9%에서 최근 석 달 6.2%로 바뀌었다" in own.headline.ko


def test_a_mirror_flow_tells_no_share() -> None:
    months = [earlier(LAST, back) for back in range(48)]
    found = stream([row("KOR", month, 10.0) | {"reporter": "CHN"} for month in months], Layer.MIRROR_FLOW)
    assert found is not None
    told = reading(found, "KOR")
    assert (told.share, told.usual_share, told.vanished) == (None, None, ())


def test_a_fall_of_price_with_tonnes_as_before_is_half_a_sign() -> None:
    months = [earlier(LAST, back) for back in reversed(range(48))]
    rows = [row("CHN", month, 100.0 if place < 46 else 10.0) for place, month in enumerate(months)]
    alone = stream(rows, Layer.OWN_CUSTOMS)
    weighed = stream([one | {"weight_kg": 7.0} for one in rows], Layer.OWN_CUSTOMS)
    assert alone is not None
    assert weighed is not None
    assert reading(weighed, "CHN").score == pytest.approx((reading(alone, "CHN").score or 0) / 2, rel=1e-4)


def test_without_flows_or_without_a_main_supplier_the_layer_is_missing(urea: Item, at: At) -> None:
    for streams, main in (([], "CHN"), ([imports([100.0] * 13)], None)):
        found = {signal.layer: signal.state for signal in flow_signals(urea, streams, main, at(ON))}
        assert found == {Layer.OWN_CUSTOMS: State.MISSING, Layer.MIRROR_FLOW: State.MISSING}


def test_old_flows_are_stale(urea: Item, at: At) -> None:
    signals = flow_signals(urea, [imports([100.0] * 13)], "CHN", at(date(2022, 3, 1)))
    assert [s.state for s in signals if s.layer is Layer.OWN_CUSTOMS] == [State.STALE]


def test_twelve_months_make_a_supply_and_eleven_do_not() -> None:
    whole, short = supply(imports([30.0] * 12)), supply(imports([30.0] * 11))
    assert (whole.shares, whole.complete, whole.first) == ((("CHN", 0.75), ("QAT", 0.25)), True, date(2020, 10, 1))
    assert short.complete is False


def fact(share: float, first: date, last: date, code: str = "310210", **more: object) -> dict[str, Any]:
    return {
        "source": "list", "reporter": "KOR", "partner": "CHN", "code_system": "HS", "code": code, "subject": "urea",
        "measure": "import volume", "valid": first, "valid_until": last, "share": share, "citation": None,
        "known_at": KNOWN, **more,
    }  # fmt: skip


YEAR = (date(2020, 1, 1), date(2020, 12, 31))


def test_a_fact_gives_share_period_and_source(urea: Item, at: At) -> None:
    found = dependence(urea, [fact(0.88, *YEAR)], None, at(ON))
    assert found is not None
    assert (found.partner, found.share, found.dependent, found.old, found.basis) == ("CHN", 0.88, True, False, "fact")
    assert found.headline.ko == "한국은 2020년 요소 수입 물량의 88%를 중국에서 들여왔다(목록)."
    assert found.headline.en == "China supplied 88% of South Korea's imports of urea by volume in 2020 (List)."


def test_the_newest_period_counts_and_flows_go_before_facts(urea: Item, at: At) -> None:
    flows = supply(imports([30.0] * 12))
    found = dependence(urea, [fact(0.88, *YEAR), fact(0.9, date(2020, 10, 1), date(2021, 9, 30))], flows, at(ON))
    assert found is not None
    assert (found.basis, found.share) == ("flows", 0.75)
    assert "October 2020–September 2021" in found.headline.en


def test_flows_with_a_withheld_partner_prove_no_dependence(urea: Item, at: At) -> None:
    flows = supply(imports([*[30.0] * 11, None]))
    assert dependence(urea, [], flows, at(ON)) is None


@pytest.mark.parametrize("changes", [{"code": "31"}, {"code": "310221"}, {"reporter": "JPN"}, {"share": None}])
def test_facts_of_others_and_of_wider_goods_do_not_count(urea: Item, at: At, changes: dict[str, Any]) -> None:
    assert dependence(urea, [fact(0.88, *YEAR) | changes], None, at(ON)) is None


def test_a_catalogue_fact_counts_from_the_day_it_was_public(urea: Item, at: At) -> None:
    cited = DependenceFact(
        source="press", known_at=date(2021, 11, 5), partner="CHN", share=0.976, measure="import volume",
        period="2021-01/2021-09",
    )  # fmt: skip
    item = replace(urea, dependence=(cited,))
    assert dependence(item, [], None, at(date(2021, 11, 4))) is None
    found = dependence(item, [], None, at(date(2021, 11, 5)))
    assert found is not None
    assert (found.first, found.last, found.basis) == (date(2021, 1, 1), date(2021, 9, 30), "catalogue")
    assert "2021년 1월–9월" in found.headline.ko


def test_after_three_years_a_share_is_called_old(urea: Item, at: At) -> None:
    found = dependence(urea, [fact(0.88, *YEAR)], None, at(date(2024, 6, 1)))
    assert found is not None
    assert found.old
    assert found.headline.ko.endswith("세 해가 넘은 수치다.")


def test_a_period_that_nobody_can_read_names_the_item(urea: Item, at: At) -> None:
    cited = DependenceFact(
        source="press", known_at=date(2020, 1, 1), partner="CHN", share=0.9, measure="import value", period="lately"
    )
    with pytest.raises(BadInputError, match="urea: dependence: 'lately' is not a period"):
        dependence(replace(urea, dependence=(cited,)), [], None, at(ON))
