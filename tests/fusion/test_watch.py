"""The watch on small tables: flows, ranking, what is unknown, and nothing from the future."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from bongsu.detectors.flow import earlier
from bongsu.detectors.publisher import Publisher
from bongsu.detectors.signal import Layer, State
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.fusion.watch import watch
from bongsu.items.catalogue import catalogue
from bongsu.language import UsageError
from bongsu.missions.load import network
from bongsu.records.known import end_of_day
from bongsu.records.shapes import DEPENDENCE, TRADE_FLOW, RecordType

Watch = Callable[..., Mapping[str, Warning]]
Rows = Callable[[RecordType, list[dict[str, Any]]], pa.Table]
DAY = date(2024, 6, 20)
LAST = date(2024, 5, 1)


def flow(partner: str, month: date, value: float | None, **more: object) -> dict[str, Any]:
    published = datetime.combine(earlier(month, -1), datetime.min.time(), UTC) + timedelta(14, hours=6)
    return {
        "source": "kr_customs", "reporter": "KOR", "flow": "import", "partner": partner, "code_system": "HSK",
        "code": "3102101000", "valid": month, "frequency": "M", "value": value, "currency": "USD",
        "known_at": published, **more,
    }  # fmt: skip


def imports(fall: float = 1.0, **more: object) -> list[dict[str, Any]]:
    """Two years of urea: China 80, Qatar 15, Vietnam 5, and in the last month China's part times `fall`."""
    months = [earlier(LAST, back) for back in range(24)]
    rows = []
    for month in months:
        shares = {"CHN": 80.0 * (fall if month == LAST else 1.0), "QAT": 15.0, "VNM": 5.0}
        shares["W00"] = sum(shares.values())  # a total that stayed would say that somebody is hidden
        rows += [flow(partner, month, value, **more) for partner, value in shares.items()]
    return rows


def test_flows_give_dependence_alternatives_and_a_level(watched: Watch, records: Rows) -> None:
    warning = watched({"trade_flow": records(TRADE_FLOW, imports(0.2))}, DAY)["urea"]
    assert warning.dependence is not None
    assert (warning.dependence.basis, warning.dependence.partner) == ("flows", "CHN")
    assert [(one.country, one.name.ko) for one in warning.alternatives] == [("QAT", "카타르"), ("VNM", "베트남")]
    assert (warning.level, warning.dependent, warning.no_current_figures) == (3, True, False)
    assert warning.reasons[0].ko.startswith("중국에서 오는 요소가 2024년 5월 한 해 전보다 80% 줄었다")
    assert [view.layer for view in warning.layers_in(State.LIVE)] == [Layer.OWN_CUSTOMS]
    assert {ref.record for ref in warning.evidence} == {"trade_flow"}


def test_alternatives_come_by_what_they_sell_elsewhere_and_a_hub_is_flagged(watched: Watch, records: Rows) -> None:
    year = {"source": "t", "flow": "export", "code_system": "HS", "code": "310210", "frequency": "A"}
    sold = [
        flow(partner, date(2023, 1, 1), value, reporter=who, weight_kg=value * 10, **year)
        for who, partner, value in (("VNM", "JPN", 700.0), ("HKG", "JPN", 20.0), ("CHN", "JPN", 9000.0))
    ]
    warning = watched({"trade_flow": records(TRADE_FLOW, [*imports(), *sold])}, DAY)["urea"]
    told = [(one.country, one.share, one.spare, one.spare_kg, one.spare_year, one.hub) for one in warning.alternatives]
    assert told == [
        ("VNM", 0.05, 700.0, 7000.0, 2023, False),
        ("HKG", None, 20.0, 200.0, 2023, True),
        ("QAT", 0.15, None, None, None, False),
    ]
    assert [note.ko for note in warning.alternatives[1].notes] == [
        "2023년에 다른 나라로 200kg 수출",
        "홍콩: 중계지일 수 있음",
    ]


def test_steady_flows_of_a_known_supplier_are_calm(watched: Watch, records: Rows) -> None:
    warning = watched({"trade_flow": records(TRADE_FLOW, imports())}, DAY)["urea"]
    assert (warning.level, warning.known, warning.lower_if) == (1, True, ())
    assert warning.next_step.en == "Keep to the regular check."


def test_two_depths_of_one_trade_are_not_counted_twice(watched: Watch, records: Rows) -> None:
    rows = [*imports(0.2), *imports(0.2, code="310210", code_system="HS"), *imports(0.2, code="3102")]
    deep = watched({"trade_flow": records(TRADE_FLOW, rows)}, DAY)["urea"]
    (view,) = deep.layers_in(State.LIVE)
    refs = {s.layer: [dict(ref.key)["code"] for ref in s.record_refs] for s in deep.signals if s.record_refs}
    assert refs == {Layer.OWN_CUSTOMS: ["310210"], Layer.UNIT_VALUE: ["310210"] * 3}
    once = watched({"trade_flow": records(TRADE_FLOW, imports(0.2))}, DAY)["urea"]
    assert view.strength == once.layers_in(State.LIVE)[0].strength > 0.5


