"""Reports: nothing typed is lost, nobody reviews their own, and each state is left only by its edges."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from bongsu.alerts.models import Alert, AlertEvidence, Concern
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError, RefusedError, StaleError
from bongsu.people.models import AuditLine, User
from bongsu.people.reader import Reader, task
from bongsu.people.roles import Role
from bongsu.responses import actions, queries
from bongsu.responses.actions.content import complete
from bongsu.responses.actions.ledger import project
from bongsu.responses.fold import report as folded
from bongsu.responses.models import Report
from bongsu.responses.states import REPORT_EDGES, ReportKind, ReportState, Step

pytestmark = pytest.mark.django_db

BEIJING = "chn_beijing"
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
Make = Callable[..., Any]


@pytest.fixture
def alert() -> Callable[..., Alert]:
    """Makes an issued alert that concerns units."""

    def make(*units: str, **facts: Any) -> Alert:  # noqa: ANN401 - by field
        given = {"subject": "urea", "grade": 0, "tlp": 1, "raised_at": AT, "state": "issued", "level": 3}
        row = Alert.objects.create(**{**given, "issued_at": AT, "updated_at": AT, **facts})
        Concern.objects.bulk_create(
            Concern(of=row, unit=unit, rule="r", why_ko="까닭", why_en="why", seq=1) for unit in units
        )
        return row

    return make


# ---- drafts


def test_every_save_keeps_the_whole_text(draft: Make, officer: User, acting: Make) -> None:
    report = draft(body="하나")
    for minute, body in enumerate(("둘", "둘", "셋"), 1):
        by = acting(officer, at=AT + timedelta(minutes=minute))
        report = actions.save_draft(by=by, report=report.pk, seen=report.version, body=body)
    assert [one.data["content"]["body"] for one in report.events.all()] == [
        "하나",
        "둘",
        "셋",
    ]  # the same again is none
    then = queries.report(officer.reader, report.pk, as_of=AT + timedelta(minutes=2))
    assert (then.body, queries.report(officer.reader, report.pk).body) == ("둘", "셋")


def test_an_older_window_never_overwrites_and_loses_nothing(
    draft: Make, officer: User, person: Make, acting: Make
) -> None:
    colleague = person(Role.MISSION, mission=BEIJING)
    report = draft(body="처음")
    seen = report.version
    actions.save_draft(by=acting(officer), report=report.pk, seen=seen, body="먼저")
    with pytest.raises(StaleError) as refused:
        actions.save_draft(by=acting(colleague), report=report.pk, seen=seen, body="나중", title="다른 제목")
    now = queries.report(officer.reader, report.pk)
    assert (refused.value.seen, refused.value.version, now.body, now.version) == (seen, seen + 1, "먼저", seen + 1)
    [aside] = queries.kept_aside(officer.reader, report.pk)
    assert (aside.who, aside.content["body"], aside.content["title"]) == (str(colleague), "나중", "다른 제목")
    # what was kept aside makes nobody's view stale
    actions.save_draft(by=acting(officer), report=report.pk, seen=now.version, body="이어서")
    assert queries.report(officer.reader, report.pk).body == "이어서"


def test_what_is_typed_after_filing_is_kept_aside(filed: Make, officer: User, centre: User, acting: Make) -> None:
    report = filed()
    with pytest.raises(OutOfStepError):
        actions.save_draft(by=acting(officer), report=report.pk, body="덧붙임")
    assert [one.content["body"] for one in queries.kept_aside(officer.reader, report.pk)] == ["덧붙임"]
    with pytest.raises(NotThereError):
        queries.kept_aside(centre.reader, report.pk)


def test_a_draft_begins_with_its_question_and_its_country(
    asked: Make, officer: User, acting: Make, settings: Settings
) -> None:
    settings.GRADE = 1
    tasking = asked(item="urea", grade="S", tlp="AMBER")
    report = actions.save_draft(by=acting(officer), tasking=tasking.pk)
    told = (report.tasking_id, report.items, report.place, report.grade, report.tlp, report.title)
    assert told == (tasking.pk, ["urea"], "CHN", 1, 2, "")


def test_a_text_that_is_kept_aside_is_read_by_its_own_markings(
    draft: Make, officer: User, person: Make, acting: Make, settings: Settings
) -> None:
    settings.GRADE = 2
    report = draft()
    for marks in ({"grade": "S"}, {"tlp": "RED"}, {}):
        with pytest.raises(StaleError):
            actions.save_draft(by=acting(officer), report=report.pk, seen=0, body=f"{marks}", **marks)
    assert len(queries.kept_aside(officer.reader, report.pk)) == 3
    low = person(Role.MISSION, mission=BEIJING, grade=0, tlp=1)
    [one] = actions.open_kept_aside(by=acting(low), report=report.pk)
    line = AuditLine.objects.latest("seq")
    assert (one.content["body"], line.act, line.ref) == ("{}", "report.read", str(report.pk))


@pytest.mark.parametrize("lower", [{"grade": "O"}, {"tlp": "CLEAR"}])
def test_what_was_filed_is_never_marked_lower(
    draft: Make, officer: User, centre: User, acting: Make, settings: Settings, lower: dict[str, str]
) -> None:
    settings.GRADE = 2
    by = acting(officer)
    report = draft(grade="C", tlp="RED").pk
    actions.save_draft(by=by, report=report, grade="S", tlp="GREEN")  # a draft is its mission's alone
    actions.submit(by=by, report=report)
    actions.return_report(by=acting(centre), report=report, reason="까닭")
    with pytest.raises(InvalidError, match="never marked lower") as refused:
        actions.save_draft(by=by, report=report, **lower)
    assert [refused.value.where] == list(lower)
    kept = actions.save_draft(by=by, report=report, grade="C", body="고침")
    assert (kept.grade, kept.tlp, kept.body) == (2, 1, "고침")


def test_what_is_typed_after_a_return_is_its_mission_s_alone_until_it_is_filed_again(
    draft: Make, officer: User, centre: User, acting: Make
) -> None:
    by, judge = acting(officer), acting(centre)
    report = draft().pk
    first = actions.attach(by=by, report=report, name="a.txt", content=b"a").pk
    actions.submit(by=by, report=report)
    returned = actions.return_report(by=judge, report=report, reason="까닭")
    actions.save_draft(by=by, report=report, title="아직", body="아직", items=["ammonia"])
    second = actions.attach(by=by, report=report, name="b.txt", content=b"b").pk
    actions.detach(by=by, report=report, attachment=first)

    def seen(reader: Reader) -> tuple[Any, ...]:
        whole, [line] = queries.report(reader, report), queries.reports(reader)
        [then] = queries.reports(reader, as_of=AT)
        for one in (line, then):
            assert (one.title, one.items, one.state) == (whole.title, whole.items, whole.state)
            assert (one.version, one.steps) == (whole.version, whole.steps)
        files = {one.id for one in queries.attachments(reader, report)}
        assert files == {one.id for one in queries.attachments(reader, report, as_of=AT)}
        for file in (first, second):
            if file in files:
                assert queries.open_attachment(reader, file).id == file
            else:
                with pytest.raises(NotThereError):
                    queries.open_attachment(reader, file)
        return whole.title, whole.body, whole.items, files

    before = returned.title, returned.body, tuple(returned.items)
    old = (*before, {first})
    new = ("아직", "아직", ("ammonia",), {second})
    assert (seen(officer.reader), seen(centre.reader)) == (new, old)
    assert queries.reports(centre.reader, item="ammonia") == ()
    shown = queries.report(centre.reader, report)
    assert (shown.version, shown.updated_at) == (returned.version + 3, AT)
    actions.withdraw_report(by=acting(officer, why="까닭"), report=report)
    assert seen(centre.reader) == old
    other = draft().pk
    actions.submit(by=by, report=other)
    actions.return_report(by=judge, report=other, reason="까닭")
    actions.save_draft(by=by, report=other, body="다시")
    actions.submit(by=by, report=other)
    assert queries.report(centre.reader, other).body == "다시"


@pytest.mark.parametrize("missing", ["title", "body", "place", "origin", "observed_on"])
def test_what_is_not_complete_is_not_filed(draft: Make, officer: User, acting: Make, missing: str) -> None:
    report = draft(**{missing: None if missing == "observed_on" else ""})
    with pytest.raises(InvalidError) as refused:
        actions.submit(by=acting(officer), report=report.pk)
    assert (refused.value.where, Report.objects.get().state) == (missing, ReportState.DRAFT)


def test_a_day_that_has_not_come_is_not_seen(draft: Make, officer: User, acting: Make) -> None:
    with pytest.raises(InvalidError):
        actions.submit(by=acting(officer), report=draft(observed_on=date(2026, 11, 24)).pk)
    assert actions.submit(by=acting(officer), report=draft(observed_on=date(2026, 11, 22)).pk).submitted_at == AT


def test_a_day_before_every_lake_is_not_filed(draft: Make) -> None:
    typed_once = replace(folded(draft().events.all()), observed_on=date.min)  # before the bound was there
    with pytest.raises(InvalidError, match="before 1900"):
        complete(typed_once, AT)


def test_a_clock_that_is_set_back_puts_nothing_before_what_has_happened(
    asked: Make, draft: Make, officer: User, centre: User, acting: Make
) -> None:
    tasking, early = asked(), AT - timedelta(hours=1)
    report = draft(tasking=tasking.pk).pk
    done = actions.submit(by=acting(officer, at=early), report=report)
    assert (done.submitted_at, done.updated_at) == (AT, AT)
    assert [one.at for one in done.events.all()] == [AT, AT]
    then = queries.tasking(centre.reader, tasking.pk, as_of=AT)
    assert (then.answers, then.updated_at) == (((BEIJING, AT),), AT)
    assert [one.updated_at for one in queries.taskings(centre.reader)] == [AT]
    assert queries.report(centre.reader, report, as_of=AT).state is ReportState.SUBMITTED


# ---- what is entered


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("title", "요소\u202e목록", "title"),  # right-to-left override
        ("title", "요\u200b소", "title"),  # zero width
        ("title", "a\u2066b\u2069", "title"),
        ("title", "두\n줄", "title"),
        ("title", "\ufeff제목", "title"),
        ("title", "a" * 201, "title"),
        ("title", "\0", "title"),
        ("title", 7, "title"),
        ("source_name", "KOTRA\u202a", "source_name"),
        ("body", "nul\0", "body"),
        ("body", "\udfff", "body"),
        ("body", "a" * 100_001, "body"),
        ("items", ["unobtainium"], "items"),
        ("items", "urea", "items"),
        ("items", [7], "items"),
        ("place", "Atlantis", "place"),
        ("observed_on", "soon", "observed_on"),
        ("observed_on", 7, "observed_on"),
        ("observed_on", "0001-01-01", "observed_on"),
        ("observed_on", date(1899, 12, 31), "observed_on"),
        ("origin", "rumour", "origin"),
        ("bearing", "sideways", "bearing"),
        ("offered", "G", "offered"),
        ("link", "javascript:alert(1)", "link"),
        ("link", 'https://a.example/"><script>', "link"),
        ("link", "ftp://a.example", "link"),
        ("measure", [], "measure"),
        ("measure", {"colour": "red"}, "measure"),
        ("measure", {"instrument": "magic"}, "measure.instrument"),
        ("measure", {"direction": "up"}, "measure.direction"),
        ("measure", {"announced": "2026-13-01"}, "measure.announced"),
        ("measure", {"until": "0001-01-01"}, "measure.until"),
        ("measure", {"hs_codes": ["31A2"]}, "measure.hs_codes"),
        ("measure", {"issuer": "a\0"}, "measure.issuer"),
        ("grade", "C", "grade"),
        ("grade", "Z", "grade"),
        ("tlp", 17, "tlp"),
        ("password", "x", "password"),
        ("state", "reviewed", "state"),
        ("mission", "usa_washington", "mission"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(draft: Make, field: str, value: object, where: str) -> None:
    with pytest.raises(InvalidError) as refused:
        draft(**{field: value})
    assert (refused.value.where, Report.objects.count()) == (where, 0)


def test_prose_is_kept_as_it_was_typed(draft: Make, officer: User) -> None:
    body = "<script>alert('요소')</script>\r\n\u202eabc\u200b =cmd|' /C calc'!A0"
    assert queries.report(officer.reader, draft(body=body).pk).body == body


def test_a_measure_is_kept_by_its_fields(draft: Make, officer: User) -> None:
    told = {"issuer": "해관총서", "announced": date(2021, 10, 11), "until": None, "hs_codes": ["3102.10", "310210"]}
    kept = queries.report(officer.reader, draft(measure=told).pk).measure
    assert kept == {"issuer": "해관총서", "announced": "2021-10-11", "hs_codes": ["310210"]}


def test_an_entry_above_the_installation_is_refused(draft: Make, settings: Settings) -> None:
    settings.GRADE = 0
    with pytest.raises(InvalidError, match="may not hold entries of grade S"):
        draft(grade="S")
    settings.GRADE = 2
    assert draft(grade="C").grade == 2


# ---- the life of a report


STEPS: dict[Step, Callable[..., Any]] = {
    Step.SAVE: lambda by, report: actions.save_draft(by=by, report=report, body="고침"),
    Step.ATTACH: lambda by, report: actions.attach(by=by, report=report, name="a.txt", content=b"text"),
    Step.SUBMIT: lambda by, report: actions.submit(by=by, report=report),
    Step.RETURN: lambda by, report: actions.return_report(by=by, report=report),
    Step.REVIEW: lambda by, report: actions.review(by=by, report=report, reliability="B", credibility=2),
    Step.WITHDRAW: lambda by, report: actions.withdraw_report(by=by, report=report),
}
ROADS: dict[ReportState, tuple[Step, ...]] = {
    ReportState.DRAFT: (),
    ReportState.SUBMITTED: (Step.SUBMIT,),
    ReportState.RETURNED: (Step.SUBMIT, Step.RETURN),
    ReportState.REVIEWED: (Step.SUBMIT, Step.RETURN, Step.SUBMIT, Step.REVIEW),
    ReportState.WITHDRAWN: (Step.SUBMIT, Step.WITHDRAW),
}
CENTRES = (Step.RETURN, Step.REVIEW)


@pytest.mark.parametrize("state", ReportState)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_taken_from_its_states_and_from_no_other(
    draft: Make, officer: User, centre: User, acting: Make, state: ReportState, step: Step
) -> None:
    def take(one: Step) -> Any:  # noqa: ANN401 - a report or a file
        return STEPS[one](acting(centre if one in CENTRES else officer, why="까닭"), report)

    report = draft().pk
    for before in ROADS[state]:
        take(before)
    shown = queries.report(officer.reader, report)
    assert shown.state is state
    if step not in CENTRES:
        assert (step in shown.steps) == (state in REPORT_EDGES[step])
    if state in REPORT_EDGES[step]:
        take(step)
        assert queries.report(officer.reader, report).state is REPORT_EDGES[step][state]
        _columns_are_what_folds(report)
    else:
        hidden = state is ReportState.DRAFT and step in CENTRES  # a draft is not there for them at all
        with pytest.raises(NotThereError if hidden else OutOfStepError):
            take(step)
        assert queries.report(officer.reader, report).state is state


def _columns_are_what_folds(report: UUID) -> None:
    row, again = Report.objects.get(pk=report), Report.objects.get(pk=report)
    project(again, folded(row.events.all()))
    assert {name: value for name, value in vars(row).items() if name != "_state"} == {
        name: value for name, value in vars(again).items() if name != "_state"
    }


@pytest.mark.parametrize("step", [Step.SUBMIT, Step.RETURN, Step.REVIEW, Step.WITHDRAW])
def test_whoever_looked_at_an_older_version_is_told(
    draft: Make, officer: User, centre: User, acting: Make, step: Step
) -> None:
    report = draft().pk
    if step is not Step.SUBMIT:
        actions.submit(by=acting(officer), report=report)
    act: dict[Step, Callable[..., Any]] = {
        Step.SUBMIT: actions.submit,
        Step.RETURN: actions.return_report,
        Step.REVIEW: lambda **facts: actions.review(**facts, reliability="A", credibility=1),
        Step.WITHDRAW: actions.withdraw_report,
    }
    lines = AuditLine.objects.count()
    by = acting(centre if step in CENTRES else officer, why="까닭")
    with pytest.raises(StaleError):
        act[step](by=by, report=report, seen=0)
    assert AuditLine.objects.count() == lines


def test_nobody_reviews_what_they_had_a_hand_in(
    draft: Make, officer: User, person: Make, acting: Make, centre: User
) -> None:
    colleague = person(Role.MISSION, mission=BEIJING)
    report = draft()
    actions.save_draft(by=acting(colleague), report=report.pk, body="함께 씀")
    actions.submit(by=acting(officer), report=report.pk)
    for writer in (officer, colleague):  # both were called home meanwhile
        User.objects.filter(pk=writer.pk).update(role=Role.CENTRE, mission="")
        by = acting(User.objects.get(pk=writer.pk))
        with pytest.raises(DeniedError, match="may not review"):
            actions.review(by=by, report=report.pk, reliability="A", credibility=1)
    done = actions.review(by=acting(centre), report=report.pk, reliability="A", credibility=1)
    assert (done.reviewer_id, done.reliability, done.credibility) == (centre.pk, "A", 1)


@pytest.mark.parametrize(
    ("reliability", "credibility"), [("", 1), ("G", 1), ("A", 0), ("A", 7), ("A", "1"), ("A", True)]
)
def test_a_review_gives_both_grades(
    filed: Make,
    centre: User,
    acting: Make,
    reliability: str,
    credibility: Any,  # noqa: ANN401 - what is wrong
) -> None:
    report = filed()
    with pytest.raises(InvalidError):
        actions.review(by=acting(centre), report=report.pk, reliability=reliability, credibility=credibility)
    assert Report.objects.get().state == ReportState.SUBMITTED


def test_a_return_and_a_late_withdrawal_say_why(
    filed: Make, draft: Make, officer: User, centre: User, acting: Make
) -> None:
    report = filed().pk
    for refused in (
        lambda: actions.return_report(by=acting(centre), report=report),
        lambda: actions.withdraw_report(by=acting(officer), report=report),
    ):
        with pytest.raises(InvalidError):
            refused()
    actions.return_report(by=acting(centre), report=report, reason="날짜가 없음")
    assert queries.report(officer.reader, report).why == "날짜가 없음"
    assert actions.withdraw_report(by=acting(officer), report=draft().pk).state == ReportState.WITHDRAWN


# ---- statements


def test_a_withdrawal_takes_the_statement_back(
    filed: Make,
    officer: User,
    centre: User,
    acting: Make,
    publisher: Any,  # noqa: ANN401 - the one that remembers
) -> None:
    report = filed().pk
    actions.review(by=acting(centre), report=report, reliability="B", credibility=2, publisher=publisher)
    actions.withdraw_report(by=acting(officer, why="잘못 들음"), report=report, publisher=publisher)
    row = Report.objects.get()
    assert (row.statement, row.taken_back, publisher.standing, queries.unpublished(centre.reader)) == (1, 2, {}, ())
    kinds = [one.kind for one in queries.report_timeline(officer.reader, report)]
    assert kinds == [
        *(ReportKind.DRAFTED, ReportKind.SUBMITTED, ReportKind.REVIEWED),
        *(ReportKind.PUBLISHED, ReportKind.WITHDRAWN, ReportKind.TAKEN_BACK),
    ]


def test_whoever_dies_between_the_lake_and_the_database_is_followed_by_one_who_only_notes_it(
    filed: Make,
    centre: User,
    acting: Make,
    publisher: Any,  # noqa: ANN401 - likewise
) -> None:
    report = filed().pk
    actions.review(by=acting(centre), report=report, reliability="B", credibility=2)

    class Dying:
        def publish(self, statement: Any, *, at: datetime) -> int:  # noqa: ANN401 - a statement
            publisher.publish(statement, at=at)
            raise KeyboardInterrupt

        withdraw = publish

    with pytest.raises(KeyboardInterrupt):
        actions.tell(by=task(AT), report=report, publisher=Dying())
    assert queries.unpublished(centre.reader) == (report,)
    for _ in range(3):
        assert actions.tell(by=task(AT), report=report, publisher=publisher).statement == 1
    assert (publisher.count, queries.unpublished(centre.reader)) == (1, ())


def test_a_statement_that_lands_after_its_withdrawal_is_taken_back(
    filed: Make,
    officer: User,
    centre: User,
    acting: Make,
    publisher: Any,  # noqa: ANN401 - likewise
) -> None:
    report = filed().pk
    actions.review(by=acting(centre), report=report, reliability="B", credibility=2)

    class Slow:
        def publish(self, statement: Any, *, at: datetime) -> int:  # noqa: ANN401 - a statement
            actions.withdraw_report(by=acting(officer, why="철회"), report=report, publisher=publisher)
            return int(publisher.publish(statement, at=at))

        withdraw = publish

    actions.tell(by=task(AT), report=report, publisher=Slow())
    assert (list(publisher.standing), queries.unpublished(centre.reader)) == ([str(report)], (report,))
    actions.tell(by=task(AT), report=report, publisher=publisher)
    assert (publisher.standing, queries.unpublished(centre.reader)) == ({}, ())


def test_a_report_that_bears_on_nothing_watched_waits_for_nothing(
    filed: Make,
    centre: User,
    acting: Make,
    publisher: Any,  # noqa: ANN401 - likewise
) -> None:
    report = filed(items=[]).pk
    row = actions.review(by=acting(centre), report=report, reliability="B", credibility=2, publisher=publisher)
    assert (row.statement, publisher.count, queries.unpublished(centre.reader)) == (None, 0, ())


def test_the_author_sees_who_used_it(
    filed: Make,
    officer: User,
    centre: User,
    acting: Make,
    alert: Make,
    publisher: Any,  # noqa: ANN401 - likewise
) -> None:
    linked = alert(f"mission:{BEIJING}")
    report = filed(alert=linked.pk).pk
    actions.review(by=acting(centre), report=report, reliability="B", credibility=2, publisher=publisher)
    seen, hidden = (alert(*units, open_for=None) for units in ((f"mission:{BEIJING}",), ("desk:other",)))
    cited = {"evidence": [{"record": "statement", "key": {"report": str(report), "item": "urea"}}]}
    for one in (seen, hidden):
        AlertEvidence.objects.create(of=one, seq=1, at=AT, digest="0" * 64, warning=cited)
    used = queries.used_by(officer.reader, report)
    assert [(one.kind, one.ref) for one in used[:1]] == [("statement", "1")]
    assert {one.ref for one in used[1:]} == {str(linked.pk), str(seen.pk)}
    assert len(queries.used_by(centre.reader, report)) == 4


# ---- alerts that are not there yet


def test_before_its_issue_an_alert_shows_in_nothing_that_a_mission_or_a_partner_reads(
    alert: Make, asked: Make, filed: Make, officer: User, person: Make, acting: Make
) -> None:
    centre = person(Role.CENTRE)
    units = (f"mission:{BEIJING}", "ministry:concerned", "desk:concerned")
    early = alert(*units, state="triaged", issued_at=None)
    tasking = asked(alert=early.pk)
    report = filed(tasking=tasking.pk).pk
    actions.review(by=acting(centre), report=report, reliability="B", credibility=2)
    partner, desk = person(Role.PARTNER, ministry="concerned").reader, person(Role.DESK, desk="concerned").reader

    def seen() -> list[tuple[Any, ...]]:
        both = (officer.reader, desk, centre.reader)
        return [
            *((queries.tasking(one, tasking.pk).alert, queries.report(one, report).alert) for one in both),
            *(tuple(row.alert for row in queries.taskings(one, as_of=AT, alert=early.pk)) for one in both),
            *(tuple(row.alert for row in queries.reports(one, alert=early.pk)) for one in (*both, partner)),
            *(tuple(row.tasking for row in queries.reports(one, tasking=tasking.pk)) for one in (*both, partner)),
        ]

    at, pk = early.pk, tasking.pk
    whole = [(at, at), (at, at), (at,), (at,), (at,), (at,)]
    assert seen() == [(None, None), *whole[:2], (), *whole[2:4], (), *whole[4:], (), (pk,), (pk,), (pk,), ()]
    Alert.objects.update(state="issued", issued_at=AT)
    assert seen() == [(at, at), *whole[:2], (at,), *whole[2:4], (at,), *whole[4:], (at,), (pk,), (pk,), (pk,), ()]
    assert [(one.alert, one.tasking) for one in queries.reports(partner)] == [(at, None)]
    Alert.objects.update(grade=2)
    low = person(Role.PARTNER, ministry="concerned", grade=1).reader
    assert (queries.reports(low), len(queries.reports(partner))) == ((), 1)


# ---- tips


def test_a_mission_passes_on_a_firm_s_tip_with_the_firm_s_own_reliability(
    officer: User,
    centre: User,
    acting: Make,
    publisher: Any,  # noqa: ANN401 - likewise
) -> None:
    facts: dict[str, Any] = {
        "title": "선적 지연",
        "body": "일주일 늦어진다.",
        "items": ["urea"],
        "observed_on": AT.date(),
    }
    tip = actions.take_tip(by=acting(officer), origin="firm", source_name="한빛무역", **facts)
    assert (tip.state, tip.origin, tip.source_name, tip.offered, tip.reliability) == (
        "submitted",
        "firm",
        "한빛무역",
        "F",
        "",
    )
    other = actions.take_tip(by=acting(officer), origin="agency", source_name="KOTRA", reliability="A", **facts)
    assert (other.offered, other.statement, queries.unpublished(centre.reader)) == ("A", None, ())
    actions.review(by=acting(centre), report=other.pk, reliability="B", credibility=3, publisher=publisher)
    assert publisher.standing[str(other.pk)].origin == "agency"
    with pytest.raises(InvalidError):
        actions.take_tip(by=acting(officer), origin="official", source_name="x", **facts)
    with pytest.raises(InvalidError):
        actions.take_tip(by=acting(officer), origin="firm", **facts)


def test_a_partner_files_under_its_organisation_s_name(person: Make, acting: Make) -> None:
    kotra, nameless = person(Role.PARTNER, organisation="KOTRA 자카르타"), person(Role.PARTNER)
    facts: dict[str, Any] = {"title": "수출 제한설", "body": "있다.", "place": "IDN", "observed_on": AT.date()}
    tip = actions.take_tip(by=acting(kotra), origin="agency", source_name="남의 이름", **facts)
    assert (tip.source_name, tip.mission, tip.offered) == ("KOTRA 자카르타", "", "B")
    with pytest.raises(DeniedError):
        actions.take_tip(by=acting(nameless), origin="agency", **facts)
    assert [[one.id for one in queries.reports(each.reader)] for each in (kotra, nameless)] == [[tip.pk], []]
    with pytest.raises(RefusedError):
        actions.submit(by=acting(kotra), report=tip.pk)
    assert actions.withdraw_report(by=acting(kotra, why="틀림"), report=tip.pk).state == "withdrawn"


# ---- who sees what, now and then


def test_a_draft_is_its_mission_s_alone_now_and_in_every_past(
    draft: Make, officer: User, centre: User, elsewhere: User, acting: Make
) -> None:
    report = draft()
    assert [len(queries.reports(one.reader)) for one in (officer, centre, elsewhere)] == [1, 0, 0]
    later = AT + timedelta(hours=1)
    actions.submit(by=acting(officer, at=later), report=report.pk)
    assert [len(queries.reports(one.reader)) for one in (officer, centre, elsewhere)] == [1, 1, 0]
    assert [len(queries.reports(one.reader, as_of=AT)) for one in (officer, centre, elsewhere)] == [1, 0, 0]
    assert [one.state for one in queries.reports(officer.reader, as_of=AT)] == ["draft"]
    with pytest.raises(NotThereError):
        queries.report(centre.reader, report.pk, as_of=AT)
    with pytest.raises(NotThereError):
        queries.report(officer.reader, report.pk, as_of=AT - timedelta(seconds=1))


def test_a_desk_and_a_partner_see_what_their_alerts_bring(
    filed: Make, alert: Make, person: Make, centre: User, acting: Make
) -> None:
    row = alert("desk:d", "ministry:m", f"mission:{BEIJING}")
    desk, partner = person(Role.DESK, desk="d"), person(Role.PARTNER, ministry="m")
    others = person(Role.DESK, desk="other"), person(Role.PARTNER, ministry="other")
    report, unlinked = filed(alert=row.pk).pk, filed().pk
    everyone = (desk, partner, *others)
    assert [len(queries.reports(one.reader)) for one in everyone] == [1, 0, 0, 0]
    actions.review(by=acting(desk), report=report, reliability="C", credibility=3)
    actions.review(by=acting(centre), report=unlinked, reliability="C", credibility=3)
    assert [[one.id for one in queries.reports(each.reader)] for each in everyone] == [[report], [report], [], []]
    assert queries.reports(partner.reader, as_of=AT - timedelta(seconds=1)) == ()
    low = person(Role.PARTNER, ministry="m", tlp=0)
    assert queries.reports(low.reader) == ()


@pytest.mark.parametrize("role", [Role.COMPANY, Role.AUDITOR, Role.ADMINISTRATOR])
def test_those_who_handle_no_content_see_none(filed: Make, asked: Make, person: Make, role: Role) -> None:
    asked()
    report = filed()
    reader = person(role, mission=BEIJING, desk="d").reader
    assert (queries.reports(reader), queries.taskings(reader), queries.checks(reader, as_of=AT)) == ((), (), ())
    assert queries.attachments(reader, report.pk) == ()
    for ask in (queries.report, queries.report_timeline, queries.used_by, queries.kept_aside):
        with pytest.raises(NotThereError):
            ask(reader, report.pk)


def test_a_mission_links_no_alert_that_it_may_not_see(draft: Make, alert: Make) -> None:
    for row in (alert("desk:d"), alert(f"mission:{BEIJING}", issued_at=None, open_for="urea")):
        with pytest.raises(NotThereError):
            draft(alert=row.pk)


def test_opening_a_report_is_noted(filed: Make, centre: User, acting: Make) -> None:
    report = filed()
    assert actions.open_report(by=acting(centre), report=report.pk).body == report.body
    line = AuditLine.objects.last()
    assert (line.act, line.kind, line.ref, line.actor) == ("report.read", "report", str(report.pk), centre.pk)
    assert report.body not in str([one.details for one in AuditLine.objects.all()])
    lines = AuditLine.objects.count()
    with pytest.raises(NotThereError):
        actions.open_report(by=acting(centre), report=uuid4())
    assert AuditLine.objects.count() == lines


def test_filters_narrow(filed: Make, draft: Make, officer: User) -> None:
    one, two = filed(), draft(items=["lithium_hydroxide"], title="리튬")
    assert [each.id for each in queries.reports(officer.reader, state="draft")] == [two.pk]
    assert [each.id for each in queries.reports(officer.reader, item="urea")] == [one.pk]
    assert queries.reports(officer.reader, mission="idn_jakarta") == ()
