"""PortWatch: the service's pages and the snapshot, whole or not at all."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bongsu.language import BadInputError
from bongsu.records.delivery import Reading
from bongsu.sources.imf_portwatch.read import chokepoint_id
from bongsu.sources.source import HERE, source

Read = Callable[..., Reading]
SAMPLES = HERE / "imf_portwatch" / "samples"


@pytest.fixture
def page() -> dict[str, Any]:
    body: dict[str, Any] = json.loads((SAMPLES / "page-2.json").read_text())
    return body


def write(folder: Path, body: object) -> Path:
    file = folder / "answer.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    return file


def transits(reading: Reading) -> dict[tuple[str, str, date], float]:
    return {
        (row["chokepoint"], row["ship_class"], row["valid"]): row["transits"]
        for batch in reading.batches
        for row in batch.rows.to_pylist()  # type: ignore[union-attr]
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Suez Canal", "suez"),
        ("Panama Canal", "panama"),
        ("Malacca Strait", "malacca"),
        ("Strait of Hormuz", "hormuz"),
        ("Bab el-Mandeb Strait", "bab_el_mandeb"),
        ("Cape of Good Hope", "cape_of_good_hope"),
        ("Taiwan Strait", "taiwan"),
        ("Windward Passage", "windward_passage"),
    ],
)
def test_names_become_the_ids_that_items_use(name: str, expected: str) -> None:
    assert chokepoint_id(name) == expected


def test_no_ships_is_a_figure_and_no_figure_is_none(read: Read, page: dict[str, Any], tmp_path: Path) -> None:
    page["features"][0]["attributes"] |= {"n_container": 0, "n_tanker": None}
    reading = read("imf_portwatch", write(tmp_path, page))
    found = transits(reading)
    assert found["bab_el_mandeb", "container", date(2025, 3, 4)] == 0
    assert ("bab_el_mandeb", "tanker", date(2025, 3, 4)) not in found
    assert reading.passed_over == {"no_figure": 1}


def test_an_answer_cut_at_the_services_limit_is_refused(read: Read, page: dict[str, Any], tmp_path: Path) -> None:
    file = write(tmp_path, page | {"exceededTransferLimit": True})
    with pytest.raises(BadInputError, match="exceededTransferLimit"):
        read("imf_portwatch", file)


def test_pages_given_without_the_last_are_refused(read: Read) -> None:
    with pytest.raises(BadInputError, match="cut short"):
        read("imf_portwatch", SAMPLES / "page-1.json")


def test_a_snapshot_that_holds_fewer_days_than_it_states_is_refused(read: Read, tmp_path: Path) -> None:
    body = json.loads((SAMPLES / "snapshot.json").read_text())
    body["chokepoints"]["suez"]["history"].pop()
    with pytest.raises(BadInputError, match="suez: 2 of the 3 days"):
        read("imf_portwatch", write(tmp_path, body))


def test_the_services_error_under_status_200_is_told(read: Read, tmp_path: Path) -> None:
    body = {"error": {"code": 400, "message": "Cannot perform query.", "details": []}}
    with pytest.raises(BadInputError, match="Cannot perform query"):
        read("imf_portwatch", write(tmp_path, body))


def test_another_json_is_refused(read: Read, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="not in a shape of PortWatch"):
        read("imf_portwatch", write(tmp_path, [1, 2]))


def test_a_renamed_field_is_named(read: Read, page: dict[str, Any], tmp_path: Path) -> None:
    for feature in page["features"]:
        feature["attributes"]["n_tankers"] = feature["attributes"].pop("n_tanker")
    with pytest.raises(BadInputError, match="columns are missing: n_tanker"):
        read("imf_portwatch", write(tmp_path, page))


@pytest.mark.parametrize(
    ("change", "reason", "figures"),
    [
        ({"date": "2099-01-01"}, "future_period", 6),
        ({"date": "soon"}, "bad_period", 6),
        ({"date": 10**30}, "bad_period", 6),
        ({"portname": None}, "no_chokepoint", 6),
        ({"n_roro": -3}, "bad_number", 1),
        ({"n_roro": True}, "bad_number", 1),
        ({"capacity_roro": "n/k"}, "bad_number", 1),
    ],
)
def test_bad_figures_are_set_aside(
    read: Read, page: dict[str, Any], tmp_path: Path, change: dict[str, Any], reason: str, figures: int
) -> None:
    whole = read("imf_portwatch", write(tmp_path, page))
    page["features"][0]["attributes"] |= change
    reading = read("imf_portwatch", write(tmp_path, page))
    assert [bad.reason for bad in reading.bad_rows] == [reason]
    assert len(transits(reading)) == len(transits(whole)) - figures
    assert reading.raw_rows == whole.raw_rows


def test_an_answer_with_no_rows_is_read_and_empty(read: Read, tmp_path: Path) -> None:
    reading = read("imf_portwatch", write(tmp_path, {"features": []}))
    assert (reading.batches, reading.raw_rows) == ((), 0)


def test_chokepoints_over_other_days_get_a_scope_of_their_own(read: Read, page: dict[str, Any], tmp_path: Path) -> None:
    page["features"].pop()
    reading = read("imf_portwatch", SAMPLES / "page-1.json", write(tmp_path, page))
    scopes = [(batch.scope.equals["chokepoint"], batch.scope.valid_to) for batch in reading.batches]
    assert scopes == [(("malacca",), date(2025, 3, 3)), (("bab_el_mandeb",), date(2025, 3, 4))]


def test_a_week_is_known_on_the_tuesday_after_it_and_that_is_an_assumption(read: Read) -> None:
    (batch,) = read("imf_portwatch", SAMPLES / "snapshot.json").batches
    known = {(row["known_at"], row["known_basis"]) for row in batch.rows.to_pylist()}  # type: ignore[union-attr]
    assert known == {(datetime(2023, 10, 3, 22, tzinfo=UTC), "assumed")}
    assert any("assumed" in caveat.en for caveat in source("imf_portwatch").caveats)


@pytest.mark.realdata
def test_the_real_snapshot_is_read_whole(read: Read, realdata: Path) -> None:
    reading = read("imf_portwatch", realdata / "trade/imf_portwatch/chokepoint-transit-to-2023-09.json")
    (batch,) = reading.batches
    rows = batch.rows.to_pylist()  # type: ignore[union-attr]
    assert (reading.raw_rows, len(reading.bad_rows), dict(reading.passed_over)) == (41616, 0, {})
    assert Counter(row["chokepoint"] for row in rows) == dict.fromkeys(
        ("bab_el_mandeb", "cape_of_good_hope", "hormuz", "suez"), 10404
    )
    assert (batch.scope.valid_from, batch.scope.valid_to) == (date(2019, 1, 1), date(2023, 9, 30))
    first = {
        row["ship_class"]: (row["transits"], row["capacity_dwt"])
        for row in rows
        if (row["chokepoint"], row["valid"]) == ("suez", date(2019, 1, 1))
    }
    assert first["container"] == (15, 1018466)
    assert first["total"] == (60, None)
