"""Days of cover go stale; designations are imported whole or not at all, and unknown stays unknown."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.items.catalogue import catalogue
from bongsu.items.cover import days_of_cover
from bongsu.items.designation import designated, read_designations
from bongsu.items.item import Stock
from bongsu.language import BadInputError, UsageError

KOREA = catalogue()
DAY = date(2021, 11, 5)
HEADER = "item,hs_code,kind,grade,from,until,issuer,source,known_at\n"
ROW = "urea,,경제안보품목,1,2022-01-01,2024-12-31,MOEF,gazette,2022-01-10\n"


def _stock(days: float, on: date, known_at: date) -> Stock:
    return Stock(days=days, on=on, known_at=known_at, source="statement")


UREA = replace(
    KOREA.item("urea"),
    stocks=(_stock(45, DAY, DAY), _stock(20, DAY + timedelta(10), DAY + timedelta(12))),
)


@given(st.integers(-40, 200))
def test_cover_is_the_newest_public_figure_and_goes_stale_after_thirty_days(after: int) -> None:
    cover = days_of_cover(UREA, DAY + timedelta(after))
    if after < 0:
        assert cover is None
        return
    assert cover is not None
    newest = (20.0, after - 10) if after >= 12 else (45.0, after)
    assert (cover.days, cover.age, cover.stale) == (*newest, newest[1] > 30)


def test_unknown_cover_is_not_zero() -> None:
    assert days_of_cover(replace(UREA, stocks=()), DAY) is None


def _file(folder: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    path = folder / "designations.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_a_designation_holds_from_its_first_to_its_last_day(tmp_path: Path, encoding: str) -> None:
    rows = read_designations(_file(tmp_path, HEADER + ROW, encoding), KOREA)
    added = KOREA.with_designations(rows)
    inside = designated(added, "urea", date(2024, 12, 31))
    assert [(each.kind, each.grade, each.issuer) for each in inside] == [("경제안보품목", 1, "MOEF")]
    assert designated(added, "urea", date(2025, 1, 1)) == ()
    assert designated(added, "urea", date(2022, 1, 9)) == ()
    assert len(designated(added, "urea", date(2022, 1, 10))) == 1
    assert designated(KOREA, "urea", date(2023, 1, 1)) == ()
    assert added.version != KOREA.version


def test_what_is_not_public_stays_unknown(tmp_path: Path) -> None:
    path = _file(tmp_path, HEADER + "urea,,경제안보품목,,,,MOEF,press,2022-01-10\n")
    [(item_id, designation)] = read_designations(path, KOREA)
    assert (item_id, designation.grade, designation.since, designation.until) == ("urea", None, None, None)
    assert designated(KOREA.with_designations([(item_id, designation)]), "urea", DAY) == ()


def test_a_code_designates_every_item_that_holds_it(tmp_path: Path) -> None:
    path = _file(tmp_path, HEADER + ROW.replace("urea,,", ",810600,"))
    assert [item_id for item_id, _ in read_designations(path, KOREA)] == ["bismuth"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("item,kind\nurea,x\n", "designations.csv: columns missing or unknown"),
        (HEADER.replace("kind", "sort") + ROW, "designations.csv: columns missing or unknown: kind, sort"),
        (HEADER + ROW.replace("urea", "unobtainium"), "designations.csv: 2: 'unobtainium' cannot be the item"),
        (HEADER + ROW.replace("urea,,", ",A,"), "designations.csv: 2: 'A' cannot be the hs_code"),
        (HEADER + ROW + ROW.replace(",1,", ",4,"), "designations.csv: 3: '4' cannot be the grade"),
        (HEADER + ROW.replace("2022-01-01", "01/01/22"), "designations.csv: 2: '01/01/22' cannot be the from"),
        (HEADER + ROW.replace("2022-01-10", ""), "designations.csv: 2: '' cannot be the known_at"),
        (HEADER + ROW.replace("MOEF", ""), "designations.csv: 2: '' cannot be the issuer"),
        (HEADER + "urea,,경제안보품목\n", "designations.csv: 2: the row has not as many cells"),
        (HEADER + ROW.strip() + ",x\n", "designations.csv: 2: the row has not as many cells"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_taken(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_designations(_file(tmp_path, text), KOREA)
    assert str(caught.value).startswith(place)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "designations.csv"
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(BadInputError, match="its characters cannot be read"):
        read_designations(path, KOREA)


def test_a_designation_of_an_unknown_item_is_refused(tmp_path: Path) -> None:
    [(_, designation)] = read_designations(_file(tmp_path, HEADER + ROW), KOREA)
    with pytest.raises(UsageError):
        KOREA.with_designations([("unobtainium", designation)])