def test_a_mirror_of_the_suppliers_exports_is_a_layer_of_its_own(watched: Watch, records: Rows) -> None:
    fact = {
        "source": "dependence_table", "reporter": "KOR", "partner": "CHN", "code_system": "HS", "code": "310210",
        "subject": "urea", "measure": "import value", "valid": date(2023, 1, 1), "valid_until": date(2023, 12, 31),
        "share": 0.9, "known_at": datetime(2024, 1, 31, tzinfo=UTC),
    }  # fmt: skip
    mirror = [
        flow("KOR", earlier(LAST, back), 10.0 if back else 2.0, reporter="CHN", flow="export", code="310210")
        for back in range(24)
    ]
    tables = {"trade_flow": records(TRADE_FLOW, mirror), "dependence": records(DEPENDENCE, [fact])}
    warning = watched(tables, DAY)["urea"]
    assert [view.layer for view in warning.layers_in(State.LIVE)] == [Layer.MIRROR_FLOW]
    assert (warning.level, warning.alternatives) == (3, ())


def test_nothing_held_is_no_current_figures_and_never_calm(watched: Watch) -> None:
    for warning in watched({}, DAY, None).values():
        assert warning.level is None
        assert warning.no_current_figures
        assert warning.reasons[0].ko == "현재 수치 없음."
        assert warning.layers_in(State.LIVE) == ()


def test_stale_flows_are_shown_as_stale_and_say_what_to_fetch(watched: Watch, records: Rows) -> None:
    warning = watched({"trade_flow": records(TRADE_FLOW, imports(0.2))}, date(2025, 6, 20))["urea"]
    assert (warning.level, warning.no_current_figures) == (None, True)
    (view,) = warning.layers_in(State.STALE)
    assert (view.layer, view.valid) == (Layer.OWN_CUSTOMS, LAST)
    assert "2024년 5월 1일" in warning.next_step.ko


def test_a_withheld_supplier_is_not_read_as_diversified(watched: Watch, records: Rows) -> None:
    """China's figures hidden: Qatar is not the main supplier, and nothing is calm."""
    rows = [{**row, "value": None if row["partner"] == "CHN" else row["value"]} for row in imports()]
    warning = watched({"trade_flow": records(TRADE_FLOW, rows)}, date(2021, 1, 20))["urea"]
    assert warning.dependent is None
    later = watched({"trade_flow": records(TRADE_FLOW, rows)}, DAY)["urea"]
    assert later.dependence is not None
    assert later.dependence.basis != "flows"
    assert later.level is None


def test_the_gravest_come_first_and_unknown_stands_above_calm(watched: Watch, records: Rows) -> None:
    levels = [one.level for one in watched({"trade_flow": records(TRADE_FLOW, imports(0.2))}, DAY, None).values()]
    assert levels == sorted(levels, key=lambda level: -(1.5 if level is None else level))
    assert levels[0] == 3


def test_rows_known_later_change_nothing(watched: Watch, records: Rows) -> None:
    rows = imports(0.2)
    later = [flow(p, earlier(LAST, -n), 1e9) for p in ("CHN", "QAT") for n in (1, 2)]
    before = watched({"trade_flow": records(TRADE_FLOW, rows)}, DAY)["urea"]
    assert watched({"trade_flow": records(TRADE_FLOW, [*rows, *later])}, DAY)["urea"] == before


def test_each_record_type_is_read_once_whatever_the_number_of_items(
    records: Rows, clocks: Mapping[str, Publisher], plain: Callable[[Mapping[str, pa.Table]], Any]
) -> None:
    moment = end_of_day(DAY, "Asia/Seoul")
    for items in (["urea"], ["urea", "gallium", "wheat"], None):
        snapshot = plain({"trade_flow": records(TRADE_FLOW, imports())})
        watch(snapshot, catalogue("KOR"), network("KOR"), moment, clocks, items=items)
        assert snapshot.reads == 8


def test_an_item_that_does_not_exist_is_named(watched: Watch) -> None:
    with pytest.raises(UsageError, match="there is no item 'unobtainium'"):
        watched({}, DAY, ["unobtainium"])


def test_every_sentence_is_in_both_languages(watched: Watch, records: Rows) -> None:
    for warning in watched({"trade_flow": records(TRADE_FLOW, imports(0.2))}, DAY, None).values():
        texts = [*warning.reasons, *warning.raise_if, *warning.lower_if, warning.next_step]
        assert all(any("가" <= letter <= "힣" for letter in text.ko) for text in texts)
        assert not any("가" <= letter <= "힣" for text in (*warning.raise_if, warning.next_step) for letter in text.en)


def test_a_finer_code_of_the_item_goes_before_the_basket_above_it(watched: Watch, records: Rows) -> None:
    """Photoresist is 3707901010; the rest of 370790 is other goods, and a fall there is no fall of photoresist."""
    rows = [
        *imports(code="3707901010"),
        *imports(0.1, code="3707909000"),
        *imports(0.1, code="3707901010", source="flows_table", code_system="HS"),
    ]
    warning = watched({"trade_flow": records(TRADE_FLOW, rows)}, DAY, ["photoresist"])["photoresist"]
    own = [signal for signal in warning.signals if signal.layer is Layer.OWN_CUSTOMS]
    assert {(s.source, s.strength > 0, "섞인" in s.headline.ko) for s in own} == {
        ("kr_customs", False, False),
        ("flows_table", True, True),
    }


def test_a_quiet_basket_is_no_calm(watched: Watch, records: Rows) -> None:
    """HS 811292 holds gallium, germanium and more: that the whole is steady says nothing of gallium."""
    rows = imports(code="811292", code_system="HS")
    warning = watched({"trade_flow": records(TRADE_FLOW, rows)}, DAY, ["gallium"])["gallium"]
    assert [signal.strength for signal in warning.signals if signal.layer is Layer.OWN_CUSTOMS] == [0.0]
    assert (warning.level, warning.no_current_figures) == (None, False)
