"""Official alerts stand beside the level, as known at a moment; neither changes the other."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bongsu.alerts import actions, queries
from bongsu.alerts.official import STANDS_NAMES, OfficialAlert, Stands, official_alerts
from bongsu.fusion.watch import watch
from bongsu.items.catalogue import catalogue
from bongsu.missions import network
from bongsu.people.reader import NOBODY, Reader, task
from bongsu.people.roles import OFFICERS, Role
from bongsu.records.lake import Lake
from bongsu.records.snapshot import Snapshot
from bongsu.sources.fetch import Given, fetch
from bongsu.sources.source import HERE, sources

ALERTS = HERE / "official_alerts_table" / "samples" / "alerts.csv"
READ_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
OFFICER = Reader(user=1, role=Role.DESK)
UREA = catalogue().item("urea")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    made = Lake(tmp_path_factory.mktemp("official") / "lake")
    fetch(made, sources()["official_alerts_table"], [str(ALERTS)], Given(), read_at=READ_AT, run_id="t")
    yield made
    made.close()


@pytest.fixture
def snapshot(lake: Lake) -> Snapshot:
    return lake.snapshot()


def told(found: tuple[OfficialAlert, ...]) -> list[tuple[str | None, Stands, date]]:
    return [(one.stage, one.stands, one.since) for one in found]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


STAGE_1, STAGE_2 = date(2021, 11, 2), date(2021, 11, 9)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2021-11-02T08:59:59+00:00", []),
        ("2021-11-02T09:00:00+00:00", [("stage 1", Stands.STANDING, STAGE_1)]),
        ("2021-11-08T08:59:59+00:00", [("stage 1", Stands.STANDING, STAGE_1)]),
        (
            "2021-11-08T09:00:00+00:00",
            [("stage 1", Stands.STANDING, STAGE_1), ("stage 2", Stands.ANNOUNCED, STAGE_2)],
        ),
        ("2021-11-08T15:00:00+00:00", [("stage 2", Stands.STANDING, STAGE_2)]),
        ("2021-12-17T09:00:00+00:00", [("stage 2", Stands.STANDING, STAGE_2)]),
        ("2021-12-19T15:00:00+00:00", [("stage 2", Stands.ENDED, STAGE_2)]),
        ("2026-11-20T03:00:00+00:00", [("stage 2", Stands.ENDED, STAGE_2)]),
    ],
)
def test_an_items_stages_are_read_as_of_a_moment(snapshot: Snapshot, moment: str, said: list[Any]) -> None:
    assert told(official_alerts(OFFICER, snapshot, UREA, at(moment))) == said


def test_an_item_is_found_by_its_codes_and_an_area_by_its_own(snapshot: Snapshot) -> None:
    chicken = {"declared": date(2021, 11, 8)}
    by_area = official_alerts(OFFICER, snapshot, "KOR", at("2021-11-20T00:00:00+00:00"))
    assert told(by_area) == [("highest", Stands.STANDING, chicken["declared"])]
    assert by_area[0].hs_codes == ("0207",)
    assert told(official_alerts(OFFICER, snapshot, "JPN", at("2022-03-21T09:00:00+00:00"))) == [
        (None, Stands.ANNOUNCED, date(2022, 3, 22))
    ]
    assert official_alerts(OFFICER, snapshot, catalogue().item("helium"), READ_AT) == ()


def test_a_stage_past_its_stated_end_is_not_taken_to_have_been_ended(snapshot: Snapshot) -> None:
    for day, stands, ended in (
        ("2022-03-01T00:00:00+00:00", Stands.OVER, None),
        ("2022-03-31T09:00:00+00:00", Stands.ENDED, date(2022, 3, 31)),
    ):
        (found,) = official_alerts(OFFICER, snapshot, "KOR", at(day))
        assert (found.stands, found.ended_on) == (stands, ended)


def test_each_leads_back_to_its_records(snapshot: Snapshot) -> None:
    (found,) = official_alerts(OFFICER, snapshot, UREA, READ_AT)
    assert [(ref.record, dict(ref.key)["event"], ref.raw_row) for ref in found.refs] == [
        ("official_alert", "declared", 3),
        ("official_alert", "ended", 3),
    ]
    assert set(STANDS_NAMES) == set(Stands)


@pytest.mark.parametrize("role", [*Role, None])
def test_officers_read_them_and_nobody_else(snapshot: Snapshot, role: Role | None) -> None:
    reader = Reader(user=1, role=role) if role else NOBODY
    assert bool(official_alerts(reader, snapshot, UREA, READ_AT)) == (role in OFFICERS)


def test_a_stage_changes_no_level(lake: Lake, tmp_path: Path) -> None:
    moment = at("2021-11-20T00:00:00+00:00")
    empty = Lake(tmp_path / "empty")
    try:
        with_stage, without = (
            watch(each.snapshot(), catalogue(), network(), moment, {}, items=["urea"]) for each in (lake, empty)
        )
        assert official_alerts(OFFICER, empty.snapshot(), UREA, moment) == ()
    finally:
        empty.close()
    assert with_stage == without


@pytest.mark.django_db
def test_a_level_changes_no_stage(
    snapshot: Snapshot, raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    moment = at("2021-11-20T00:00:00+00:00")
    before = official_alerts(OFFICER, snapshot, UREA, moment)
    alert = raised(level=2)
    by = acting(person(Role.CENTRE), why="공식 경보를 보았다")
    actions.override_level(by=by, alert=alert.pk, seen=alert.version, level=5)
    assert queries.alert(task(by.at).reader, alert.pk).level == 5
    assert official_alerts(OFFICER, snapshot, UREA, moment) == before
