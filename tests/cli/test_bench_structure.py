"""What `bench structure` measures, on a few goods: the flows it makes, the yardsticks, and all methods' rows."""

from pathlib import Path

from bongsu.cli.bench_structure import (
    CODES,
    PARTNERS,
    REPORTERS,
    ROWS,
    YEARS,
    structure_bare,
    structure_bare_short,
    structure_make,
    structure_ours,
)
from bongsu.indicators.methods import methods


def test_the_flows_of_eight_reporters_are_a_hundred_million() -> None:
    assert (len(REPORTERS), PARTNERS, CODES, YEARS) == (8, 240, 5_400, 10)
    assert ROWS >= 100_000_000


def test_reporters_are_added_one_by_one_and_every_method_judges_each(tmp_path: Path) -> None:
    codes = 2
    structure_make(tmp_path, codes, "0", "1")
    one = structure_bare(tmp_path, codes)
    structure_make(tmp_path, codes, "1", "3")
    three = structure_bare(tmp_path, codes)
    cells = PARTNERS * codes * YEARS  # half of the cells of two flows
    assert abs(one["rows"] / cells - 1) < 0.05
    assert abs(three["rows"] / (3 * cells) - 1) < 0.05
    assert three["groups"] == three["rows"]  # every row has a key of its own
    assert structure_bare_short(tmp_path, codes)["groups"] == 3 * codes * YEARS * 2
    judged = structure_ours(tmp_path, codes)["judged"]
    assert judged == {**dict.fromkeys(methods(), 3 * codes * YEARS), "world_export_hhi": codes * YEARS}
