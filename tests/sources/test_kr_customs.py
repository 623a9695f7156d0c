from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bongsu.cli.setup import Everything
from bongsu.http import Answer, Validators
from bongsu.language import BadInputError, Language
from bongsu.records.delivery import Reading
from bongsu.records.known import Lag
from bongsu.records.lake import Lake
from bongsu.sources.asking import PlanRequest
from bongsu.sources.kr_customs.answers import (
    CutAnswerError,
    KeyNotRegisteredError,
    QuotaSpentError,
    ServiceRefusedError,
    read_answer,
)
from bongsu.sources.kr_customs.fetch import CHAPTERS, judge, plan, published_through, questions, windows
from bongsu.sources.outcome import Step
from bongsu.sources.past import answers
from bongsu.sources.run import Round
from bongsu.sources.source import HERE, source

Read = Callable[..., Reading]
SAMPLES = HERE / "kr_customs" / "samples"
LOST = {"lost_zeros": True}
KEY = "sEcReT+/key=0123456789"
HEAD = "Item,Country,Year,Month,Export_dollar,Export_weight,Import_dollar,Import_weight\n"


def item(hs: str = "3102101000", country: str = "CN", value: str = "100", year: str = "2026.01") -> str:
    return (
        f"<item><year>{year}</year><statCd>{country}</statCd><hsCd>{hs}</hsCd><expDlr>0</expDlr><expWgt>0</expWgt>"
        f"<impDlr>{value}</impDlr><impWgt>7</impWgt></item>"
    )


def answer(*items: str, code: str = "00") -> bytes:
    head = f"<header><resultCode>{code}</resultCode><resultMsg>x</resultMsg></header>"
    return f"<response>{head}<body><items>{''.join(items)}</items></body></response>".encode()


def total(value: str, word: str = "총계") -> str:
    return item("-", "-", value, word)


def refusal(code: str) -> bytes:
    return (
        "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg><returnAuthMsg>SAID SO</returnAuthMsg>"
        f"<returnReasonCode>{code}</returnReasonCode></cmmMsgHeader></OpenAPI_ServiceResponse>"
    ).encode()


def rows_of(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for batch in reading.batches for row in batch.rows.to_pylist()]


@pytest.mark.parametrize("word", ["총계", "합계", "total"])
@pytest.mark.parametrize("month", ["2026.01", "202601"])
def test_the_total_never_doubles_the_sum(read: Read, word: str, month: str) -> None:
    whole = answer(total("1,500", word), item(value="1,000", year=month), item(country="QA", value="500", year=month))
    reading = read("kr_customs", {"a.xml": whole}, read_at=datetime(2026, 5, 1, tzinfo=UTC))
    imports = [row for row in rows_of(reading, "flow", "partner", "valid", "value") if row[0] == "import"]
    assert imports == [("import", "CHN", date(2026, 1, 1), 1000.0), ("import", "QAT", date(2026, 1, 1), 500.0)]
    assert reading.passed_over == {"total": 2}


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (refusal("30"), KeyNotRegisteredError),
        (refusal("22"), QuotaSpentError),
        (refusal("99"), ServiceRefusedError),
        (answer(code="99"), ServiceRefusedError),
        (answer(code="22"), QuotaSpentError),
        (b"<rss><channel/></rss>", BadInputError),
        (answer(total("1500"), item(value="1000")), CutAnswerError),
    ],
)
def test_errors_dressed_as_answers(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as refused:
        read_answer(data, "here")
    assert type(refused.value) is error


def test_a_cut_answer_says_both_sums(read: Read) -> None:
    with pytest.raises(CutAnswerError) as refused:
        read("kr_customs", {"a.xml": answer(total("1500"), item(value="1000"))})
    assert refused.value.where == "a.xml"
    assert "1,500" in refused.value.to(Language.KO)
    assert "1,000" in refused.value.to(Language.KO)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?strtYymm=202501&endYymm=202512", "a.xml: read, and nothing there."),
        ("?strtYymm=202604&endYymm=202604", "a.xml: not yet published."),
        ("", "a.xml: an empty answer; the months asked for are unknown, so it may be unpublished or nothing."),
    ],
)
def test_nothing_there_is_not_the_same_as_not_yet_published(read: Read, query: str, said: str) -> None:
    urls = {"a.xml": f"https://apis.data.go.kr/x{query}"} if query else {}
    reading = read("kr_customs", {"a.xml": answer(total("0"))}, urls=urls, read_at=datetime(2026, 5, 1, tzinfo=UTC))
    assert reading.batches == ()
    assert reading.passed_over == {"total": 2}
    assert said in [note.en for note in reading.notes]


