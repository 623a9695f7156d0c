"""What is kept of a warning: plain JSON with stable keys, frozen when raised and as it stands now."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from bongsu.alerts import actions, queries
from bongsu.alerts.evidence import as_json, digest, marks_of, plain
from bongsu.alerts.models import Alert
from bongsu.detectors.signal import Layer, RecordRef, Signal, State
from bongsu.fusion.today import warnings_at
from bongsu.fusion.warning import LayerView, Question, UseAtRisk, Warning  # noqa: A004 - the design's word
from bongsu.items.catalogue import catalogue
from bongsu.items.grade import Grade as EwsGrade
from bongsu.language import BadInputError, Text
from bongsu.missions.load import network
from bongsu.people.errors import InvalidError
from bongsu.people.markings import Grade, Tlp
from bongsu.people.models import User
from bongsu.people.reader import task
from bongsu.people.roles import Role
from bongsu.records.lake import Lake
from bongsu.records.marking import Marking

MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)
SAID = Text("중국이 검사를 시작했다\0.", "China began to inspect\0.")
REF = RecordRef("measure", (("jurisdiction", "CHN"), ("number", "81")), delivery=4, raw=7, raw_row=2)
KEYS = {
    "subject",
    "name",
    "on",
    "level",
    "grade",
    "dependent",
    "no_current_figures",
    "reasons",
    "dependence",
    "uses",
    "missions",
    "layers",
    "signals",
    "days_of_cover",
    "alternatives",
    "raise_if",
    "lower_if",
    "probability",
    "calibration",
    "questions",
    "next_step",
    "movement",
    "evidence",
    "marks",
}


@pytest.fixture
def warning() -> Warning:
    beijing = network().mission("chn_beijing")
    return Warning(
        subject="urea",
        name=Text("요소", "urea"),
        on=MOMENT,
        level=4,
        grade=EwsGrade("A", "A", (SAID,), (), None),
        dependent=True,
        no_current_figures=False,
        reasons=(SAID,),
        dependence=None,
        uses=(UseAtRisk("def", Text("요소수", "diesel exhaust fluid"), (Text("환경부", "MOE"),), ()),),
        missions=(beijing,),
        layers=(LayerView(Layer.MEASURE, State.LIVE, date(2026, 11, 1), "D", MOMENT, "gacc", SAID, 0.9, SAID),),
        signals=(Signal(subject="urea", layer=Layer.MEASURE, state=State.LIVE, headline=SAID, record_refs=(REF,)),),
        days_of_cover=None,
        alternatives=(),
        raise_if=(),
        lower_if=(),
        probability=None,
        calibration=SAID,
        questions=(Question(beijing, "urea", date(2026, 11, 20), SAID, due=True),),
        next_step=SAID,
        movement=0.4,
        evidence=(REF,),
        marking=Marking("S", "AMBER_STRICT"),
    )


def test_it_is_plain_json_with_stable_keys(warning: Warning) -> None:
    kept = as_json(warning)
    assert json.loads(json.dumps(kept, ensure_ascii=False)) == kept
    assert set(kept) == KEYS
    assert kept["name"] == {"ko": "요소", "en": "urea"}
    assert (kept["on"], kept["level"], kept["grade"]["letter"]) == (MOMENT.isoformat(), 4, "A")
    assert kept["missions"] == ["chn_beijing"]
    assert kept["uses"] == [
        {
            "id": "def",
            "name": {"ko": "요소수", "en": "diesel exhaust fluid"},
            "in_charge": [{"ko": "환경부", "en": "MOE"}],
            "hit": [],
        }
    ]
    assert (kept["questions"][0]["mission"], kept["questions"][0]["on"]) == ("chn_beijing", "2026-11-20")
    assert (kept["layers"][0]["layer"], kept["layers"][0]["state"]) == ("measure", "live")
    assert kept["evidence"] == [
        {"record": "measure", "key": {"jurisdiction": "CHN", "number": "81"}, "delivery": 4, "raw": 7, "raw_row": 2}
    ]
    assert kept["signals"][0]["record_refs"] == kept["evidence"]
    assert marks_of(kept) == (Grade.S, Tlp.AMBER_STRICT)


def test_no_nul_is_kept_for_postgresql_cannot_hold_it(warning: Warning) -> None:
    assert "\\u0000" not in json.dumps(as_json(warning))
    assert as_json(warning)["reasons"] == [{"ko": "중국이 검사를 시작했다.", "en": "China began to inspect."}]


def test_the_clock_alone_makes_no_new_evidence(warning: Warning) -> None:
    later = replace(warning, on=MOMENT + timedelta(days=1))
    assert digest(as_json(later)) == digest(as_json(warning))
    for other in (replace(warning, level=3), replace(warning, reasons=()), replace(warning, marking=Marking())):
        assert digest(as_json(other)) != digest(as_json(warning))
    kept = as_json(warning)
    assert digest(dict(reversed(kept.items()))) == digest(kept)


def test_odd_values_become_plain() -> None:
    assert plain({Layer.PRICE: (1, None, True, 0.5)}) == {"price": [1, None, True, 0.5]}


def test_marks_that_are_none_are_refused_and_none_are_open() -> None:
    assert marks_of({}) == (Grade.O, Tlp.CLEAR)
    with pytest.raises(BadInputError):
        marks_of({"marks": {"grade": "X", "tlp": "RED"}})


def test_every_warning_of_the_sample_can_be_kept(sample_lake: Path) -> None:
    lake = Lake(sample_lake)
    try:
        moment = datetime(2021, 10, 13, 14, 59, tzinfo=UTC)
        found = warnings_at(
            lake.snapshot(), catalogue(), network(), moment, home="KOR", zone="Asia/Seoul", items=("urea",)
        )
    finally:
        lake.close()
    assert len(found) == 1
    kept = as_json(found[0])
    assert json.loads(json.dumps(kept)) == kept
    assert set(kept) == KEYS
    assert kept["evidence"]


# ---- in the database


@pytest.fixture
def duty(person: Callable[..., Any]) -> User:
    user: User = person(Role.DUTY)
    return user


def _observe(row: Alert, warning: Mapping[str, Any], at: datetime) -> Alert:
    return actions.observe(by=task(at), alert=row.pk, warning=warning, level=row.watch_level, concerns=())


@pytest.mark.django_db
def test_it_is_frozen_when_raised_and_kept_again_when_it_changes(duty: User, warning: Warning) -> None:
    first = as_json(warning)
    row = actions.raise_alert(by=task(MOMENT), warning=first, level=4, grade=Grade.O, tlp=Tlp.CLEAR, concerns=())
    second = as_json(replace(warning, movement=0.9))
    row = _observe(row, second, MOMENT + timedelta(hours=1))
    assert (row.version, row.grade, row.tlp) == (2, Grade.S, Tlp.AMBER_STRICT)
    row = _observe(row, {**second, "on": "later"}, MOMENT + timedelta(hours=2))
    assert row.version == 2
    row = _observe(row, first, MOMENT + timedelta(hours=3))
    reader = duty.reader
    assert [(one.seq, one.digest) for one in row.evidence.all()] == [
        (1, digest(first)),
        (2, digest(second)),
        (3, digest(first)),
    ]
    assert queries.evidence(reader, row.pk).warning == first
    assert queries.evidence(reader, row.pk, 1).warning == first
    assert queries.evidence(reader, row.pk, as_of=MOMENT + timedelta(hours=2)).warning == second
    assert [line.seq for line in queries.timeline(reader, row.pk) if line.evidence] == [1, 2, 3]


@pytest.mark.django_db
def test_markings_are_the_highest_of_all_its_evidence_and_never_fall(duty: User, warning: Warning) -> None:
    low, high = replace(warning, marking=Marking("O", "GREEN")), replace(warning, marking=Marking("S", "AMBER"))
    row = actions.raise_alert(by=task(MOMENT), warning=as_json(low), level=4, grade=Grade.O, tlp=Tlp.GREEN, concerns=())
    assert (row.grade, row.tlp) == (Grade.O, Tlp.GREEN)
    row = _observe(row, as_json(high), MOMENT)
    assert (row.grade, row.tlp) == (Grade.S, Tlp.AMBER)
    assert (_observe(row, as_json(low), MOMENT).grade, row.tlp) == (Grade.S, Tlp.AMBER)
    assert row.owner_id == duty.pk


@pytest.mark.django_db
def test_an_entry_above_the_installations_grade_is_refused_and_leaves_nothing(
    duty: User, warning: Warning, settings: Settings
) -> None:
    secret = as_json(replace(warning, marking=Marking("C", "RED")))
    with pytest.raises(InvalidError) as refused:
        actions.raise_alert(by=task(MOMENT), warning=secret, level=4, grade=Grade.C, tlp=Tlp.RED, concerns=())
    assert refused.value.mend is not None
    assert "문서번호" in refused.value.mend.ko
    with pytest.raises(InvalidError):  # whatever the caller says of it
        actions.raise_alert(by=task(MOMENT), warning=secret, level=4, grade=Grade.O, tlp=Tlp.RED, concerns=())
    assert Alert.objects.count() == 0
    row = actions.raise_alert(
        by=task(MOMENT), warning=as_json(warning), level=4, grade=Grade.S, tlp=Tlp.RED, concerns=()
    )
    with pytest.raises(InvalidError):
        _observe(row, secret, MOMENT)
    row.refresh_from_db()
    assert (row.version, row.evidence.count()) == (1, 1)
    settings.GRADE = Grade.C
    assert _observe(row, secret, MOMENT).grade == Grade.C
    assert duty.grade == Grade.C


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [{"subject": ""}, {"subject": None}, {}, {"subject": 7}])
def test_a_warning_about_nothing_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        actions.raise_alert(by=task(MOMENT), warning=facts, level=3, grade=Grade.O, tlp=Tlp.CLEAR, concerns=())


@pytest.mark.django_db
@pytest.mark.parametrize("level", [0, 6, -3])
def test_a_level_that_is_none_is_refused(level: int) -> None:
    with pytest.raises(InvalidError):
        actions.raise_alert(
            by=task(MOMENT), warning={"subject": "urea"}, level=level, grade=Grade.O, tlp=Tlp.CLEAR, concerns=()
        )
