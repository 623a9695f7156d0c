"""Who may see and do what with taskings, reports, checks and notices."""

from django.db.models import Case, F, Q, UUIDField, When

from bongsu.alerts.models import Alert
from bongsu.alerts.rules import visible
from bongsu.language import Text
from bongsu.people.reader import NOTHING, Reader
from bongsu.people.roles import JUDGES, Role
from bongsu.responses.models import Asked, Report, Tasking
from bongsu.responses.states import REPORT_EDGES, TASKING_EDGES, ReportState, Step, TaskingState

# ---- what is there for whom


def _concerned(reader: Reader) -> Q:
    """Rows of alerts that concern the reader's units and are there for them: a partner knows of none before its issue."""
    return Q(alert__in=Alert.objects.filter(visible(reader)).values("pk"))


alerts_for = visible


def seen_alert(reader: Reader) -> Case:
    """A row's alert where the reader may see it; null where it is none, or not there for them."""
    return Case(When(_concerned(reader), then=F("alert")), default=None, output_field=UUIDField())


def seen_tasking(reader: Reader) -> Case:
    """A report's tasking, likewise."""
    there = Q(tasking__in=Tasking.objects.filter(taskings_for(reader)).values("pk"))
    return Case(When(there, then=F("tasking")), default=None, output_field=UUIDField())


def taskings_for(reader: Reader) -> Q:
    """Judges see all taskings, a desk its own and those of alerts that concern it, a mission those that ask it."""
    if reader.judges:
        return reader.cleared
    if reader.role is Role.DESK:
        return reader.cleared & (_concerned(reader) | Q(asked_by=reader.user))
    if reader.role is Role.MISSION and reader.mission:
        return reader.cleared & Q(pk__in=Asked.objects.filter(mission=reader.mission).values("of"))
    return NOTHING


def reports_for(reader: Reader) -> Q:
    """A mission sees all of its own; others only what was filed, a partner only what was reviewed, and its own tips."""
    filed, reviewed = Q(submitted_at__isnull=False), Q(reviewed_at__isnull=False)
    if reader.judges:
        return reader.cleared & filed
    if reader.role is Role.DESK:
        return reader.cleared & filed & _concerned(reader)
    if reader.role is Role.MISSION and reader.mission:
        return reader.cleared & Q(mission=reader.mission)
    if reader.role is Role.PARTNER:
        return reader.cleared & (Q(author=reader.user) | (reviewed & _concerned(reader)))
    return NOTHING


def shown(reader: Reader, *, mission: str, author: int | None, submitted: bool, reviewed: bool) -> bool:
    """`reports_for` once more, for a report as it stood at a past moment: a draft of then is not shown for being filed now."""
    if reader.role is Role.MISSION:
        return mission == reader.mission
    if reader.role is Role.PARTNER:
        return author == reader.user or reviewed
    return submitted


# Reports of which the lake has not been told yet: reviewed and not published, or withdrawn and still standing there.
WAITING = Q(state=ReportState.REVIEWED, statement=None) | (
    Q(state=ReportState.WITHDRAWN, reviewed_at__isnull=False) & (Q(taken_back=None) | Q(taken_back__lt=F("statement")))
)


def waits(report: Report) -> bool:
    """`WAITING` for one report; one that names no watched item, place or day has nothing to tell."""
    if not (report.items and report.place and report.observed_on and report.reviewed_at):
        return False
    if report.state == ReportState.WITHDRAWN:
        return report.taken_back is None or report.taken_back < (report.statement or 0)
    return report.state == ReportState.REVIEWED and report.statement is None


def checks_for(reader: Reader) -> Q:
    """Judges see every mission's standing checks, a mission its own."""
    if reader.judges:
        return Q()
    return Q(mission=reader.mission) if reader.role is Role.MISSION and reader.mission else NOTHING


notices_for = checks_for  # a pasted notice belongs to its mission in the same way


# ---- what may be done

_WRITES = Text("공관 담당관만 할 수 있습니다.", "only a mission officer may do this.")
_ASKS = Text(
    "센터 분석관, 당직관, 담당과만 할 수 있습니다.", "only the centre, the duty officer or a desk may do this."
)
_OWN = Text("작성한 공관만 할 수 있습니다.", "only the mission that wrote it may do this.")
_AUTHOR = Text("작성자는 자기 보고를 검토할 수 없습니다.", "whoever wrote a report may not review it.")
OUT_OF_STEP = Text("지금 단계에서는 할 수 없습니다.", "its state does not allow this.")

_ASKERS = JUDGES | {Role.DESK}
_FREE = {  # steps that begin something: by whom
    Step.ASK: (_ASKERS, _ASKS),
    Step.DRAFT: (frozenset({Role.MISSION}), _WRITES),
    Step.PASTE: (frozenset({Role.MISSION}), _WRITES),
    Step.NIL: (frozenset({Role.MISSION}), _WRITES),
    Step.TIP: (
        frozenset({Role.MISSION, Role.PARTNER}),
        Text("공관 담당관이나 협력기관만 할 수 있습니다.", "only a mission officer or a partner may do this."),
    ),
}
_WRITERS_STEPS = frozenset({Step.SAVE, Step.ATTACH, Step.DETACH, Step.SUBMIT})
_REVIEWERS_STEPS = frozenset({Step.RETURN, Step.REVIEW})
REPORT_STEPS = tuple(REPORT_EDGES)
TASKING_STEPS = tuple(TASKING_EDGES)


def may(reader: Reader, step: Step) -> Text | None:
    """May the reader begin something? None: yes; else why not."""
    roles, why = _FREE[step]
    if reader.role not in roles:
        return why
    if reader.role is Role.MISSION and not reader.mission:
        return Text("소속 공관이 없습니다.", "you belong to no mission.")
    return None


def may_tasking(reader: Reader, step: Step) -> Text | None:
    """May the reader close or withdraw a tasking that they see? None: yes; else why not."""
    _ = step  # both by whoever may ask: a desk sees only its own and those of its alerts
    return None if reader.role in _ASKERS else _ASKS


def may_report(reader: Reader, step: Step, *, mission: str, author: int, wrote: bool = False) -> Text | None:
    """May the reader do this to a report that they see? None: yes; else why not.

    Args:
        reader: who.
        step: one of `REPORT_STEPS`.
        mission: the report's.
        author: its author's primary key.
        wrote: the reader had a hand in its text.
    """
    own = reader.role is Role.MISSION and mission == reader.mission != ""
    tip = reader.role is Role.PARTNER and author == reader.user
    if step in _WRITERS_STEPS:
        return None if own else _OWN
    if step is Step.WITHDRAW:
        return None if own or tip or reader.judges else _OWN
    if reader.role not in _ASKERS:
        return _ASKS
    return _AUTHOR if wrote or author == reader.user else None


def after_report(step: Step, state: str) -> ReportState | None:
    """Where a step leads a report; None: it cannot be taken from there."""
    return REPORT_EDGES[step].get(ReportState(state))


def after_tasking(step: Step, state: str) -> TaskingState | None:
    """Where a step leads a tasking; None: it cannot be taken from there."""
    return TASKING_EDGES[step].get(TaskingState(state))
