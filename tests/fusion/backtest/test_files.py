"""Files of cases and quiet series: read whole, or refused with line and mend."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bongsu.detectors.flow_laying import FlowSeries
from bongsu.fusion.backtest.files import Case, Quiet, known_span, read_cases, read_quiet
from bongsu.language import BadInputError, Language

HEAD = "case_id,layer,reporter,flow,partner,code,series,onset,counts_from,counts_to,evidence\n"
FLOW = "a,flow,USA,export,CHN,020322,,2018-04-02,2018-03,2018-09,tariff\n"
QUIET_HEAD = "reporter,flow,partner,code,scored_from,scored_to\n"


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(text: str, encoding: str = "utf-8") -> Path:
        file = tmp_path / "cases.csv"
        file.write_bytes(text.encode(encoding))
        return file

    return made


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_cases_are_read_in_the_encodings_that_offices_use(encoding: str, write: Write) -> None:
    text = HEAD + FLOW.replace("tariff", "중국의 관세") + "b,Price,,,,,Urea,2021-10-15,2021-03-02,2021-10-12,\n"
    cases = read_cases(write(text, encoding))
    assert cases == (
        Case("a", "flow", FlowSeries("USA", "export", "CHN", "020322"), "", date(2018, 4, 2), date(2018, 3, 1),
             date(2018, 9, 30), "중국의 관세"),
        Case("b", "price", None, "Urea", date(2021, 10, 15), date(2021, 3, 2), date(2021, 10, 12)),
    )  # fmt: skip
    assert [case.named for case in cases] == ["USA export CHN 020322", "Urea"]


def test_quiet_series_are_read_and_a_partner_may_be_left_out(write: Write) -> None:
    quiet = read_quiet(write(QUIET_HEAD + "usa,Export,,0203.22,2016-01,2018-02\n"))
    assert quiet == (Quiet(FlowSeries("USA", "export", "", "020322"), date(2016, 1, 1), date(2018, 2, 28)),)


def test_a_file_of_prices_needs_no_columns_of_trade(write: Write) -> None:
    cases = read_cases(
        write("case_id,layer,series,onset,counts_from,counts_to\nu,price,Urea,2021-10-15,2021-03,2021-10\n")
    )
    assert [(case.id, case.flow, case.series) for case in cases] == [("u", None, "Urea")]
    flows = read_cases(write(HEAD.replace("series,", "") + FLOW.replace(",,2018", ",2018")))
    assert [case.named for case in flows] == ["USA export CHN 020322"]


def test_a_numbered_column_and_empty_rows_do_no_harm(write: Write) -> None:
    """As pandas writes its index, and as sheets end."""
    found = read_cases(write("," + HEAD + "0," + FLOW + "\n,,,,,,,,,,,\n   \n1," + FLOW.replace("a,", "b,", 1)))
    assert [case.id for case in found] == ["a", "b"]


def test_countries_may_have_two_letters_and_the_union_keeps_its_own(write: Write) -> None:
    quiet = read_quiet(
        write(QUIET_HEAD + "us,export,CN,020322,2016-01,2018-02\nKOR,import,EU,020322,2016-01,2018-02\n")
    )
    assert [(one.flow.reporter, one.flow.partner) for one in quiet] == [("USA", "CHN"), ("KOR", "EU")]


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (HEAD.replace("onset,", "") + FLOW, "cases.csv", "columns missing: onset"),
        (HEAD + FLOW.replace("flow,USA", "flows,USA"), "cases.csv: 2, layer", "there is no layer 'flows'"),
        (HEAD + FLOW.replace("020322", "20322"), "cases.csv: 2, code", "leading zero"),
        (HEAD + FLOW.replace("2018-04-02", "2018-04-31"), "cases.csv: 2, onset", "is not a date"),
        (HEAD + FLOW.replace("2018-04-02", "2 April 2018"), "cases.csv: 2, onset", "is not a date"),
        (HEAD + FLOW.replace("2018-09", "2018-01"), "cases.csv: 2", "counts_to lies before counts_from"),
        (HEAD + FLOW.replace("export", "exports"), "cases.csv: 2, flow", "Use import or export"),
        (HEAD + FLOW.replace("USA", "UX"), "cases.csv: 2, reporter", "three letters"),
        (HEAD.replace("code,", "") + FLOW.replace("020322,", ""), "cases.csv: 2", "columns missing: code"),
        (HEAD + FLOW.replace("CHN", "China"), "cases.csv: 2, partner", "three letters"),
        (HEAD + FLOW + FLOW, "cases.csv: 3", "the case 'a' stands twice"),
        (HEAD + FLOW.replace("a,flow", ",flow"), "cases.csv: 2, case_id", "name of its own"),
        (HEAD + "b,transit,,,,,,2021-03-23,2021-03-23,2021-04-06,\n", "cases.csv: 2, series", "chokepoint"),
        (HEAD + FLOW.replace("tariff", "one, two"), "cases.csv: 2", "quotation marks"),
        (HEAD + "a,flow\n", "cases.csv: 2", "not as many cells"),
    ],
)
def test_a_bad_file_names_place_and_mend_in_both_languages(text: str, where: str, what: str, write: Write) -> None:
    with pytest.raises(BadInputError) as caught:
        read_cases(write(text))
    assert caught.value.where == where
    assert what in caught.value.to(Language.EN)
    assert any("가" <= letter <= "힣" for letter in caught.value.to(Language.KO))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot be opened"):
        read_cases(tmp_path / "none.csv")


def test_a_span_may_be_open_at_either_end() -> None:
    assert known_span(None, None) is None
    assert known_span("2000-01", "2020-12") == (date(2000, 1, 1), date(2020, 12, 31))
    assert known_span("2000-01-05", None) == (date(2000, 1, 5), date.max)
    with pytest.raises(BadInputError, match=r"--to lies before --from\.\s.*the earlier day to --from"):
        known_span("2020-02", "2019-02")
    assert known_span(None, "2020-12") == (date.min, date(2020, 12, 31))