def test_answers_to_different_windows_get_scopes_of_their_own(read: Read) -> None:
    files = {
        "a.xml": answer(total("100"), item("3102101000", year="2025.01")),
        "b.xml": answer(total("100"), item("2504101000", year="2026.01")),
    }
    urls = {"a.xml": "https://x/?strtYymm=202501&endYymm=202512", "b.xml": "https://x/?strtYymm=202601&endYymm=202603"}
    reading = read("kr_customs", files, urls=urls, read_at=datetime(2026, 5, 1, tzinfo=UTC))
    assert [(batch.scope.equals["code"], batch.scope.valid_from) for batch in reading.batches] == [
        (("3102101000",), date(2025, 1, 1)),
        (("2504101000",), date(2026, 1, 1)),
    ]
    assert "partner" not in reading.batches[0].scope.equals


def test_an_answer_without_its_total_is_read_but_said_to_be_unproven(read: Read) -> None:
    reading = read("kr_customs", {"a.xml": answer(item())}, read_at=datetime(2026, 5, 1, tzinfo=UTC))
    assert reading.notes[0].en == "a.xml: there is no total row, so nothing proves that the answer is whole."


def test_both_spellings_of_a_country_collide_loudly(read: Read) -> None:
    rows = "8542321010,Netherland,2021,1,0,0,5,1\n8542321010,Netherlands,2021,1,0,0,6,1\n"
    reading = read("kr_customs", {"a.csv": HEAD + rows})
    assert rows_of(reading, "flow", "partner", "value") == [("export", "NLD", 0.0)]
    assert [(bad.raw_row, bad.reason) for bad in reading.bad_rows] == [(2, "duplicate_key"), (3, "duplicate_key")]


def test_lost_zeros_come_back_only_when_asked(read: Read) -> None:
    files = {"a.csv": f"{HEAD}101210000,Japan,2021,1,0,0,5,1\n"}
    assert {bad.reason for bad in read("kr_customs", files).bad_rows} == {"bad_code"}
    assert {row[0] for row in rows_of(read("kr_customs", files, mapping=LOST), "code")} == {"0101210000"}
    with pytest.raises(BadInputError):
        read("kr_customs", files, mapping={"columns": {}})


def test_a_missing_column_is_named(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("kr_customs", {"a.csv": HEAD.replace("Country", "Nation") + "8542321010,Japan,2021,1,0,0,5,1\n"})
    assert "Country" in refused.value.to(Language.EN)


def test_the_real_file(read: Read, realdata: Path) -> None:
    reading = read("kr_customs", [realdata / "trade" / "kr_customs" / "hsk10_country_month.csv"])
    (batch,) = reading.batches
    assert (batch.rows.num_rows, reading.raw_rows, reading.passed_over) == (63270, 63280, {})
    assert {bad.reason for bad in reading.bad_rows} == {"missing_value"}
    assert batch.scope.equals["code"] == ("3818001000", "7002311000", "8542321010", "8542321030")
    # In kilograms memory costs thousands of dollars and wafers hundreds, as they do; in tonnes neither could be.
    rows = [row for row in batch.rows.to_pylist() if row["flow"] == "import" and row["weight_kg"]]
    for code, low, high in (("8542321010", 3000, 12000), ("3818001000", 200, 1000)):
        value = sum(row["value"] for row in rows if row["code"] == code)
        assert low < value / sum(row["weight_kg"] for row in rows if row["code"] == code) < high


class Desk:
    """A door behind which answers lie by code, with a quota."""

    def __init__(self, answers: Mapping[str, bytes], quota: int = 99) -> None:
        self.answers, self.quota, self.asked = answers, quota, list[str]()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        secret_params: Mapping[str, str] | None = None,
        validators: Validators | None = None,
        into: Path | None = None,
    ) -> Answer:
        assert (secret_params, validators) == ({"serviceKey": KEY}, None)
        assert url == "https://apis.data.go.kr/1220000/nitemtrade/getNitemtradeList"
        said = dict(params or {})
        self.asked.append(said["hsSgn"])
        content = refusal("22") if len(self.asked) > self.quota else self.answers.get(said["hsSgn"], answer(total("0")))
        assert into is not None
        into.write_bytes(content)
        return Answer(
            status=200,
            url_without_secrets=f"{url}?strtYymm={said['strtYymm']}&endYymm={said['endYymm']}&hsSgn={said['hsSgn']}&serviceKey=***",
            content=b"",
            path=into,
            sha256="",
            size=len(content),
            media_type="text/xml",
            etag="",
            last_modified="",
            not_modified=False,
            received_at=ASKED_AT,
        )


