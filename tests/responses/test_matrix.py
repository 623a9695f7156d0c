"""Every role × every action × own and foreign mission, and a constant number of queries whatever the rows."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from inspect import signature
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bongsu.alerts.models import Alert, Concern
from bongsu.items.catalogue import catalogue
from bongsu.language import Language
from bongsu.missions import network
from bongsu.people.errors import DeniedError, NotThereError
from bongsu.people.models import AuditLine, User
from bongsu.people.reader import NOBODY, Actor, Reader
from bongsu.people.roles import Role
from bongsu.responses import actions, exports, queries
from bongsu.responses.models import Asked, PastedNotice, Report, StandingCheck, Tasking

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
BEIJING, JAKARTA = "chn_beijing", "idn_jakarta"
DONE, DENIED, MISSING = "done", "denied", "not there"

# Who asks, by name: role, and where they belong.
PEOPLE: Mapping[str, tuple[Role, dict[str, str]]] = {
    "centre": (Role.CENTRE, {}),
    "duty": (Role.DUTY, {}),
    "own desk": (Role.DESK, {"desk": "concerned"}),
    "other desk": (Role.DESK, {"desk": "other"}),
    "own mission": (Role.MISSION, {"mission": BEIJING}),
    "other mission": (Role.MISSION, {"mission": JAKARTA}),
    "no mission": (Role.MISSION, {}),
    "own partner": (Role.PARTNER, {"ministry": "concerned", "organisation": "기관"}),
    "other partner": (Role.PARTNER, {"ministry": "other", "organisation": "기관"}),
    "company": (Role.COMPANY, {"mission": BEIJING, "desk": "concerned", "ministry": "concerned"}),
    "auditor": (Role.AUDITOR, {"mission": BEIJING, "desk": "concerned", "ministry": "concerned"}),
    "administrator": (Role.ADMINISTRATOR, {"mission": BEIJING, "desk": "concerned", "ministry": "concerned"}),
    "shut off": (Role.CENTRE, {}),
}
JUDGES, DESKS = ("centre", "duty"), ("own desk",)


class Rows:
    """One of each, of the mission in Beijing, on an alert that concerns a desk, a ministry and the mission."""

    def __init__(
        self, alert: Alert, tasking: UUID, states: Mapping[str, UUID], file: UUID, notice: UUID, check: int
    ) -> None:
        self.alert, self.tasking, self.states = alert.pk, tasking, states
        self.file, self.notice, self.check = file, notice, check


@pytest.fixture
def rows(officer: User, centre: User, draft: Make, acting: Make, db: None) -> Rows:  # noqa: ARG001 - the database
    facts: dict[str, Any] = {"subject": "urea", "grade": 0, "tlp": 1, "raised_at": AT, "updated_at": AT}
    alert = Alert.objects.create(**facts, state="issued", level=3, issued_at=AT)
    units = ("desk:concerned", "ministry:concerned", f"mission:{BEIJING}")
    Concern.objects.bulk_create(
        Concern(of=alert, unit=unit, rule="r", why_ko="까닭", why_en="why", seq=1) for unit in units
    )
    ahead = AT + timedelta(days=5)
    tasking = actions.ask(by=acting(centre), question="?", missions=[BEIJING], deadline=ahead, alert=alert.pk)
    own, reviewer = acting(officer), acting(centre)
    states = {name: draft(alert=alert.pk).pk for name in ("draft", "submitted", "reviewed")}
    file = actions.attach(by=own, report=states["draft"], name="a.txt", content=b"a")
    for name in ("submitted", "reviewed"):
        actions.submit(by=own, report=states[name])
    actions.review(by=reviewer, report=states["reviewed"], reliability="B", credibility=2)
    notice = PastedNotice.objects.create(mission=BEIJING, author=officer, at=AT, text="x", answer=_ANSWER)
    check = StandingCheck.objects.create(mission=BEIJING, item="copper", every="weekly", since=AT, due_at=ahead)
    return Rows(alert, tasking.pk, states, file.pk, notice.pk, check.pk)


_NOTICE = {
    "title": "제목",
    "issuer": None,
    "number": None,
    "instrument": None,
    "direction": None,
    "dates": {"announced": None, "effective": None, "until": None},
    "hs_codes": [],
}
_ANSWER: dict[str, Any] = {"answer": {"ko": "x", "en": "x"}, "country": None, "items": [], "notice": _NOTICE}
_TIP: dict[str, Any] = {
    "origin": "firm",
    "source_name": "회사",
    "title": "제보",
    "body": "본문",
    "place": "CHN",
    "observed_on": AT.date(),
}

# What each action does to the rows of Beijing; by whom it is done, to whom it is denied. To all others they are not there.
Act = Callable[[Actor, Rows], object]
ACTS: Mapping[str, tuple[Act, tuple[str, ...], tuple[str, ...]]] = {
    "ask": (
        lambda by, _: actions.ask(by=by, question="?", missions=[BEIJING], deadline=AT + timedelta(days=1)),
        (*JUDGES, "own desk", "other desk"),
        tuple(name for name in PEOPLE if name not in (*JUDGES, "own desk", "other desk")),
    ),
    "close_tasking": (
        lambda by, rows: actions.close_tasking(by=by, tasking=rows.tasking),
        (*JUDGES, *DESKS),
        ("own mission",),
    ),
    "withdraw_tasking": (
        lambda by, rows: actions.withdraw_tasking(by=by, tasking=rows.tasking, reason="까닭"),
        (*JUDGES, *DESKS),
        ("own mission",),
    ),
    "remind": (
        lambda by, rows: actions.remind(by=by, tasking=rows.tasking),
        (),
        tuple(PEOPLE),
    ),
    "save_draft": (
        lambda by, rows: actions.save_draft(by=by, report=rows.states["draft"], body="고침"),
        ("own mission",),
        (),
    ),
    "submit": (lambda by, rows: actions.submit(by=by, report=rows.states["draft"]), ("own mission",), ()),
    "attach": (
        lambda by, rows: actions.attach(by=by, report=rows.states["draft"], name="b.txt", content=b"b"),
        ("own mission",),
        (),
    ),
    "detach": (
        lambda by, rows: actions.detach(by=by, report=rows.states["draft"], attachment=rows.file),
        ("own mission",),
        (),
    ),
    "return_report": (
        lambda by, rows: actions.return_report(by=by, report=rows.states["submitted"], reason="까닭"),
        (*JUDGES, *DESKS),
        ("own mission",),
    ),
    "review": (
        lambda by, rows: actions.review(by=by, report=rows.states["submitted"], reliability="B", credibility=2),
        (*JUDGES, *DESKS),
        ("own mission",),
    ),
    "withdraw_report": (
        lambda by, rows: actions.withdraw_report(by=by, report=rows.states["reviewed"], reason="까닭"),
        (*JUDGES, "own mission"),
        ("own desk", "own partner"),
    ),
    "take_tip": (
        lambda by, _: actions.take_tip(by=by, **_TIP),
        ("own mission", "other mission", "own partner", "other partner"),
        (*JUDGES, "own desk", "other desk", "no mission", "company", "auditor", "administrator", "shut off"),
    ),
    "nil_return": (
        lambda by, rows: actions.nil_return(by=by, check=rows.check),
        ("own mission",),
        JUDGES,
    ),
    "report_from_notice": (
        lambda by, rows: actions.report_from_notice(by=by, notice=rows.notice),
        ("own mission",),
        JUDGES,
    ),
    "paste": (
        lambda by, _: actions.paste(by=by, text="x"),
        ("own mission", "other mission"),
        tuple(name for name in PEOPLE if name not in ("own mission", "other mission")),
    ),
    "plan_checks": (
        lambda by, _: actions.plan_checks(
            by=by, catalogue=catalogue("KOR"), network=network("KOR"), on=AT.date(), grades={}
        ),
        JUDGES,
        tuple(name for name in PEOPLE if name not in JUDGES),
    ),
    "open_report": (
        lambda by, rows: actions.open_report(by=by, report=rows.states["reviewed"]),
        (*JUDGES, *DESKS, "own mission", "own partner"),
        (),
    ),
    "open_kept_aside": (
        lambda by, rows: actions.open_kept_aside(by=by, report=rows.states["draft"]),
        ("own mission",),
        (),
    ),
    "open_file": (lambda by, rows: actions.open_file(by=by, attachment=rows.file), ("own mission",), ()),
    "tell": (lambda by, rows: actions.tell(by=by, report=rows.states["reviewed"], publisher=None), (), tuple(PEOPLE)),  # type: ignore[arg-type]
}


def test_the_matrix_holds_every_action_there_is() -> None:
    assert set(ACTS) == set(actions.__all__)
    assert all("by" in signature(getattr(actions, name)).parameters for name in ACTS)


@pytest.fixture
def asks(person: Make) -> Callable[[str], User]:
    """Makes the account of one of `PEOPLE`."""

    def make(name: str, **more: int) -> User:
        role, where = PEOPLE[name]
        made: User = person(role, **where, **more, is_active=name != "shut off")
        return made

    return make


@pytest.mark.parametrize("act", ACTS)
def test_every_role_takes_an_action_or_is_told_no(
    rows: Rows, asks: Make, acting: Make, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    monkeypatch.setattr("bongsu.responses.actions.notices.answered", lambda _text, _country, _moment: _ANSWER)
    do, done, denied = ACTS[act]
    lines = AuditLine.objects.count()
    ended = {}
    for name in PEOPLE:
        by = acting(asks(name))
        with transaction.atomic():  # what one does is undone before the next one comes
            told = _ended(do, by, rows)
            ended[name] = (told, AuditLine.objects.count() > lines)
            transaction.set_rollback(True)
    wanted = {name: DONE if name in done else DENIED if name in denied else MISSING for name in PEOPLE}
    assert ended == {name: (told, told == DONE) for name, told in wanted.items()}


def _ended(do: Act, by: Actor, rows: Rows) -> str:
    try:
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            do(by, rows)
    except DeniedError:
        return DENIED
    except NotThereError:
        return MISSING
    assert _held_after_the_audit_line([one["sql"] for one in asked]) == []
    return DONE


def _held_after_the_audit_line(told: list[str]) -> list[str]:
    """What else was written or locked once the head of the audit trail was held: two who do so wait in a ring."""
    first = next((place for place, one in enumerate(told) if "people_audithead" in one), len(told))
    holds = ("INSERT", "UPDATE", "DELETE")
    return [
        one for one in told[first:] if "people_audit" not in one and (one.startswith(holds) or " FOR UPDATE" in one)
    ]


# What each reader finds in each list.
SEEN: Mapping[str, tuple[int, int, int, int]] = {  # taskings, reports, checks, notices
    "centre": (1, 2, 1, 1),
    "duty": (1, 2, 1, 1),
    "own desk": (1, 2, 0, 0),
    "other desk": (0, 0, 0, 0),
    "own mission": (1, 3, 1, 1),
    "other mission": (0, 0, 0, 0),
    "no mission": (0, 0, 0, 0),
    "own partner": (0, 1, 0, 0),
    "other partner": (0, 0, 0, 0),
    "company": (0, 0, 0, 0),
    "auditor": (0, 0, 0, 0),
    "administrator": (0, 0, 0, 0),
    "shut off": (0, 0, 0, 0),
}


@pytest.mark.parametrize("low", [{}, {"tlp": 0}])
def test_every_reader_finds_their_rows_and_no_other(rows: Rows, asks: Make, low: dict[str, int]) -> None:
    for name in PEOPLE:
        reader = asks(name, **low).reader
        for as_of in (None, AT):
            found = (queries.taskings(reader, as_of=as_of), queries.reports(reader, as_of=as_of))
            assert (name, *map(len, found)) == (name, *((0, 0) if low else SEEN[name][:2]))
        others = (len(queries.checks(reader, as_of=AT)), len(queries.notices(reader)))
        assert (name, *others) == (name, *SEEN[name][2:])
        assert len(queries.board(reader, as_of=AT)) == len(found[0])
        waiting = [one.id for one in found[1] if one.state == "reviewed" and one.statement is None]
        assert list(queries.unpublished(reader)) == waiting
        _every_other_id_is_missing(reader, rows, {one.id for one in found[1]})
    assert queries.reports(NOBODY) == ()


def _every_other_id_is_missing(reader: Reader, rows: Rows, there: set[UUID]) -> None:
    for report in rows.states.values():
        if report in there:
            assert queries.report(reader, report).id == report
            continue
        for ask in (queries.report, queries.report_timeline, queries.used_by, queries.kept_aside):
            with pytest.raises(NotThereError):
                ask(reader, report)
        assert queries.attachments(reader, report) == ()


# ---- constant numbers of queries


def _copies(count: int, tasking: Tasking, report: Report) -> None:
    """More of each: whole rows, without what the actions cost."""
    told, filed = list(tasking.events.all()), list(report.events.all())
    for _ in range(count):
        for row, events in ((tasking, told), (report, filed)):
            fresh = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields[1:]})
            fresh.save(force_insert=True)
            for event in events:
                event.pk, event.of = None, fresh
            type(events[0]).objects.bulk_create(events)
        Asked.objects.create(of=Tasking.objects.exclude(asked__isnull=False).get(), mission=BEIJING)
        number = StandingCheck.objects.count()
        StandingCheck.objects.create(mission=BEIJING, item=f"i{number}", every="weekly", since=AT, due_at=AT)
        PastedNotice.objects.create(mission=BEIJING, author_id=report.author_id, at=AT, text="x", answer=_ANSWER)


ASKED: Mapping[str, Callable[[Reader], object]] = {
    "taskings": queries.taskings,
    "taskings then": lambda reader: queries.taskings(reader, as_of=AT),
    "reports": queries.reports,
    "reports then": lambda reader: queries.reports(reader, as_of=AT),
    "board": lambda reader: queries.board(reader, as_of=AT),
    "checks": lambda reader: queries.checks(reader, as_of=AT),
    "notices": queries.notices,
    "unpublished": queries.unpublished,
    "reports as a sheet": lambda reader: exports.reports_csv(reader, Language.KO),
    "taskings as a sheet": lambda reader: exports.taskings_csv(reader, Language.EN),
    "checks as a sheet": lambda reader: exports.checks_csv(reader, Language.EN, as_of=AT),
}


def test_lists_ask_the_same_number_of_questions_at_1_3_and_300_rows(
    officer: User, centre: User, asked: Make, filed: Make
) -> None:
    def counted() -> dict[tuple[str, str], int]:
        counts = {}
        for who, reader in (("centre", centre.reader), ("mission", officer.reader)):
            for what, ask in ASKED.items():
                with CaptureQueriesContext(connection) as seen:
                    ask(reader)
                counts[who, what] = len(seen)
        return counts

    tasking = asked()
    report = filed(tasking=tasking.pk)
    StandingCheck.objects.create(mission=BEIJING, item="i0", every="weekly", since=AT, due_at=AT)
    PastedNotice.objects.create(mission=BEIJING, author=officer, at=AT, text="x", answer=_ANSWER)
    one = counted()
    _copies(2, tasking, report)
    three = counted()
    _copies(297, tasking, report)
    assert [len(rows) for rows in (queries.taskings(officer.reader), queries.reports(centre.reader))] == [300, 300]
    assert [len(rows) for rows in (queries.checks(officer.reader, as_of=AT), queries.notices(officer.reader))] == [
        300,
        300,
    ]
    assert one == three == counted()
    assert max(one.values()) <= 3
