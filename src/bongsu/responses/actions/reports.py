"""What is done with reports: write, save, submit, return, review, withdraw, and file a tip."""

from typing import Any
from uuid import UUID

from django.db import transaction

from bongsu.language import Text
from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError, InvalidError, OutOfStepError, StaleError
from bongsu.people.events import check_seen
from bongsu.people.models import User
from bongsu.people.reader import Actor
from bongsu.people.roles import Role
from bongsu.responses import entered, fold, rules
from bongsu.responses.actions.answers import answer, unanswer
from bongsu.responses.actions.content import changed, complete, fresh
from bongsu.responses.actions.ledger import (
    add_to_report,
    doer,
    locked_report,
    locked_tasking,
    plain,
    project,
    seen_alert,
)
from bongsu.responses.actions.statements import told
from bongsu.responses.models import Report
from bongsu.responses.publish import Publisher
from bongsu.responses.states import CREDIBILITY, TIPPERS, ReportKind, ReportState, Step


def save_draft(
    *,
    by: Actor,
    report: UUID | None = None,
    seen: int | None = None,
    tasking: UUID | None = None,
    alert: UUID | None = None,
    **fields: Any,  # noqa: ANN401 - the columns of `fold.CONTENT`, each checked by its own rule
) -> Report:
    """Begin a report, or save what was typed into one; every save is an event that holds the whole text.

    Args:
        by: an officer of the report's mission.
        report: which; None: a new one.
        seen: the version that the writer had before them.
        tasking: what a new report answers; it takes over the tasking's item, alert and markings.
        alert: what a new report bears on.
        fields: of `fold.CONTENT`; what is not given stays as it is.

    Raises:
        StaleError: somebody saved since. Nothing is overwritten, and what was typed is kept aside (`kept_aside`).
        OutOfStepError: it was filed already; what was typed is kept aside likewise.
        InvalidError: a field that cannot be taken, or a marking lower than what the report was filed with.
        NotThereError, DeniedError: as everywhere.
    """
    if report is None:
        return _drafted(by, tasking, alert, fields)
    with transaction.atomic():
        row = locked_report(by, report)
        facts = fold.report(row.events.all())
        _allowed(by, Step.SAVE, row, facts)
        content = changed(by, facts, fields)
        refused = _refused(row, seen)
        if not refused:
            _not_lowered(facts, content)
        kind = ReportKind.KEPT_ASIDE if refused else ReportKind.SAVED
        if refused or plain(content) != _content(facts):  # the same text again is no change
            add_to_report(row, by, kind, content=content)
            write_line(by, f"report.{kind}", "report", row.id)
    if refused:  # outside: what was kept aside stays
        raise refused
    return row


def _refused(row: Report, seen: int | None) -> StaleError | OutOfStepError | None:
    if seen is not None and seen != row.version:
        return StaleError(seen, row.version)
    return None if rules.after_report(Step.SAVE, row.state) else OutOfStepError(rules.OUT_OF_STEP)


def _not_lowered(facts: fold.ReportFacts, content: dict[str, Any]) -> None:
    """What others have said of a report that was filed stands under its markings: the text alone cannot lower them."""
    if facts.submitted_at is None:
        return
    for name in ("grade", "tlp"):
        if content[name] < getattr(facts, name):
            raise InvalidError(
                Text("제출했던 보고의 표시는 낮출 수 없습니다.", "a report that was filed is never marked lower."),
                where=name,
                mend=Text("철회하고 새로 쓰십시오.", "Withdraw it and write another."),
            )


def _content(facts: fold.ReportFacts) -> dict[str, Any]:
    content: dict[str, Any] = plain({name: getattr(facts, name) for name in fold.CONTENT})
    return content


@transaction.atomic
def _drafted(by: Actor, tasking: UUID | None, alert: UUID | None, fields: dict[str, Any]) -> Report:
    row = begun(by, fields, tasking, alert)
    write_line(by, "report.draft", "report", row.id)
    return row


def begun(by: Actor, fields: dict[str, Any], tasking: UUID | None = None, alert: UUID | None = None) -> Report:
    """A new draft of whoever acts, in their transaction; the audit line is theirs to write, as their last step.

    Raises:
        NotThereError, DeniedError, InvalidError: as everywhere.
    """
    _may(by, Step.DRAFT)
    asked = None if tasking is None else locked_tasking(by, tasking)
    bears_on = seen_alert(by, alert)
    alert_id = bears_on.pk if bears_on else (asked.alert_id if asked else None)
    content = changed(by, fresh(by, asked, bears_on), fields)
    return _made(by, content, tasking_id=tasking, alert_id=alert_id)


def _made(by: Actor, content: dict[str, Any], **facts: Any) -> Report:  # noqa: ANN401 - columns
    row = Report(
        mission=by.reader.mission, author_id=doer(by), made_at=by.at, updated_at=by.at, state=ReportState.DRAFT
    )
    for name, value in facts.items():
        setattr(row, name, value)
    project(row, fold.ReportFacts(**{**content, "items": tuple(content["items"])}, updated_at=by.at))
    row.save(force_insert=True)
    add_to_report(row, by, ReportKind.DRAFTED, content=content)
    return row


@transaction.atomic
def submit(*, by: Actor, report: UUID, seen: int | None = None) -> Report:
    """File a report: it answers its tasking, and the standing checks of its items.

    Raises:
        NotThereError, StaleError, DeniedError, OutOfStepError: as everywhere.
        InvalidError: it is not complete.
    """
    row, facts = _ready(by, report, seen, Step.SUBMIT)
    complete(facts, by.at)
    add_to_report(row, by, ReportKind.SUBMITTED)
    answer(by, row)
    write_line(by, "report.submit", "report", row.id, tasking=row.tasking_id)
    return row


