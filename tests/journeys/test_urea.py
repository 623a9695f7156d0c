"""Urea, day by day: what stood there before the notice, on the eve of it, and on its day."""

from collections.abc import Callable
from typing import Any

import pytest

Bongsu = Callable[..., Any]


def urea(on_sample: Bongsu, day: str) -> Any:  # noqa: ANN401 - JSON
    (one,) = on_sample("watch", "--as-of", day, "--item", "urea", "--json").json["warnings"]
    return one


@pytest.mark.parametrize(
    ("day", "level", "present", "month"),
    [
        ("2021-02-01", 2, ["price", "input price"], "2020-12"),
        ("2021-10-12", 3, ["price", "input price"], "2021-09"),
        ("2021-10-13", 4, ["measure", "price", "input price"], "2021-10"),
    ],
)
def test_the_fires_rise_with_what_could_be_known(
    on_sample: Bongsu, day: str, level: int, present: list[str], month: str
) -> None:
    one = urea(on_sample, day)
    assert (one["level"], one["layers_present"], one["data_month"]) == (level, present, month)
    assert [view["known_at"] for view in one["layers"] if view["known_at"] and view["known_at"][:10] > day] == []


def test_the_eve_knows_nothing_of_the_notice(on_sample: Bongsu) -> None:
    eve, day = urea(on_sample, "2021-10-12"), urea(on_sample, "2021-10-13")
    assert [reason for reason in eve["reasons"] if "수출 검사" in reason["ko"]] == []
    assert "중국이 2021년 10월 13일 수출 검사 조치" in day["reasons"][0]["ko"]
    assert "on 13 October 2021" in day["reasons"][0]["en"]


def test_the_meaning_at_home_is_there_on_the_day(on_sample: Bongsu) -> None:
    one = urea(on_sample, "2021-10-13")
    assert [use["id"] for use in one["uses"]] == [
        "fertiliser", "diesel_exhaust_fluid", "industrial_denitrification", "adhesives_and_resins",
    ]  # fmt: skip
    assert (one["dependence"]["partner"], one["dependence"]["share"]) == ("CHN", 0.88)
    assert one["missions"][0]["id"] == "chn_beijing"
    exhaust = one["uses"][1]
    assert [office["ko"] for office in exhaust["in_charge"]] == ["환경부"]


def test_ministries_bear_the_names_of_their_day(on_sample: Bongsu) -> None:
    then, now = urea(on_sample, "2021-10-13"), urea(on_sample, "2026-11-21")
    names = [[office["ko"] for office in one["uses"][1]["in_charge"]] for one in (then, now)]
    assert names == [["환경부"], ["기후에너지환경부"]]


def test_today_what_is_old_is_called_stale_and_no_figure_is_current(on_sample: Bongsu) -> None:
    one = urea(on_sample, "2026-11-21")
    assert one["no_current_figures"] is True
    assert {"price", "input price"} <= set(one["layers_stale"])


def test_the_notice_itself_is_read_into_the_same_meaning(on_sample: Bongsu) -> None:
    notice = (
        "海关总署公告2021年第81号\n关于调整必须实施检验的进出口商品目录的公告\n"
        "对尿素（海关商品编号 3102100010）实施出口商品检验，自2021年10月15日起实施。\n"
    )
    told = on_sample("read", "-", "--as-of", "2021-10-13", "--json", stdin=notice.encode("gb18030")).json
    assert (told["country"], [one["item"] for one in told["items"]]) == ("CHN", ["urea"])
    (one,) = told["items"]
    assert one["level"] == 4
    assert [use["id"] for use in one["uses"]][:2] == ["fertiliser", "diesel_exhaust_fluid"]
    assert told["missions"] != []
    assert "환경부" in [office["name"]["ko"] for office in told["ministries_in_charge"]]
