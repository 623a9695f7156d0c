"""Flows against the year before, and on whom an item depends."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bongsu.detectors.dependence import dependence
from bongsu.detectors.flow import Stream, earlier, flow_signals, stream, supply, year_on_year
from bongsu.detectors.publisher import Setting
from bongsu.detectors.signal import Layer, State
from bongsu.items.item import DependenceFact, Item
from bongsu.language import BadInputError

At = Callable[[date], Setting]
LAST = date(2021, 9, 1)
ON = date(2021, 10, 20)
KNOWN = datetime(2021, 10, 15, 9, tzinfo=UTC)


def row(partner: str, month: date, value: float | None, code: str = "3102100000") -> dict[str, Any]:
    return {
        "source": "monthly", "reporter": "KOR", "flow": "import", "partner": partner, "code_system": "HSK",
        "code": code, "valid": month, "frequency": "M", "value": value, "known_at": KNOWN,
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


@pytest.mark.parametrize(
    ("last", "change", "strength"),
    [(40.0, -0.6, 0.6), (50.0, -0.5, 0.5), (51.0, -0.49, 0.0), (150.0, 0.5, 0.0), (None, None, 0.0)],
)
def test_a_fall_by_half_on_the_year_is_strong(
    urea: Item, at: At, last: float | None, change: float | None, strength: float
) -> None:
    one = imports([*[100.0] * 12, last])
    assert year_on_year(one, "CHN", LAST) == (None if change is None else pytest.approx(change))
    signals = flow_signals(urea, [one], "CHN", at(ON))
    own = next(signal for signal in signals if signal.layer is Layer.OWN_CUSTOMS)
    assert own.strength == pytest.approx(strength)
    assert own.state is (State.MISSING if change is None else State.LIVE)


def test_a_partner_absent_while_others_trade_sent_nothing() -> None:
    found = stream([row("CHN", earlier(LAST, 12), 5.0), row("QAT", LAST, 1.0)], Layer.OWN_CUSTOMS)
    assert found is not None
    assert year_on_year(found, "CHN", LAST) == -1.0
    assert year_on_year(found, "CHN", earlier(LAST, 1)) is None


def test_the_sentence_names_figure_month_and_source(urea: Item, at: At) -> None:
    signals = flow_signals(urea, [imports([*[100.0] * 12, 25.0])], "CHN", at(ON))
    own = next(signal for signal in signals if signal.layer is Layer.OWN_CUSTOMS)
    assert own.headline.ko == "중국에서 오는 요소가 2021년 9월 한 해 전보다 75% 줄었다(월간)."
    assert own.headline.en == "Flows of urea from China fell by 75% on the year in September 2021 (Monthly)."


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
