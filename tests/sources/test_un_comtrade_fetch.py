"""The Comtrade API: what is asked, what answers mean, and that the reader reads what is called whole."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bongsu.http import Answer, Validators
from bongsu.language import BadInputError, BongsuError, Language, UsageError
from bongsu.records.delivery import Reading
from bongsu.records.lake import Lake
from bongsu.records.shapes import TRADE_FLOW
from bongsu.sources.asking import Ask, NotYet, Paused, PlanRequest, Split, Whole
from bongsu.sources.past import answers
from bongsu.sources.run import Round, Step
from bongsu.sources.source import source
from bongsu.sources.un_comtrade.answers import (
    CutAnswerError,
    KeyRefusedError,
    QuotaSpentError,
    ServiceRefusedError,
    read_answer,
)
from bongsu.sources.un_comtrade.fetch import judge, plan
from bongsu.sources.un_comtrade.words import known_codes

Read = Callable[..., Reading]
NOW = datetime(2026, 3, 5, tzinfo=UTC)
GET = "https://comtradeapi.un.org/data/v1/get/C/M/HS"
LIST = "https://comtradeapi.un.org/data/v1/getDa/C/M/HS"
PARAMS = {"reporterCode": "410", "period": "202401,202402", "cmdCode": "310210", "flowCode": "M,X", "maxRecords": "4"}
DEFAULTS = {name: tuple(values) for name, values in source("un_comtrade").settings["wants"].items()}


def wanted(**wants: tuple[str, ...]) -> PlanRequest:
    return PlanRequest(source("un_comtrade"), NOW, None, {**DEFAULTS, **wants}, keyed=True)


def answer(*rows: Mapping[str, Any], count: int | None = None, **more: object) -> bytes:
    said = {"elapsedTime": "0.1 secs", "count": len(rows) if count is None else count, "data": list(rows), "error": ""}
    return json.dumps(said | more).encode()


def flow(partner: int = 0, value: float = 5.0, **cells: object) -> dict[str, Any]:
    return {
        "typeCode": "C", "freqCode": "M", "refPeriodId": 20240101, "refYear": 2024, "refMonth": 1, "period": "202401",
        "reporterCode": 410, "reporterISO": None, "flowCode": "M", "partnerCode": partner, "partnerISO": None,
        "partner2Code": 0, "classificationCode": "H6", "classificationSearchCode": "HS",
        "isOriginalClassification": True, "cmdCode": "310210", "cmdDesc": None, "aggrLevel": 6, "customsCode": "C00",
        "mosCode": "0", "motCode": 0, "qtyUnitCode": 8, "qtyUnitAbbr": None, "qty": 7.5, "isQtyEstimated": False,
        "netWgt": 7.5, "isNetWgtEstimated": False, "cifvalue": value, "fobvalue": None, "primaryValue": value,
        "legacyEstimationFlag": 0, "isReported": False, "isAggregate": True,
    } | cells  # fmt: skip


def data_set(period: str, reporter: int = 410) -> dict[str, Any]:
    return {"datasetCode": 1, "typeCode": "C", "freqCode": "M", "period": int(period), "reporterCode": reporter,
            "classificationCode": "H6", "totalRecords": 9, "firstReleased": "2024-05-01T00:00:00"}  # fmt: skip


def refusal(status: int, message: str) -> bytes:
    return json.dumps({"statusCode": status, "message": message}).encode()


# ---- the plan


def test_the_plan_asks_what_is_published_newest_first() -> None:
    asks = list(plan(wanted(codes=("310210", "120190"), flows=("import",), frequencies=("M", "A"))))
    assert [(ask.url[-7:], ask.params["period"][:6], ask.params["period"][-6:], ask.once) for ask in asks] == [
        ("/C/M/HS", "202601", "202603", False),
        ("/C/M/HS", "202501", "202512", False),
        ("/C/M/HS", "202401", "202412", False),
        ("/C/A/HS", "2024,2", "5,2026", False),
    ]
    assert asks[0] == Ask(
        LIST,
        {"reporterCode": "410", "period": "202601,202602,202603", "cmdCode": "310210,120190", "flowCode": "M",
         "maxRecords": "100000"},
        "subscription-key",
    )  # fmt: skip


def test_settled_years_are_asked_once_and_no_call_names_more_than_twelve_periods() -> None:
    request = PlanRequest(
        source("un_comtrade"), NOW, date(2001, 11, 1), {**DEFAULTS, "frequencies": ("A", "M")}, keyed=True
    )
    asks = list(plan(request))
    assert [ask.params["period"] for ask in asks[:3]] == [
        "2025,2026",
        ",".join(str(year) for year in range(2013, 2025)),
        ",".join(str(year) for year in range(2001, 2013)),
    ]
    assert [ask.once for ask in asks[:3]] == [False, False, True]
    assert asks[-1].params["period"] == "200111,200112"
    assert {ask.params["period"][:4] for ask in asks if ask.once} == {"2001", *(str(y) for y in range(2001, 2023))}
    assert max(len(ask.params["period"].split(",")) for ask in asks) == 12


@pytest.mark.parametrize(
    ("said", "number"),
    [("KOR", "410"), ("USA", "842"), ("FRA", "251"), ("IND", "699"), ("TWN", "490"), ("DEU", "276"), ("156", "156"),
     ("AFG", "4"), ("EU", "97")],
)  # fmt: skip
def test_reporters_are_asked_for_by_comtrades_own_numbers(said: str, number: str) -> None:
    assert {ask.params["reporterCode"] for ask in plan(wanted(reporters=(said,)))} == {number}


def test_partners_may_be_narrowed_the_world_among_them() -> None:
    assert next(plan(wanted(partners=("W00", "CHN")))).params["partnerCode"] == "0,156"


def test_without_a_key_only_the_preview_is_asked_and_never_for_whole_levels() -> None:
    request = PlanRequest(source("un_comtrade"), NOW, None, {**DEFAULTS, "codes": ("310210",)})
    first = next(plan(request))
    assert (first.url, first.secret) == ("https://comtradeapi.un.org/public/v1/getDa/C/M/HS", "")
    assert first.params["maxRecords"] == "500"
    whole = judge(first, answer(data_set("202601")), "here")
    assert isinstance(whole, Whole)
    assert whole.more[0].url == "https://comtradeapi.un.org/public/v1/preview/C/M/HS"
    with pytest.raises(UsageError) as refused:
        list(plan(PlanRequest(source("un_comtrade"), NOW, None, DEFAULTS)))
    assert "Give a key" in refused.value.to(Language.EN)


@pytest.mark.parametrize(
    "wants",
    [{"reporters": ("ZZZ",)}, {"reporters": ("R150",)}, {"codes": ("310211",)}, {"codes": ("urea",)},
     {"flows": ("RX",)}, {"frequencies": ("D",)}, {"goods": ("310210",)}],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_named(wants: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(UsageError) as refused:
        list(plan(wanted(**wants)))
    ((name, (said,)),) = wants.items()
    assert f"'{name if name == 'goods' else said}' cannot be asked for" in refused.value.to(Language.EN)


def test_every_address_stays_short_enough_for_the_server() -> None:
    codes = tuple(sorted(code for code in known_codes(None) if len(code) == 6))[:900]
    asks = list(plan(wanted(codes=codes)))
    assert max(len(urlencode(ask.params)) for ask in asks) < 2048
    asked = {code for ask in asks for code in ask.params["cmdCode"].split(",")}
    assert asked == set(codes)


# ---- lists of data sets


def test_only_published_periods_are_asked_for() -> None:
    verdict = judge(Ask(LIST, PARAMS, "k"), answer(data_set("202402"), data_set("202401", reporter=156)), "here")
    assert isinstance(verdict, Whole)
    (ask,) = verdict.more
    assert (ask.url, ask.secret, ask.params["period"]) == (GET, "k", "202402")
    totals = {name: ask.params[name] for name in ("partner2Code", "customsCode", "motCode")}
    assert totals == {"partner2Code": "0", "customsCode": "C00", "motCode": "0"}


def test_all_codes_of_a_level_are_asked_for_a_period_at_a_time() -> None:
    ask = Ask(LIST, {**PARAMS, "cmdCode": "AG6"})
    verdict = judge(ask, answer(data_set("202401"), data_set("202402")), "here")
    assert isinstance(verdict, Whole)
    assert [one.params["period"] for one in verdict.more] == ["202401", "202402"]


@pytest.mark.parametrize("rows", [(), (data_set("202312"),), (data_set("202401", reporter=156),)])
def test_an_empty_list_means_not_yet_published(rows: tuple[dict[str, Any], ...]) -> None:
    verdict = judge(Ask(LIST, PARAMS), answer(*rows), "here")
    assert isinstance(verdict, NotYet)
    assert verdict.why.en == "the list of data sets has none of the periods 202401–202402."
    assert "202401–202402" in verdict.why.ko


# ---- figures


def test_an_empty_answer_for_a_published_period_is_whole() -> None:
    assert judge(Ask(GET, PARAMS), answer(), "here") == Whole()


def test_an_answer_below_the_cap_is_whole() -> None:
    assert judge(Ask(GET, PARAMS), answer(*[flow()] * 3), "here") == Whole()


@pytest.mark.parametrize("cut", [answer(*[flow()] * 4), answer(*[flow()] * 5), answer(flow(), count=90)])
def test_an_answer_at_or_over_the_cap_is_asked_for_in_smaller_pieces(cut: bytes) -> None:
    verdict = judge(Ask(GET, PARAMS, "k"), cut, "here")
    assert isinstance(verdict, Split)
    assert [ask.params["period"] for ask in verdict.into] == ["202401", "202402"]
    assert {ask.secret for ask in verdict.into} == {"k"}


def test_pieces_together_ask_what_was_asked_down_to_one_partner() -> None:
    ask = Ask(GET, {**PARAMS, "cmdCode": "310210,120190", "partnerCode": "0,156"})
    waiting, asked = [ask], []
    while waiting:
        one = waiting.pop()
        parts = {name: one.params[name] for name in ("period", "flowCode", "cmdCode", "partnerCode")}
        if any("," in part for part in parts.values()):
            verdict = judge(one, answer(*[flow()] * 4), "here")
            assert isinstance(verdict, Split)
            waiting += verdict.into
            continue
        with pytest.raises(CutAnswerError, match="cannot be made narrower"):
            judge(one, answer(*[flow()] * 4), "here")
        asked.append(tuple(parts.values()))
    whole = [
        (p, f, c, n) for p in ("202401", "202402") for f in "MX" for c in ("310210", "120190") for n in ("0", "156")
    ]
    assert sorted(asked) == sorted(whole)


def test_a_cut_answer_for_a_whole_level_is_asked_for_by_lists_of_codes() -> None:
    ask = Ask(GET, {**PARAMS, "period": "202401", "flowCode": "M", "cmdCode": "AG6"})
    verdict = judge(ask, answer(*[flow()] * 4), "here")
    assert isinstance(verdict, Split)
    codes = [code for one in verdict.into for code in one.params["cmdCode"].split(",")]
    six = {code for code in known_codes(None) if len(code) == 6}
    assert set(codes) == six | {"999999", "9999AA"}
    assert len(codes) == len(set(codes))
    assert max(len(urlencode(one.params)) for one in verdict.into) < 2048


def test_one_code_that_is_cut_is_asked_for_by_partners() -> None:
    ask = Ask(GET, {**PARAMS, "period": "202401", "flowCode": "M"})
    verdict = judge(ask, answer(*[flow()] * 4), "here")
    assert isinstance(verdict, Split)
    partners = [number for one in verdict.into for number in one.params["partnerCode"].split(",")]
    assert {"0", "4", "156", "490", "842", "899"} <= set(partners)
    assert len(partners) == len(set(partners))


# ---- refusals

QUOTA = "Out of call volume quota. Quota will be replenished in 03:12:11."


@pytest.mark.parametrize("ask", [Ask(GET, PARAMS), Ask(LIST, PARAMS)])
@pytest.mark.parametrize(
    ("said", "when"),
    [
        (refusal(403, QUOTA), "in 03:12:11"),
        (refusal(429, "Rate limit is exceeded. Try again in 2 seconds."), "in 2 seconds"),
        (refusal(429, "slow down"), "tomorrow"),
        (answer(count=0, error=QUOTA), "in 03:12:11"),
    ],
)
def test_a_spent_quota_pauses_the_source(ask: Ask, said: bytes, when: str) -> None:
    verdict = judge(ask, said, "here")
    assert isinstance(verdict, Paused)
    assert isinstance(verdict.error, QuotaSpentError)
    assert f"Give the same command {when}" in verdict.error.to(Language.EN)


INVALID = [{"MemberNames": ["partnerCode"], "ErrorMessage": "The field partnerCode is invalid"}]


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        (refusal(401, "Access denied due to missing subscription key."), KeyRefusedError, "missing subscription key"),
        (refusal(401, "Access denied due to invalid subscription key."), KeyRefusedError, "invalid subscription key"),
        (refusal(403, "no"), KeyRefusedError, "does not take the key"),
        (refusal(500, "Internal server error"), ServiceRefusedError, "Internal server error"),
        (answer(count=-1, error="Invalid parameter value", errorObject=INVALID), ServiceRefusedError, "partnerCode is"),
        (answer(count=-1), ServiceRefusedError, "answered with an error"),
        (b'{"rows": []}', BadInputError, "not an answer of the Comtrade API"),
        (b'{"count": "3", "data": []}', BadInputError, "not an answer of the Comtrade API"),
        (b'{"count": 1, "data": [1]}', BadInputError, "not an answer of the Comtrade API"),
        (b"[]", BadInputError, "not an answer of the Comtrade API"),
        (b'{"count": 1, "data": [{"typeCode"', BadInputError, "cut off or damaged"),
        (b"<html><title>Sign in</title></html>", BadInputError, "Sign in"),
        (b"", BadInputError, "empty"),
        (b"[" * 100_000, BadInputError, "json"),
    ],
)
def test_errors_dressed_as_answers_are_told(said: bytes, error: type[BongsuError], words: str) -> None:
    with pytest.raises(error) as refused:
        judge(Ask(GET, PARAMS), said, "here")
    assert type(refused.value) is error
    assert refused.value.where.startswith("here")
    assert words in refused.value.to(Language.EN)
    assert refused.value.to(Language.KO) != refused.value.to(Language.EN)


def test_numbers_that_json_does_not_know_are_no_figures() -> None:
    assert read_answer(b'{"count": 1, "data": [{"primaryValue": NaN}]}', "here").rows[0] == {"primaryValue": None}


# ---- what is whole is read

URL = f"{GET}?{urlencode({**PARAMS, 'maxRecords': '100000'})}"


def test_an_answer_is_read_by_its_numbers_alone(read: Read) -> None:
    body = answer(flow(0, 10.0), flow(634, 4.5, qty=0, netWgt=0), flow(490, 1.0, isNetWgtEstimated=True))
    assert isinstance(judge(Ask(GET, PARAMS), body, "here"), Whole)
    reading = read("un_comtrade", {"HS": body}, urls={"HS": URL})
    found = [
        tuple(row[name] for name in ("partner", "value", "quantity", "quantity_unit", "weight_kg", "raw_row"))
        for batch in reading.batches
        for row in batch.rows.to_pylist()
    ]
    assert found == [
        ("W00", 10.0, 7.5, "kg", 7.5, 1), ("QAT", 4.5, None, "kg", None, 2), ("TWN", 1.0, 7.5, "kg", 7.5, 3)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "complete"),
    [
        (URL, True),
        (URL + "&partnerCode=156", False),
        (GET, False),
        ("", False),
        (URL.replace("maxRecords=100000", "maxRecords=2"), False),
    ],
)
def test_an_answer_is_complete_for_the_codes_in_it_where_all_partners_were_asked_for(
    read: Read,
    url: str,
    complete: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    reading = read("un_comtrade", {"HS": answer(flow(0, 10.0), flow(156, 4.0))}, urls={"HS": url} if url else {})
    (batch,) = reading.batches
    assert batch.scope.complete is complete
    assert set(batch.scope.equals) == {"source", "reporter", "flow", "code_system", "code", "frequency"}


def test_a_list_of_data_sets_is_counted_and_states_no_flow(read: Read) -> None:
    body = answer(data_set("202401"), data_set("202402"))
    reading = read("un_comtrade", {"HS": body}, urls={"HS": f"{LIST}?period=202401"})
    assert (reading.batches, reading.passed_over, reading.raw_rows) == ((), {"list_of_data_sets": 2}, 2)
    assert reading.notes[0].en == "HS: a list of what is published (202401–202402, 2 periods)."


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?period=202401,202402", "HS: read, and nothing there."),
        ("?period=202401,202609", "HS: an empty answer: nothing was traded if the list"),
        ("", "HS: an empty answer: nothing was traded if the list"),
    ],
)
def test_nothing_there_is_not_the_same_as_not_yet_published(read: Read, query: str, said: str) -> None:
    reading = read("un_comtrade", {"HS": answer()}, urls={"HS": GET + query})
    assert (reading.batches, reading.raw_rows) == ((), 0)
    assert reading.notes[0].en.startswith(said)


def test_a_refusal_that_was_saved_as_a_file_is_no_data(read: Read) -> None:
    with pytest.raises(QuotaSpentError) as refused:
        read("un_comtrade", {"saved.json": refusal(403, QUOTA)})
    assert refused.value.where == "saved.json"


# ---- a whole round

KEY = "0123456789abcdef0123456789abcdef"


class Server:
    """Behind the door: what it has published, and a quota of calls."""

    def __init__(self, published: tuple[str, ...], quota: int = 99) -> None:
        self.published, self.quota, self.asked = published, quota, list[str]()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        secret_params: Mapping[str, str] | None = None,
        validators: Validators | None = None,
        into: Path | None = None,
    ) -> Answer:
        assert (secret_params, validators) == ({"subscription-key": KEY}, None)
        said = dict(params or {})
        self.asked.append(f"{'list' if '/getDa/' in url else 'data'} {said['period']}")
        assert into is not None
        into.write_bytes(self.body(url, said))
        where = f"{url}?{urlencode(said)}&subscription-key=***"
        return Answer(200, where, b"", into, "", 0, "application/json", "", "", not_modified=False, received_at=NOW)

    def body(self, url: str, said: Mapping[str, str]) -> bytes:
        if len(self.asked) > self.quota:
            return refusal(403, QUOTA)
        out = [period for period in said["period"].split(",") if period in self.published]
        if "/getDa/" in url:
            return answer(*map(data_set, out))
        # Urea came in each month but the last.
        return answer(*(flow(part, 999.0 - part, period=period) for period in out[:-1] for part in (0, 634)))


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Callable[[Server], list[tuple[str, str]]]]:
    """One round for Korea's urea since November 2025, on one lake."""
    lake = Lake(tmp_path / "lake", threads=1)
    wants = {**DEFAULTS, "codes": ("310210",), "flows": ("M",), "frequencies": ("M",)}
    request = PlanRequest(source("un_comtrade"), NOW, date(2025, 11, 1), wants, keyed=True)

    def rounds(server: Server) -> list[tuple[str, str]]:
        found = list(Round(lake, server, request, answers(lake.snapshot().journal(), None), KEY, "r").run())
        assert KEY not in repr(found)
        return [(one.step.value, one.ask.params["period"]) for one in found if one.step is not Step.HELD]

    yield rounds
    snapshot = lake.snapshot()
    rows = snapshot.arrow(snapshot.as_of(TRADE_FLOW, NOW))
    assert sorted(zip(rows["valid"].to_pylist(), rows["partner"].to_pylist(), strict=True)) == [
        (date(2025, 11, 1), "QAT"), (date(2025, 11, 1), "W00")
    ]  # fmt: skip
    lake.close()


def test_what_is_published_lands_and_the_rest_is_not_yet_out(ask: Callable[[Server], list[tuple[str, str]]]) -> None:
    server = Server(("202511", "202512"))
    assert ask(server) == [
        ("not_yet", "202601,202602,202603"),
        ("unchanged", "202511,202512"),  # the list: read, and no flow in it
        ("landed", "202511,202512"),
    ]
    assert server.asked == ["list 202601,202602,202603", "list 202511,202512", "data 202511,202512"]


@pytest.mark.parametrize("quota", range(3))
def test_a_spent_quota_pauses_and_the_next_day_goes_on_without_asking_again(
    quota: int, ask: Callable[[Server], list[tuple[str, str]]]
) -> None:
    first, second = Server(("202511", "202512"), quota), Server(("202511", "202512"))
    assert ask(first)[-1][0] == "paused"
    ask(second)
    whole = ["list 202601,202602,202603", "list 202511,202512", "data 202511,202512"]
    assert [*first.asked[:quota], *second.asked] == whole
