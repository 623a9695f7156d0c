"""Grades by the thousand are the rule's, one by one; a single odd year never moves a damped one."""

from datetime import date
from itertools import permutations, product
from types import SimpleNamespace
from typing import Any

import ibis
import pyarrow as pa
import pytest

from bongsu.indicators.grades import NEEDS, grades, letters
from bongsu.items.catalogue import HS_DIGITS
from bongsu.items.grade import Criteria, letter
from bongsu.items.item import LETTERS
from bongsu.items.schedule import Schedule, criteria, gravest, schedule
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
DAY = date(2025, 1, 1)
KOREA = schedule("KOR", DAY)
NOBODY = Schedule("KOR")
UNKNOWN = ("unknown", "unknown", "unknown")
SHAPE = pa.schema([
    ("source", pa.string()), ("reporter", pa.string()), ("code_system", pa.string()), ("code", pa.string()),
    ("valid", pa.date32()), ("currency", pa.string()), ("total", pa.float64()), ("top_supplier", pa.string()),
    ("top_share", pa.float64()), ("known_fraction", pa.float64()), ("complete", pa.bool_()),
    ("least_share", pa.float64()),
])  # fmt: skip
assert set(NEEDS) <= set(SHAPE.names)
CODES = sorted({hs.code for item in KOREA.items for hs in item.hs})


def supply(share: float | None, total: float | None = 5e7, **more: object) -> Row:
    return {
        "source": "t", "reporter": "KOR", "code_system": "HS", "code": "999999", "valid": date(2024, 1, 1),
        "currency": "USD", "total": total, "top_supplier": "CHN", "top_share": share, "known_fraction": None,
        "complete": share is not None, "least_share": share, **more,
    }  # fmt: skip


def graded(rows: list[Row], held: Schedule = NOBODY) -> list[Row]:
    found: list[Row] = letters(ibis.memtable(pa.Table.from_pylist(rows, schema=SHAPE)), held).to_pyarrow().to_pylist()
    return sorted(found, key=lambda row: (row["source"], row["code"], row["valid"]))


def years(shares: list[float | None], **more: object) -> list[Row]:
    return [supply(share, valid=date(2020 + n, 1, 1), **more) for n, share in enumerate(shares)]


def damped(shares: list[float | None]) -> list[str | None]:
    return [row["damped"] for row in graded(years(shares))]


SHARES = (0.0, 0.3, 0.49999999, 0.5, 0.74999999, 0.75, 0.89999999, 0.9, 1.0)
VALUES = (0.01, 9_999_999.99, 1e7, 1e9)


def test_by_the_thousand_it_is_the_rule_of_one() -> None:
    """Every code of every item and of none, on each side of every band and of the floor."""
    places = [(code, "HSK" if len(code) > HS_DIGITS else "HS") for code in (*CODES, "999999", "00")]
    cases = {str(n): case for n, case in enumerate(product(places, SHARES, VALUES))}
    rows = [supply(share, value, code=code, code_system=system, source=source)
            for source, ((code, system), share, value) in cases.items()]  # fmt: skip
    found = {
        row["source"]: (row["letter"], row["gravest"], row["mildest"], row["at_best"]) for row in graded(rows, KOREA)
    }
    assert found == {source: _by_hand(*place, share, value) for source, (place, share, value) in cases.items()}


def _by_hand(code: str, system: str, share: float, value: float) -> tuple[str | None, ...]:
    items = KOREA.of(code, system)
    each = [criteria(item, share, value) for item in items] or [criteria(None, share, value)]
    best = min((letter(one, unknown=0) for one in each), key=lambda one: LETTERS.index(one or "D"))
    return (*[letter(gravest(items, share, value))] * 3, best)


def test_an_unknown_share_is_an_unknown_grade_never_d() -> None:
    (row,) = graded([supply(None, None)])
    assert [row[name] for name in ("letter", "gravest", "mildest", "at_best", "damped")] == [None] * 5
    assert row["years"] == 0


def test_a_withheld_partner_without_a_total_leaves_all_open() -> None:
    (row,) = graded([supply(0.3, complete=False, least_share=None)])
    assert [row[name] for name in ("letter", "gravest", "mildest", "share_low", "share_high")] == [None] * 5