@transaction.atomic
def return_report(*, by: Actor, report: UUID, seen: int | None = None, reason: str = "") -> Report:
    """Give a report back to its mission, saying what is missing.

    Raises:
        NotThereError, StaleError, DeniedError, OutOfStepError: as everywhere.
        InvalidError: no reason is given.
    """
    row, _ = _ready(by, report, seen, Step.RETURN)
    add_to_report(row, by, ReportKind.RETURNED, why=_reason(by, reason))
    write_line(by, "report.return", "report", row.id)
    return row


def review(
    *,
    by: Actor,
    report: UUID,
    seen: int | None = None,
    reliability: str,
    credibility: int,
    publisher: Publisher | None = None,
) -> Report:
    """Grade a report for its source's reliability and its credibility; from then on it is a statement.

    Args:
        by: a judge or the desk concerned, and nobody who had a hand in the text.
        report: which.
        seen: the version that the reviewer read.
        reliability: A–F.
        credibility: 1–6.
        publisher: writes the statement at once; None: the next turn of the watch does (`unpublished`).

    Raises:
        NotThereError, StaleError, DeniedError, OutOfStepError: as everywhere.
        InvalidError: a grade that is none of these.
    """
    with transaction.atomic():
        row, _ = _ready(by, report, seen, Step.REVIEW)
        graded = entered.needed(entered.reliability(reliability), "reliability")
        if type(credibility) is not int or credibility not in CREDIBILITY:
            raise InvalidError(Text("1–6 가운데 하나여야 합니다.", "it must be one of 1–6."), where="credibility")
        add_to_report(row, by, ReportKind.REVIEWED, reliability=graded, credibility=credibility)
        write_line(by, "report.review", "report", row.id, reliability=graded, credibility=credibility)
    return row if publisher is None else told(by, row.pk, publisher)


def withdraw_report(
    *, by: Actor, report: UUID, seen: int | None = None, reason: str = "", publisher: Publisher | None = None
) -> Report:
    """Withdraw a report; once filed, saying why. The statement of a reviewed one is withdrawn with it.

    Raises:
        NotThereError, StaleError, DeniedError, OutOfStepError: as everywhere.
        InvalidError: it was filed, and no reason is given.
    """
    with transaction.atomic():
        row, facts = _ready(by, report, seen, Step.WITHDRAW)
        why = _reason(by, reason) if facts.submitted_at else entered.prose(reason or by.why, "reason")
        add_to_report(row, by, ReportKind.WITHDRAWN, why=why)
        unanswer(by, row)
        write_line(by, "report.withdraw", "report", row.id)
    return row if publisher is None else told(by, row.pk, publisher)


def take_tip(
    *,
    by: Actor,
    origin: str,
    source_name: str = "",
    reliability: str = "",
    alert: UUID | None = None,
    **fields: Any,  # noqa: ANN401 - as in `save_draft`
) -> Report:
    """File what a firm or an agency abroad says: a mission officer for them, or a partner's own organisation.

    Args:
        by: a mission officer, or a partner whose account names an organisation.
        origin: firm or agency.
        source_name: who says so; a partner files under their organisation's name.
        reliability: what they give themselves, A–F; the origin's own where nothing is said. A person reviews it.
        alert: what it bears on.
        fields: title, body, items, place, observed_on and the rest of `fold.CONTENT`.

    Raises:
        DeniedError, NotThereError, InvalidError: as everywhere.
    """
    with transaction.atomic():
        _may(by, Step.TIP)
        if origin not in TIPPERS:
            raise InvalidError(Text("기업이나 기관이어야 합니다.", "it must be a firm or an agency."), where="origin")
        bears_on = seen_alert(by, alert)
        who = _organisation(by) if by.reader.role is Role.PARTNER else entered.name(source_name, "source_name")
        told = {**fields, "origin": origin, "source_name": entered.needed(who, "source_name"), "offered": reliability}
        content = changed(by, fresh(by, None, bears_on), told)
        row = _made(by, content, tasking_id=None, alert_id=alert)
        complete(fold.report(row.events.all()), by.at)
        add_to_report(row, by, ReportKind.SUBMITTED)
        answer(by, row)
        write_line(by, "report.draft", "report", row.id)
        write_line(by, "report.tip", "report", row.id, origin=origin)
    return row


def _organisation(by: Actor) -> str:
    name = User.objects.values_list("organisation", flat=True).get(pk=doer(by))
    if not name:
        raise DeniedError(Text("계정에 소속 기관이 없습니다.", "your account names no organisation."))
    return name


# ---- what all of them need


def _may(by: Actor, step: Step) -> None:
    why = rules.may(by.reader, step)
    if why is not None:
        raise DeniedError(why)


def _allowed(by: Actor, step: Step, row: Report, facts: fold.ReportFacts) -> None:
    wrote = by.reader.user in facts.wrote
    why = rules.may_report(by.reader, step, mission=row.mission, author=row.author_id, wrote=wrote)
    if why is not None:
        raise DeniedError(why)


def _ready(by: Actor, report: UUID, seen: int | None, step: Step) -> tuple[Report, fold.ReportFacts]:
    row = locked_report(by, report)
    facts = fold.report(row.events.all())
    _allowed(by, step, row, facts)
    check_seen(row.version, seen)
    if rules.after_report(step, row.state) is None:
        raise OutOfStepError(rules.OUT_OF_STEP)
    return row, facts


def _reason(by: Actor, reason: str) -> str:
    return entered.needed(entered.prose(reason or by.why, "reason"), "reason")
