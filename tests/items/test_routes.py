"""The ways home: every chokepoint said, nobody twice on a day, and unknown where nobody has told."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bongsu.items.catalogue import DATA
from bongsu.items.item import CHOKEPOINTS
from bongsu.items.routes import PASSES, load_routes, routes
from bongsu.language import BadInputError

FILE = """\
home: KOR
sources: [{id: map, text: "a map", url: "", checked: false}]
routes:
  - suppliers: [QAT, KWT]
    passes: {suez: never, hormuz: only, malacca: usual, bab_el_mandeb: never, panama: never}
    source: map
    known_at: 2010-01-01
  - suppliers: [DEU]
    passes: {suez: usual, hormuz: never, malacca: usual, bab_el_mandeb: usual, panama: never}
    until: 2023-12-14
    source: map
    known_at: 2010-01-01
  - suppliers: [DEU]
    passes: {suez: possible, hormuz: never, malacca: usual, bab_el_mandeb: possible, panama: never}
    since: 2023-12-15
    source: map
    known_at: 2024-01-31
    checked: true
"""
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        path = tmp_path / "routes.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_a_way_holds_on_its_days(write: Write) -> None:
    found = load_routes(write(FILE), "KOR")
    before, after = found.way("DEU", date(2023, 12, 14)), found.way("DEU", date(2023, 12, 15))
    assert before is not None
    assert after is not None
    assert (before.passes["suez"], after.passes["suez"]) == ("usual", "possible")
    assert (before.checked, after.checked) == (False, True)
    assert found.way("USA", date(2023, 1, 1)) is None


def test_a_home_without_the_file_has_no_ways() -> None:
    assert (routes("USA").ways, routes("USA").version) == ((), "")


def test_line_ends_do_not_change_the_version(write: Write, tmp_path: Path) -> None:
    other = tmp_path / "other.yml"
    other.write_bytes(FILE.replace("\n", "\r\n").encode())
    assert load_routes(other, "KOR").version == load_routes(write(FILE), "KOR").version


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("home: KOR", "home: JPN", "routes.yml: home: these are not the routes of KOR"),
        ("[QAT, KWT]", "[QAT, Kuwait]", "routes.yml: routes[1]: suppliers: 'Kuwait' is no supplier's code"),
        ("[QAT, KWT]", "[QAT, W00]", "routes.yml: routes[1]: suppliers: 'W00' is no supplier's code"),
        ("[QAT, KWT]", "[QAT, QAT]", "routes.yml: routes[1]: suppliers: a value stands twice"),
        ("[QAT, KWT]", "[]", "routes.yml: routes[1]: suppliers: is empty"),
        ("[QAT, KWT]", "[QAT, DEU]", "routes.yml: routes: DEU has two ways on the same day"),
        ("until: 2023-12-14", "until: 2023-12-15", "routes.yml: routes: DEU has two ways on the same day"),
        ("until: 2023-12-14", "until: 2009-01-01\n    since: 2010-01-01", "until: it ends before it begins"),
        ("hormuz: only, ", "", "routes.yml: routes[1]: passes: the field 'hormuz' is missing"),
        ("hormuz: only", "hormuz: always", "passes: hormuz: 'always' is not one of the values"),
        ("panama: never}", "panama: never, bosporus: never}", "passes: unknown fields: bosporus"),
        ("source: map", "source: hearsay", "routes[1]: source: 'hearsay' is not one of the values"),
        ("known_at: 2010-01-01", "known_at: soon", "routes[1]: known_at: 'soon' is of the wrong kind"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_place(write: Write, old: str, new: str, said: str) -> None:
    assert old in FILE
    with pytest.raises(BadInputError) as caught:
        load_routes(write(FILE.replace(old, new, 1)), "KOR")
    assert said in str(caught.value)


def test_the_korean_table_says_each_chokepoint_of_each_supplier() -> None:
    held = routes("KOR")
    assert {tuple(way.passes) for way in held.ways} == {CHOKEPOINTS}
    assert {how for way in held.ways for how in way.passes.values()} == set(PASSES)
    assert [way.suppliers for way in held.ways if not way.source] == []


@pytest.mark.parametrize(
    ("supplier", "chokepoint", "on", "expected"),
    [
        ("CHN", "malacca", date(2024, 1, 1), "never"),
        ("QAT", "hormuz", date(2024, 1, 1), "only"),
        ("SAU", "hormuz", date(2024, 1, 1), "usual"),
        ("NLD", "suez", date(2021, 3, 1), "usual"),
        ("NLD", "suez", date(2024, 3, 1), "possible"),
        ("AUS", "malacca", date(2024, 1, 1), "never"),
    ],
)
def test_ways_that_an_officer_would_check_first(supplier: str, chokepoint: str, on: date, expected: str) -> None:
    way = routes("KOR").way(supplier, on)
    assert way is not None
    assert way.passes[chokepoint] == expected


def test_the_schema_of_ways_is_written() -> None:
    written = (DATA / "ROUTES.md").read_text(encoding="utf-8")
    assert [how for how in PASSES if f"`{how}`" not in written] == []
