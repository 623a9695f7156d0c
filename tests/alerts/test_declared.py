"""Official alerts from the floor's lake: none, unreadable and unknown are told apart; a reading is shared."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from bongsu.alerts import declared as room
from bongsu.alerts.declared import WHY_NOTHING, Record, declared
from bongsu.alerts.official import OfficialAlert, Stands
from bongsu.people.reader import NOBODY, Reader
from bongsu.people.roles import OFFICERS, Role
from bongsu.records.lake import Lake
from bongsu.sources.fetch import Given, fetch
from bongsu.sources.source import HERE, sources

ALERTS = HERE / "official_alerts_table" / "samples" / "alerts.csv"
READ_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
OFFICER = Reader(user=1, role=Role.DESK)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A lake of the test's own, not there yet: without a database nobody else gives it one."""
    settings.LAKE = tmp_path / "lake"
    return tmp_path / "lake"


@pytest.fixture
def lake(folder: Path) -> Path:
    """That lake, with what authorities have declared."""
    made = Lake(folder)
    fetch(made, sources()["official_alerts_table"], [str(ALERTS)], Given(), read_at=READ_AT, run_id="t")
    made.close()
    return folder


def told(reader: Reader, item: str, moment: datetime) -> tuple[Record, list[tuple[str | None, Stands]]]:
    found = declared(reader, item, moment)
    assert found.why == WHY_NOTHING.get(found.record)
    return found.record, [(one.stage, one.stands) for one in found.alerts]


@pytest.mark.usefixtures("lake")
def test_what_is_on_record_is_told_as_of_the_moment() -> None:
    moments = ("2021-11-02T08:00:00+00:00", "2021-11-02T09:00:00+00:00", "2026-11-20T03:00:00+00:00")
    assert [told(OFFICER, "urea", datetime.fromisoformat(moment)) for moment in moments] == [
        (Record.NONE, []),
        (Record.DECLARED, [("stage 1", Stands.STANDING)]),
        (Record.DECLARED, [("stage 2", Stands.ENDED)]),
    ]
    assert told(OFFICER, "helium", READ_AT) == (Record.NONE, [])


@pytest.mark.usefixtures("lake")
@pytest.mark.parametrize("home", ["KOR", "XXX"])
def test_an_unknown_subject_is_not_told_as_one_without_alerts(settings: Settings, home: str) -> None:
    settings.HOME = home  # Korea's catalogue where the home brings none
    assert told(OFFICER, "no_such_item", READ_AT) == (Record.UNKNOWN, [])
    assert told(OFFICER, "urea", READ_AT)[0] is Record.DECLARED


def test_without_a_lake_none_is_on_record() -> None:
    assert told(OFFICER, "urea", READ_AT) == (Record.NONE, [])


def test_a_lake_that_cannot_be_read_is_not_an_empty_one(lake: Path) -> None:
    for log in (lake / "journal" / "_delta_log").glob("*.json"):
        log.write_text("no journal", encoding="utf-8")
    assert told(OFFICER, "urea", READ_AT) == (Record.UNREADABLE, [])


@pytest.mark.usefixtures("lake")
@pytest.mark.parametrize("role", [None, *Role])
def test_officers_alone_are_told(role: Role | None) -> None:
    reader = NOBODY if role is None else Reader(user=1, role=role)
    assert told(reader, "urea", READ_AT)[0] is (Record.DECLARED if role in OFFICERS else Record.NONE)


def test_the_lake_is_read_once_for_each_state_of_it(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readings: list[datetime] = []

    def counted(_reader: Reader, _snapshot: object, _item: object, at: datetime, **_: str) -> tuple[OfficialAlert, ...]:
        readings.append(at)
        return ()

    monkeypatch.setattr(room, "official_alerts", counted)
    for minutes in (0, 9, 10):
        for user in (1, 2):
            declared(Reader(user=user, role=Role.DESK), "urea", READ_AT + timedelta(minutes=minutes))
    assert readings == [READ_AT, READ_AT + timedelta(minutes=10)]
    made = Lake(lake)
    fetch(made, sources()["official_alerts_table"], [str(ALERTS)], Given(), read_at=READ_AT, run_id="again")
    made.close()
    declared(OFFICER, "urea", READ_AT)
    assert readings == [READ_AT, READ_AT + timedelta(minutes=10), READ_AT]