@pytest.mark.parametrize(
    ("least", "known", "letter_", "between"),
    [
        (0.40, 0.6, None, ("A", "C")),  # 40 to 80 %
        (0.55, 0.9, "B", ("B", "B")),  # 55 to 65 %: B whoever the hidden ones are
        (0.76, 0.8, "A", ("A", "A")),  # 76 to 96 %
        (0.30, 0.9, "C", ("C", "C")),
    ],
)
def test_what_is_hidden_gives_a_letter_only_where_both_bounds_agree(
    least: float, known: float, letter_: str | None, between: tuple[str, str]
) -> None:
    (row,) = graded([supply(least / known, complete=False, least_share=least, known_fraction=known)])
    assert (row["letter"], (row["gravest"], row["mildest"])) == (letter_, between)
    assert (row["share_low"], row["share_high"]) == (least, pytest.approx(least + 1 - known))


def test_the_truth_lies_between_the_bounds() -> None:
    """Whoever the hidden part belongs to: nobody who matters, or the top supplier."""
    parts = (0.01, 0.2, 0.4, 0.5, 0.6, 0.75, 0.8, 0.9, 0.99)
    cases = {str(n): case for n, case in enumerate(product(parts, parts, VALUES))}
    rows = [
        supply(part, value, complete=False, least_share=known * part, known_fraction=known, source=source)
        for source, (known, part, value) in cases.items()
    ]
    for row in graded(rows):
        known, part, value = cases[row["source"]]
        for share in (known * part, known * part + 1 - known):
            true = letter(Criteria(min(share, 1.0), value / known, *UNKNOWN))
            assert row["gravest"] <= (true or "") <= row["mildest"]


def test_the_floor_is_in_dollars_and_no_other_money() -> None:
    (bismuth,) = [item for item in KOREA.items if item.id == "bismuth"]
    code = bismuth.hs[0].code
    rows = [supply(0.95, 2e6, code=code, currency=money, source=money) for money in ("EUR", "USD")]
    assert [row["letter"] for row in graded(rows, KOREA)] == ["B", "C"]


def test_assessments_are_the_homes_own() -> None:
    """What is hard to make in Korea may be plentiful elsewhere."""
    easy = next(item for item in KOREA.items if item.domestic.value == "ample" or item.importance.value == "low")
    code = easy.hs[0].code
    assert len(code) <= 6
    rows = [supply(0.95, code=code), supply(0.95, code=code, reporter="JPN")]
    ours, theirs = sorted(graded(rows, KOREA), key=lambda row: row["reporter"] != "KOR")
    assert theirs["letter"] == letter(Criteria(0.95, 5e7, *UNKNOWN)) == "A"
    assert ours["letter"] == letter(gravest(KOREA.of(code, "HS"), 0.95, 5e7))


# ---- damping. Of a code of no item: 90 % and 80 % are A, 60 % is B, 40 % is C.


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([0.9, 0.9, 0.9], ["A"]),
        ([0.9, 0.9, 0.4], ["A"]),  # one odd year does not move it
        ([0.9, 0.4, 0.9], ["A"]),
        ([0.9, 0.4, 0.4], ["C"]),  # two of three do
        ([0.9, 0.6, 0.4], ["B"]),  # B or graver in two years, A in one
        ([0.6, 0.6, None], ["B"]),  # an unknown year may be any; two agree
        ([0.6, 0.9, None], [None]),
        ([None, None, 0.9], [None]),
    ],
)
def test_two_of_three_years_decide(shares: list[float | None], expected: list[str | None]) -> None:
    assert damped(shares)[-1:] == expected


def test_what_the_missing_years_leave_open_is_said() -> None:
    first, second, third = graded(years([0.9, 0.6, None]))
    assert [(row["damped_gravest"], row["damped_mildest"], row["years"]) for row in (first, second, third)] == [
        ("A", "D", 1), ("A", "B", 2), ("A", "B", 2),
    ]  # fmt: skip
    assert [row["letter"] for row in (first, second, third)] == ["A", "B", None]


def test_a_year_without_a_row_is_unknown_and_not_skipped() -> None:
    rows = [supply(0.9, valid=date(year, 1, 1)) for year in (2018, 2019, 2022, 2024)]
    assert [(row["damped"], row["years"]) for row in graded(rows)] == [(None, 1), ("A", 2), (None, 1), ("A", 2)]


LEVELS = (0.95, 0.8, 0.6, 0.4, None)
Years = tuple[float | None, ...]