Day = Callable[[Desk], list[tuple[str, str]]]
ASKED_AT = datetime(2026, 5, 1, tzinfo=UTC)
KR = source("kr_customs")
CUT = answer(total("900"), item())
CUT_TWICE = {"31": CUT, "3102": CUT, "310210": answer(total("100"), item())}


def children(code: str) -> tuple[str, ...]:
    return {"31": ("3101", "3102"), "3102": ("310210", "310221")}.get(code, ())


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    """One day's asking for three chapters in the first quarter of 2026, on one lake."""
    monkeypatch.setattr("bongsu.sources.kr_customs.fetch.children", children)
    lake = Lake(tmp_path / "lake", threads=1)
    wanted = PlanRequest(KR, ASKED_AT, date(2026, 1, 1), {"hs": ("25", "31", "32")})

    def ask(desk: Desk) -> list[tuple[str, str]]:
        known = answers(lake.snapshot().journal(), None)
        found = list(Round(lake, desk, wanted, known, KEY, "r", Everything()).run())
        assert KEY not in repr(found)
        return [(one.step.value, one.ask.params["hsSgn"]) for one in found if one.step is not Step.HELD]

    yield ask
    lake.close()


def test_a_cut_answer_is_asked_again_in_smaller_pieces(run: Day) -> None:
    assert run(Desk(CUT_TWICE)) == [
        ("unchanged", "25"),
        ("split", "31"),
        ("unchanged", "3101"),
        ("split", "3102"),
        ("landed", "310210"),
        ("unchanged", "310221"),
        ("unchanged", "32"),
    ]


@pytest.mark.parametrize("quota", range(8))
def test_a_spent_quota_pauses_and_the_next_day_goes_on(quota: int, run: Day) -> None:
    first, second, third = Desk(CUT_TWICE, quota), Desk(CUT_TWICE), Desk(CUT_TWICE)
    before = run(first)
    assert (before[-1][0] == "paused") == (quota < 7)
    run(second)
    answered = [*first.asked[:quota], *second.asked]
    assert answered == ["25", "31", "3101", "3102", "310210", "310221", "32"]
    assert (run(third), third.asked) == ([], [])


def test_a_cut_that_cannot_be_split_is_said() -> None:
    (ask,) = questions("https://x/", date(2026, 1, 1), date(2026, 3, 1), ["310210"], ASKED_AT)
    with pytest.raises(CutAnswerError):
        judge(ask, CUT, "here")


def test_the_plan_covers_every_month_once_and_begins_with_the_newest() -> None:
    assert list(windows(date(2024, 11, 1), date(2026, 2, 1))) == [
        (date(2024, 11, 1), date(2024, 12, 1)),
        (date(2025, 1, 1), date(2025, 12, 1)),
        (date(2026, 1, 1), date(2026, 2, 1)),
    ]
    asks = list(plan(PlanRequest(KR, datetime(2026, 3, 20, tzinfo=UTC), date(2024, 11, 1))))
    assert len(asks) == 3 * len(CHAPTERS) == 3 * 96
    api = "https://apis.data.go.kr/1220000/nitemtrade/getNitemtradeList"
    assert asks[0].id == f"{api}?endYymm=202602&hsSgn=01&strtYymm=202601"
    assert len({ask.id for ask in asks}) == len(asks)
    assert [asks[place].once for place in (0, 96, 192)] == [False, False, True], "last year is revised, 2024 is not"


def test_the_plan_goes_back_to_january_of_last_year_unless_told_otherwise() -> None:
    asks = list(plan(PlanRequest(KR, datetime(2026, 3, 20, tzinfo=UTC), wants={"hs": ("31",)})))
    assert [(ask.params["strtYymm"], ask.params["endYymm"], ask.params["hsSgn"]) for ask in asks] == [
        ("202601", "202602", "31"),
        ("202501", "202512", "31"),
    ]


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2026, 3, 15, 8, 59, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 3, 15, 9, 0, tzinfo=UTC), date(2026, 2, 1)),
    ],
)
def test_only_published_months_are_asked_for(now: datetime, month: date) -> None:
    assert published_through(now, Lag(day_of_next_month=15), "Asia/Seoul") == month


def test_every_sample_answer_is_marked_unproven() -> None:
    assert "unproven" in (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert source("kr_customs").settings["proven_api"] is False
