"""What happens to statements of one fact, on tables made for the purpose."""

from datetime import date

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.sources.account import Account, gather
from bongsu.sources.cells import Coded, constant
from bongsu.sources.doubles import doubled_rows, one_each
from bongsu.sources.statements import Figures, Statements

PERIOD = (date(2024, 1, 1), "M")
Cell = tuple[int, float | None, float | None, str | None]  # key, value, weight, unit
NUMBER = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.0]))
CELLS = st.lists(st.tuples(st.integers(0, 3), NUMBER, NUMBER, st.sampled_from([None, "KG", "NO"])), min_size=1)


def numbers(cells: list[float | None]) -> Figures:
    return Figures(np.array([np.nan if cell is None else cell for cell in cells]), np.zeros(len(cells), np.bool_))


def account(cells: list[Cell], parts: list[int] | None = None) -> Account:
    size = len(cells)
    units = tuple(dict.fromkeys(cell[3] for cell in cells if cell[3]))
    keys = {name: constant("x", size) for name in ("reporter", "flow", "partner", "code_system")}
    keys["code"] = Coded(np.array([cell[0] for cell in cells], np.int32), ("01", "02", "03", "04"))
    keys["period"] = constant(PERIOD, size)
    statements = Statements(
        raw=0,
        rows=pa.table({"x": [""] * size}),
        position=np.arange(size),
        raw_row=np.arange(size),
        keys=keys,
        labels={
            "currency": constant("EUR", size),
            "quantity_unit": Coded(np.array([units.index(c[3]) if c[3] else -1 for c in cells], np.int32), units),
        },
        figures={"value": numbers([c[1] for c in cells]), "weight_kg": numbers([c[2] for c in cells])},
        passed=constant(None, size),
        part=Coded(np.array(parts or [0] * size, np.int32), (0, 1)),
    )
    return gather([statements])


def known(cells: list[Cell], key: int, place: int) -> set[object]:
    return {cell[place] for cell in cells if cell[0] == key and cell[place] is not None}


@settings(deadline=None)
@given(CELLS)
def test_join_puts_together_what_agrees_and_sets_aside_what_does_not(cells: list[Cell]) -> None:
    made = account(cells)
    kept, counts = one_each(made, "join")
    keys = sorted({cell[0] for cell in cells})
    agreeing = [key for key in keys if all(len(known(cells, key, place)) <= 1 for place in (1, 2, 3))]
    assert [cells[at][0] for at in kept] == sorted(agreeing, key=[cell[0] for cell in cells].index)
    assert counts.tolist() == [sum(cell[0] == cells[at][0] for cell in cells) for at in kept]
    for at in kept.tolist():
        said = [made.figures[name].values[at] for name in ("value", "weight_kg")]
        want = [next(iter(known(cells, cells[at][0], place)), None) for place in (1, 2)]
        assert [None if np.isnan(number) else number for number in said] == want
        unit = made.labels["quantity_unit"]
        assert known(cells, cells[at][0], 3) == ({unit.words[unit.ids[at]]} if unit.ids[at] >= 0 else set())
    aside = [cells[at][0] for at in np.flatnonzero(made.fault)]
    assert aside == [cell[0] for cell in cells if cell[0] not in agreeing]


@settings(deadline=None)
@given(CELLS)
def test_added_up_nothing_is_lost_and_a_sum_with_an_unknown_part_is_unknown(cells: list[Cell]) -> None:
    made = account(cells)
    kept, counts = one_each(made, "add")
    assert counts.sum() == len(cells)
    for at in kept.tolist():
        parts = [cell[1] for cell in cells if cell[0] == cells[at][0]]
        total = made.figures["value"].values[at]
        assert np.isnan(total) if None in parts else total == sum(part for part in parts if part is not None)


@settings(deadline=None)
@given(CELLS, st.data())
def test_two_files_that_say_the_same_do_not_double_and_two_that_do_not_agree_are_set_aside(
    cells: list[Cell], data: st.DataObject
) -> None:
    parts = data.draw(st.lists(st.integers(0, 1), min_size=len(cells), max_size=len(cells)))
    made = account(cells, parts)
    kept, counts = one_each(made, "add_parts")
    told = counts.sum() + (made.fault > 0).sum() + (made.passed.ids >= 0).sum()
    assert told == len(cells)
    for at in kept.tolist():
        here = [n for n, cell in enumerate(cells) if cell[0] == cells[at][0] and parts[n] == parts[at]]
        values = [cells[n][1] for n in here]
        total = made.figures["value"].values[at]
        assert np.isnan(total) if None in values else total == sum(value for value in values if value is not None)
    assert len({cells[at][0] for at in kept.tolist()}) == len(kept)
    sums = {(key, part): summed([c for c, p in zip(cells, parts, strict=True) if (c[0], p) == (key, part)])
            for key in range(4) for part in (0, 1)}  # fmt: skip
    both = {key for key in range(4) if sums[key, 0] and sums[key, 1]}
    alike = {key for key in both if sums[key, 0] == sums[key, 1]}
    assert {cells[at][0] for at in np.flatnonzero(made.fault).tolist()} == both - alike
    assert {cells[at][0] for at in np.flatnonzero(made.passed.ids >= 0).tolist()} == alike


def summed(cells: list[Cell]) -> tuple[object, ...]:
    """What a part says of a key in all; empty where it says nothing."""
    if not cells:
        return ()
    columns = [[cell[1] for cell in cells], [cell[2] for cell in cells]]
    sums = [None if None in column else sum(number for number in column if number is not None) for column in columns]
    units = {cell[3] for cell in cells}
    return (*sums, units.pop() if len(units) == 1 else None)


@settings(deadline=None)
@given(CELLS)
def test_a_row_that_stands_twice_is_found_and_one_that_contradicts_another(cells: list[Cell]) -> None:
    made = account(cells)
    repeated, contradictory = doubled_rows([made.keys["code"]], [one.values for one in made.figures.values()])
    said = {key: {cell[1:3] for cell in cells if cell[0] == key} for key in range(4)}
    assert contradictory.tolist() == [len(said[cell[0]]) > 1 for cell in cells]
    earlier = [any(other[0] == cell[0] for other in cells[:place]) for place, cell in enumerate(cells)]
    assert repeated.tolist() == [again and len(said[cell[0]]) == 1 for again, cell in zip(earlier, cells, strict=True)]
