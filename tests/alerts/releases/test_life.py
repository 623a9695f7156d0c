"""The life of a release: who writes, who approves, who reads, and what is kept."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bongsu.alerts import actions as alert_actions
from bongsu.alerts import releases as room
from bongsu.alerts.models import Alert, Release, ReleaseEvent, Subscription
from bongsu.alerts.releases import rules
from bongsu.alerts.releases.fold import fold
from bongsu.alerts.releases.rules import State, Step
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError, StaleError
from bongsu.people.markings import Grade, Tlp
from bongsu.people.models import AuditLine, User
from bongsu.people.reader import NOBODY
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
MOMENT, HOUR = datetime(2026, 11, 22, 3, tzinfo=UTC), timedelta(hours=1)
GOOD: dict[str, Any] = {
    "title_ko": "요소 수출 검사 안내",
    "title_en": "Export inspection of urea",
    "obligation_ko": "중국에서 요소를 들여오려면 수출 전에 검사를 받아야 한다.",
    "obligation_en": "Urea from China is inspected before export.",
    "alternatives_ko": "카타르, 인도네시아.",
    "alternatives_en": "Qatar, Indonesia.",
    "hs_codes": ["310210"],
    "items": ["urea"],
    "deadline": "2021-10-15",
    "original": "https://customs.gov.cn/notice/81",
}
REPORT_KO = "현지 업계 관계자는 다음 주부터 산둥성 항만에서 요소 선적이 전면 중단될 것이라고 말하였음."
UNIT = "desk:motie_materials_supply_centre"


@pytest.fixture
def alert(raised: Make) -> Alert:
    return raised(level=3, units=(UNIT,))  # type: ignore[no-any-return]


@pytest.fixture
def writer(person: Make) -> User:
    return person(Role.CENTRE)  # type: ignore[no-any-return]


@pytest.fixture
def approver(person: Make) -> User:
    return person(Role.DESK, desk=UNIT.partition(":")[2])  # type: ignore[no-any-return]


@pytest.fixture
def draft(alert: Alert, writer: User, acting: Make) -> Release:
    return room.draft_release(by=acting(writer), alert=alert.pk, **GOOD)


@pytest.fixture
def approved(draft: Release, approver: User, acting: Make) -> Release:
    return room.approve_release(by=acting(approver, at=MOMENT + HOUR), release=draft.pk, seen=1)


@pytest.fixture
def company(person: Make, acting: Make) -> Make:
    """Makes a company that subscribes: `company(hs=["3102"], items=[], at=MOMENT)`."""

    def make(hs: list[str], items: tuple[str, ...] = (), at: Any = MOMENT) -> User:  # noqa: ANN401 - a moment
        user: User = person(Role.COMPANY, organisation=f"Firm {hs}", grade=Grade.O, tlp=Tlp.CLEAR)
        room.subscribe(by=acting(user, at=at), hs_codes=hs, items=items)
        return user

    return make


def ids(found: Any) -> list[Any]:  # noqa: ANN401 - rows
    return [row.pk for row in found]


def columns(row: Release) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in Release._meta.concrete_fields}


# ---- steps


def test_a_text_goes_out_once_another_person_has_approved_it(approved: Release, approver: User, writer: User) -> None:
    kept = Release.objects.get(pk=approved.pk)
    assert (kept.state, kept.version, kept.published_at, kept.author_id) == ("approved", 2, MOMENT + HOUR, writer.pk)
    assert [(one.kind, one.actor_id) for one in kept.events.all()] == [("draft", writer.pk), ("approve", approver.pk)]
    assert [line.act for line in AuditLine.objects.filter(kind="release").order_by("seq")] == [
        "release.draft",
        "release.approve",
    ]
    assert not any(GOOD["obligation_ko"] in str(line.details) for line in AuditLine.objects.all())


TAKES: dict[Step, Callable[..., Release]] = {
    Step.EDIT: lambda by, pk: room.edit_release(by=by, release=pk, title_ko="다른 제목"),
    Step.APPROVE: lambda by, pk: room.approve_release(by=by, release=pk),
    Step.WITHDRAW: lambda by, pk: room.withdraw_release(by=by, release=pk),
}


def bring_to(state: State, release: Release, by: Any) -> None:  # noqa: ANN401 - an actor
    if state is not State.DRAFT:
        room.approve_release(by=by, release=release.pk)
    if state is State.WITHDRAWN:
        room.withdraw_release(by=by, release=release.pk)


@pytest.mark.parametrize(("state", "step"), list(product(State, TAKES)))
def test_every_state_takes_the_steps_of_the_table_and_no_other(
    state: State, step: Step, draft: Release, approver: User, person: Make, acting: Make
) -> None:
    bring_to(state, draft, acting(approver, why="끝"))
    by = acting(person(Role.CENTRE), why="까닭", at=MOMENT + HOUR)
    assert (room.may(by.reader, draft.pk)[step] is None) == ((state, step) in rules.EDGES)
    if (state, step) in rules.EDGES:
        after = TAKES[step](by, draft.pk)
        assert after.state == rules.EDGES[state, step]
        assert columns(after) == columns(Release.objects.get(pk=draft.pk))
    else:
        with pytest.raises(OutOfStepError):
            TAKES[step](by, draft.pk)


@pytest.mark.parametrize(("role", "step"), list(product(Role, Step)))
def test_each_role_takes_its_steps_and_no_other(
    role: Role,
    step: Step,
    alert: Alert,
    draft: Release,
    person: Make,
    acting: Make,
) -> None:
    alert_actions.triage(by=acting(person(Role.CENTRE)), alert=alert.pk)
    alert_actions.issue(by=acting(person(Role.CENTRE)), alert=alert.pk)
    by = acting(person(role, desk=UNIT.partition(":")[2]), why="까닭")
    take = TAKES.get(step, lambda by, _: room.draft_release(by=by, alert=alert.pk, **GOOD))
    if role in rules.MAY[step]:
        assert take(by, draft.pk).state
        return
    # Who reads the alert and may not write learns so; the others learn nothing.
    refused = (
        DeniedError
        if role in rules.WRITERS or (step is Step.DRAFT and role in (Role.MISSION, Role.PARTNER))
        else NotThereError
    )
    with pytest.raises(refused):
        take(by, draft.pk)


def test_nobody_approves_a_text_that_they_have_written_in(
    draft: Release, writer: User, approver: User, person: Make, acting: Make
) -> None:
    with pytest.raises(DeniedError, match="written in"):
        room.approve_release(by=acting(writer), release=draft.pk)
    room.edit_release(by=acting(approver), release=draft.pk, title_en="Another title")
    with pytest.raises(DeniedError, match="written in"):
        room.approve_release(by=acting(approver), release=draft.pk)
    assert room.approve_release(by=acting(person(Role.CENTRE)), release=draft.pk).state == State.APPROVED


def test_an_edit_keeps_what_it_does_not_name(draft: Release, writer: User, acting: Make) -> None:
    before = columns(draft)
    after = room.edit_release(by=acting(writer, at=MOMENT + HOUR), release=draft.pk, seen=1, deadline=None)
    assert columns(after) == {**before, "deadline": None, "version": 2, "updated_at": MOMENT + HOUR}


def test_whoever_has_not_seen_the_newest_text_changes_nothing(
    draft: Release, writer: User, approver: User, acting: Make
) -> None:
    room.edit_release(by=acting(writer), release=draft.pk, seen=1, title_ko="새 제목")
    for take in (room.edit_release, room.approve_release, room.withdraw_release):
        with pytest.raises(StaleError):
            take(by=acting(approver, why="까닭"), release=draft.pk, seen=1)
    assert Release.objects.get(pk=draft.pk).version == 2


def test_an_unfinished_text_is_kept_but_does_not_go_out(
    alert: Alert, writer: User, approver: User, acting: Make
) -> None:
    begun = room.draft_release(by=acting(writer), alert=alert.pk, title_ko="제목만")
    with pytest.raises(InvalidError, match="is empty"):
        room.approve_release(by=acting(approver), release=begun.pk)
    assert Release.objects.get(pk=begun.pk).state == State.DRAFT


def test_a_withdrawal_says_why(approved: Release, approver: User, acting: Make) -> None:
    with pytest.raises(InvalidError, match="no reason"):
        room.withdraw_release(by=acting(approver), release=approved.pk)
    room.withdraw_release(by=acting(approver, why="기한이 바뀌었다"), release=approved.pk)
    assert [one.why for one in room.history(approver.reader, approved.pk)] == ["", "", "기한이 바뀌었다"]


def test_nothing_goes_out_on_an_alert_that_was_withdrawn(
    alert: Alert,
    draft: Release,
    approver: User,
    writer: User,
    acting: Make,
) -> None:
    alert_actions.withdraw(by=acting(writer, why="잘못 제기함"), alert=alert.pk)
    with pytest.raises(OutOfStepError):
        room.approve_release(by=acting(approver), release=draft.pk)


def test_an_unknown_part_of_a_text_is_a_mistake_of_ours(alert: Alert, writer: User, acting: Make) -> None:
    with pytest.raises(TypeError):
        room.draft_release(by=acting(writer), alert=alert.pk, level=4)


@pytest.mark.parametrize("through", ["alert", "tasking"])
def test_the_words_of_a_mission_report_of_the_alert_never_go_out(
    through: str, draft: Release, writer: User, approver: User, person: Make, acting: Make
) -> None:
    alert = draft.alert
    from bongsu.responses.models import Report, Tasking  # noqa: PLC0415 - this room lies above; only its rows are needed

    marks = {"grade": Grade.S, "tlp": Tlp.AMBER, "updated_at": MOMENT}
    asked = Tasking.objects.create(alert=alert, question="?", asked_at=MOMENT, deadline=MOMENT, state="open", **marks)
    link = {"alert": alert} if through == "alert" else {"tasking": asked}
    filed = {"mission": "chn_qingdao", "author": person(Role.MISSION), "title": "산둥성 동향", "made_at": MOMENT}
    room.edit_release(by=acting(writer), release=draft.pk, obligation_ko=f"안내. {REPORT_KO}")
    Report.objects.create(body=REPORT_KO, state="draft", **filed, **marks, **link)
    with pytest.raises(InvalidError, match="mission report"):
        room.edit_release(by=acting(writer), release=draft.pk, alternatives_ko=REPORT_KO)
    with pytest.raises(InvalidError, match="mission report"):  # it was filed after the text was saved
        room.approve_release(by=acting(approver), release=draft.pk)
    assert Release.objects.get(pk=draft.pk).state == State.DRAFT


# ---- who reads what


@pytest.mark.parametrize("role", Role)
def test_drafts_are_read_by_those_who_write_them(role: Role, draft: Release, person: Make) -> None:
    reader = person(role, desk=UNIT.partition(":")[2]).reader
    assert ids(room.releases(reader)) == ([draft.pk] if role in rules.WRITERS else [])
    assert ids(room.releases(NOBODY)) == []
    if role in rules.WRITERS:
        assert room.release(reader, draft.pk).pk == draft.pk
    else:
        for ask in (room.release, room.history, room.receivers, room.may):
            with pytest.raises(NotThereError):
                ask(reader, draft.pk)


def test_a_desk_that_is_not_concerned_and_a_reader_who_is_not_cleared_see_nothing(
    raised: Make, writer: User, person: Make, acting: Make
) -> None:
    grave = raised(level=3, subject="helium", units=(UNIT,), marks=(Grade.S, Tlp.AMBER))
    release = room.draft_release(by=acting(writer), alert=grave.pk, **GOOD)
    for other in (
        person(Role.DESK, desk="another"),
        person(Role.DESK, desk=UNIT[5:], grade=Grade.O),
        person(Role.CENTRE, tlp=Tlp.GREEN),
    ):
        assert ids(room.releases(other.reader)) == []
        for take in (room.edit_release, room.approve_release, room.withdraw_release):
            with pytest.raises(NotThereError):
                take(by=acting(other, why="까닭"), release=release.pk)
        with pytest.raises(NotThereError):
            room.draft_release(by=acting(other), alert=grave.pk, **GOOD)


@pytest.mark.parametrize(
    ("named", "fits"),
    [
        ((["310210"], ()), 1),
        ((["31021000"], ()), 1),
        ((["3102101000"], ()), 1),
        ((["31"], ()), 1),
        ((["3105"], ()), 0),
        ((["280429"], ("urea",)), 1),
        ((["280429"], ("helium",)), 0),
    ],
)
def test_a_company_reads_what_was_approved_for_its_codes_and_items(
    named: tuple[list[str], tuple[str, ...]], fits: int, draft: Release, approver: User, company: Make, acting: Make
) -> None:
    reader = company(*named).reader
    assert ids(room.releases(reader)) == []
    with pytest.raises(NotThereError):
        room.release(reader, draft.pk)
    room.approve_release(by=acting(approver), release=draft.pk)
    assert ids(room.releases(reader)) == [draft.pk] * fits
    assert ids(room.releases(reader, state=State.DRAFT)) == []
    assert ids(room.releases(reader, alert=draft.alert_id)) == []
    if fits:
        assert room.release(reader, draft.pk).get_deferred_fields() == {
            "alert_id",
            "author_id",
            "state",
            "version",
            "updated_at",
        }
    room.withdraw_release(by=acting(approver, why="까닭"), release=draft.pk)
    assert ids(room.releases(reader)) == []


def test_a_company_without_an_open_subscription_or_account_reads_nothing(
    approved: Release, company: Make, acting: Make
) -> None:
    firm = company(["3102"])
    assert ids(room.releases(firm.reader)) == [approved.pk]
    (own,) = room.subscriptions(firm.reader)
    room.end_subscription(by=acting(firm, at=MOMENT + HOUR), subscription=own.pk)
    assert ids(room.releases(firm.reader)) == []
    assert ids(room.releases(firm.reader, as_of=MOMENT + HOUR - timedelta(seconds=1))) == []  # it was not approved yet
    again = company(["3102"])
    User.objects.filter(pk=again.pk).update(is_active=False)
    assert ids(room.releases(User.objects.get(pk=again.pk).reader)) == []
    assert ids(room.releases(again.reader)) == []


def test_releases_are_read_as_they_stood(approved: Release, approver: User, company: Make, acting: Make) -> None:
    firm = company(["3102"])
    moments = [MOMENT + hours * HOUR for hours in (-1, 0, 1, 2)]
    assert [ids(room.releases(firm.reader, as_of=at)) for at in moments] == [[], [], [approved.pk], [approved.pk]]
    room.withdraw_release(by=acting(approver, why="까닭", at=MOMENT + 2 * HOUR), release=approved.pk)
    states = [[row.state for row in room.releases(approver.reader, as_of=at)] for at in moments]
    assert states == [[], [State.DRAFT], [State.APPROVED], [State.WITHDRAWN]]
    assert room.releases(approver.reader, as_of=MOMENT, state=State.APPROVED) == ()
    assert [ids(room.releases(firm.reader, as_of=at)) for at in moments] == [
        []
    ] * 4  # a company reads no withdrawn text
    with pytest.raises(NotThereError):
        room.release(firm.reader, approved.pk, as_of=MOMENT + HOUR)


def test_as_of_a_moment_a_company_reads_no_more_than_its_open_subscriptions_fit(
    approved: Release, company: Make, acting: Make
) -> None:
    firm = company(["3102"])
    (own,) = room.subscriptions(firm.reader)
    assert ids(room.releases(firm.reader, as_of=MOMENT + HOUR)) == [approved.pk]
    room.end_subscription(by=acting(firm, at=MOMENT + 2 * HOUR), subscription=own.pk)
    assert ids(room.releases(firm.reader, as_of=MOMENT + HOUR)) == []


def test_the_row_is_what_its_events_fold_to(
    approved: Release, writer: User, approver: User, person: Make, acting: Make
) -> None:
    other = room.draft_release(by=acting(writer), alert=approved.alert_id, title_ko="둘째")
    room.edit_release(by=acting(approver, at=MOMENT - HOUR), release=other.pk, **GOOD)  # a clock that was set back
    room.withdraw_release(by=acting(person(Role.CENTRE), why="까닭"), release=other.pk)
    for row in Release.objects.all():
        again = fold(Release(pk=row.pk, alert_id=row.alert_id), row.events.order_by("seq"))
        assert columns(again) == columns(row)


# ---- who got what


def test_who_got_a_release_is_known_by_name(
    draft: Release, approver: User, writer: User, company: Make, acting: Make
) -> None:
    first, other = company(["3102"]), company(["2804"])
    assert room.receivers(writer.reader, draft.pk) == ()
    room.approve_release(by=acting(approver, at=MOMENT + HOUR), release=draft.pk)
    later = company(["310210"], at=MOMENT + 2 * HOUR)
    room.withdraw_release(by=acting(approver, why="까닭", at=MOMENT + 3 * HOUR), release=draft.pk)
    company(["3102"], at=MOMENT + 4 * HOUR)
    got = {one.user: (one.since, one.sent) for one in room.receivers(writer.reader, draft.pk)}
    assert got == {first.pk: (MOMENT + HOUR, True), later.pk: (MOMENT + 2 * HOUR, False)}
    assert other.pk not in got
    with pytest.raises(NotThereError):
        room.receivers(first.reader, draft.pk)


# ---- subscriptions


@pytest.mark.parametrize("role", Role)
def test_a_company_subscribes_for_itself_and_the_house_for_it(role: Role, person: Make, acting: Make) -> None:
    firm, by = person(Role.COMPANY), acting(person(role))
    if role in rules.SUBSCRIBE_FOR_OTHERS:
        row = room.subscribe(by=by, items=["urea"], owner=firm.pk)
        assert (row.owner_id, ids(room.subscriptions(firm.reader))) == (firm.pk, [row.pk])
        assert room.end_subscription(by=by, subscription=row.pk).ended_at == by.at
        with pytest.raises(NotThereError):
            room.end_subscription(by=by, subscription=row.pk)
        return
    with pytest.raises(DeniedError):
        room.subscribe(by=by, items=["urea"], owner=firm.pk)
    kept = room.subscribe(by=acting(firm), items=["urea"])
    with pytest.raises((DeniedError, NotThereError)):
        room.end_subscription(by=by, subscription=kept.pk)
    assert Subscription.objects.get(pk=kept.pk).ended_at is None


@pytest.mark.parametrize(("hs", "items"), [([], []), (["요소"], []), ([], ["nothing"]), (["310"], ["urea"])])
def test_a_subscription_names_codes_or_items_that_there_are(
    hs: list[str], items: list[str], person: Make, acting: Make
) -> None:
    with pytest.raises(InvalidError):
        room.subscribe(by=acting(person(Role.COMPANY)), hs_codes=hs, items=items)


def test_only_an_open_company_account_is_subscribed(person: Make, acting: Make) -> None:
    centre = person(Role.CENTRE)
    for owner in (person(Role.MISSION).pk, person(Role.COMPANY, is_active=False).pk, 10_000, None):
        with pytest.raises(NotThereError):
            room.subscribe(by=acting(centre), items=["urea"], owner=owner)


def test_what_is_not_there_is_not_there(writer: User, acting: Make) -> None:
    with pytest.raises(NotThereError):
        room.draft_release(by=acting(writer), alert=uuid4(), **GOOD)
    with pytest.raises(NotThereError):
        room.approve_release(by=acting(writer), release=uuid4())


@pytest.mark.parametrize("count", [1, 3, 30])
def test_lists_take_as_many_queries_whatever_their_length(
    count: int,
    alert: Alert,
    writer: User,
    approver: User,
    company: Make,
    acting: Make,
) -> None:
    firm = company(["3102"])
    for _ in range(count):
        row = room.draft_release(by=acting(writer), alert=alert.pk, **GOOD)
        room.approve_release(by=acting(approver), release=row.pk)
    for reader, as_of, asked in (
        (writer.reader, None, 1),
        (firm.reader, None, 3),
        (writer.reader, MOMENT, 3),
        (firm.reader, MOMENT, 4),
    ):
        with CaptureQueriesContext(connection) as taken:
            rows = list(room.releases(reader, as_of=as_of))
            assert reader == firm.reader or [str(row.author) for row in rows]
        assert (len(rows), len(taken)) == (count, asked)
    assert ReleaseEvent.objects.count() == 2 * count