@pytest.fixture(scope="module")
def every() -> dict[Years, Row]:
    """The last row of every series of three and of four years, from one query."""
    series = [years_ for length in (3, 4) for years_ in product(LEVELS, repeat=length)]
    rows = [row for n, shares in enumerate(series) for row in years(list(shares), source=str(n))]
    found = graded(rows)
    last = {int(row["source"]): row for row in sorted(found, key=lambda row: row["valid"])}
    return {shares: last[n] for n, shares in enumerate(series)}


def said(row: Row) -> tuple[str | None, ...]:
    return row["damped"], row["damped_gravest"], row["damped_mildest"]


def test_a_single_odd_year_never_moves_it(every: dict[Years, Row]) -> None:
    for usual, odd in product(LEVELS[:-1], repeat=2):
        for at in range(3):
            shares = [usual] * 3
            shares[at] = odd
            assert every[tuple(shares)]["damped"] == every[usual, usual, usual]["letter"]


def test_two_years_that_agree_always_move_it(every: dict[Years, Row]) -> None:
    for before, now in product(LEVELS, LEVELS[:-1]):
        assert every[before, now, now]["damped"] == every[now, now, now]["letter"]


def test_which_year_was_the_odd_one_does_not_matter(every: dict[Years, Row]) -> None:
    for shares in product(LEVELS, repeat=3):
        assert {said(every[order]) for order in permutations(shares)} == {said(every[shares])}


def test_only_the_last_three_years_count(every: dict[Years, Row]) -> None:
    for shares in product(LEVELS, repeat=4):
        assert said(every[shares]) == said(every[shares[1:]])


def test_learning_a_missing_year_only_narrows_what_is_open(every: dict[Years, Row]) -> None:
    for shares in product(LEVELS, repeat=3):
        for at, learnt in product(range(3), LEVELS[:-1]):
            if shares[at] is not None or every[shares]["years"] == 0:
                continue
            _, least, most = said(every[shares])
            told = every[(*shares[:at], learnt, *shares[at + 1 :])]
            assert (least or "") <= told["damped_gravest"] <= told["damped_mildest"] <= (most or "")


def test_it_stands_where_the_bounds_meet_and_nowhere_else(every: dict[Years, Row]) -> None:
    for row in every.values():
        met = row["damped_gravest"] == row["damped_mildest"]
        assert row["damped"] == (row["damped_gravest"] if met else None)
        assert (row["damped_gravest"] is None) is (row["years"] == 0)


def test_a_later_year_changes_no_earlier_letter() -> None:
    for shares in ([0.95, 0.4, 0.4, 0.95, None, 0.6], [0.6, None, 0.6, 0.95, 0.4, 0.4]):
        assert [damped(shares[:n])[-1] for n in range(1, 7)] == damped(shares)


# ---- from flows


def test_from_flows(make: SimpleNamespace) -> None:
    flows = [
        make.flow("CHN", 9e7 if year != 2023 else 1e6, code="310210", valid=date(year, 1, 1))
        for year in (2022, 2023, 2024)
    ]
    flows += [make.flow("USA", 1e7, code="310210", valid=date(year, 1, 1)) for year in (2022, 2023, 2024)]
    flows.append(make.flow("CHN", 1.0, flow="export", code="310210"))
    rows = grades(make.table(TRADE_FLOW, flows), "KOR", DAY).to_pyarrow().sort_by("valid").to_pylist()
    assert [(row["valid"].year, row["top_supplier"], row["letter"], row["damped"]) for row in rows] == [
        (2022, "CHN", "A", None), (2023, "USA", "A", "A"), (2024, "CHN", "A", "A"),
    ]  # fmt: skip
    assert rows[2]["at_stake"] == pytest.approx(9e7)


def test_part_of_a_year_is_no_year(make: SimpleNamespace) -> None:
    months = [make.flow("CHN", 9e6, valid=date(2024, month, 1), frequency="M") for month in range(1, 12)]
    (row,) = grades(make.table(TRADE_FLOW, months), "KOR", DAY).to_pyarrow().to_pylist()
    assert (row["letter"], row["imports"], row["years"]) == (None, None, 0)
    whole = [*months, make.flow("CHN", 9e6, valid=date(2024, 12, 1), frequency="M")]
    (row,) = grades(make.table(TRADE_FLOW, whole), "KOR", DAY).to_pyarrow().to_pylist()
    assert (row["letter"], row["imports"], row["years"]) == ("A", pytest.approx(108e6), 1)
