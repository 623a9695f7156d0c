"""What a person can do to an alert from its page: the act, what it asks for, and what is said when it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bongsu.alerts import actions, rules
from bongsu.alerts.models import Alert
from bongsu.alerts.rules import Step
from bongsu.language import Text
from bongsu.people.reader import Reader
from bongsu.web.forms.alerts import ActForm, IntoForm, LevelForm, NoteForm, OwnerForm, ReasonForm, TickForm, WhyForm


@dataclass(frozen=True)
class Act:
    """One thing to do.

    Args:
        step: of the alert's life.
        form: what it asks for.
        do: the action.
        said: the button.
        help: what it brings about.
        done: what is said afterwards.
    """

    step: Step
    form: type[ActForm]
    do: Callable[..., Alert]
    said: Text
    help: Text
    done: Text


ACTS = {
    act.step.value: act
    for act in (
        Act(
            Step.ACKNOWLEDGE,
            WhyForm,
            actions.acknowledge,
            Text("제가 맡겠습니다", "I have it"),
            Text(
                "이 건을 인수했음을 알리고, 상향 호출을 멈춥니다.", "Says that you have it, and stops the escalation."
            ),
            Text("인수를 확인했습니다.", "Acknowledged."),
        ),
        Act(
            Step.TRIAGE,
            WhyForm,
            actions.triage,
            Text("분류", "Triage"),
            Text("살펴볼 건임을 확인합니다.", "Says that it was looked at, and is one to work on."),
            Text("분류했습니다.", "Triaged."),
        ),
        Act(
            Step.ISSUE,
            WhyForm,
            actions.issue,
            Text("발령", "Issue"),
            Text(
                "아래 ‘누구에게 가나’의 공관과 협력기관에 알립니다.",
                "Tells the missions and partners listed under “Whom it concerns”.",
            ),
            Text("발령했습니다.", "Issued."),
        ),
        Act(
            Step.ASSIGN,
            OwnerForm,
            actions.assign,
            Text("담당 지정", "Assign"),
            Text("그 사람이 인수를 확인해야 합니다.", "They must say that they have it."),
            Text("담당을 지정했습니다.", "Assigned."),
        ),
        Act(
            Step.OVERRIDE,
            LevelForm,
            actions.override_level,
            Text("봉수 조정", "Override the level"),
            Text(
                "감시가 준 봉수 대신 사람이 정합니다. 감시의 봉수가 바뀌면 풀립니다.",
                "A person's level stands in place of the watch's, until the watch's own level moves.",
            ),
            Text("봉수를 조정했습니다.", "The level was overridden."),
        ),
        Act(
            Step.LIFT,
            ReasonForm,
            actions.lift_override,
            Text("봉수 조정 해제", "Lift the override"),
            Text("감시가 준 봉수로 돌아갑니다.", "The watch's level holds again."),
            Text("조정을 해제했습니다.", "The override was lifted."),
        ),
        Act(
            Step.CLOSE,
            ReasonForm,
            actions.close,
            Text("종결", "Close"),
            Text("더 할 일이 없을 때. 까닭을 남깁니다.", "Nothing is left to do. Say why."),
            Text("종결했습니다.", "Closed."),
        ),
        Act(
            Step.REOPEN,
            ReasonForm,
            actions.reopen,
            Text("재개", "Reopen"),
            Text("종결한 건을 다시 다룹니다.", "It is handled again."),
            Text("재개했습니다.", "Reopened."),
        ),
        Act(
            Step.MERGE,
            IntoForm,
            actions.merge,
            Text("병합", "Merge"),
            Text("같은 일을 다루는 다른 건에 합칩니다.", "Goes on as part of another alert on the same matter."),
            Text("병합했습니다.", "Merged."),
        ),
        Act(
            Step.SUPERSEDE,
            IntoForm,
            actions.supersede,
            Text("대체", "Supersede"),
            Text("더 새로운 건이 이 건을 갈음합니다.", "A newer alert takes its place."),
            Text("대체했습니다.", "Superseded."),
        ),
        Act(
            Step.WITHDRAW,
            ReasonForm,
            actions.withdraw,
            Text("철회", "Withdraw"),
            Text(
                "잘못 제기된 건일 때. 지워지지 않고 철회로 남습니다.",
                "It should not have been raised. It is kept, as withdrawn.",
            ),
            Text("철회했습니다.", "Withdrawn."),
        ),
        Act(
            Step.NOTE,
            NoteForm,
            actions.note,
            Text("메모 남기기", "Add a note"),
            Text("다루는 사람끼리 봅니다.", "For those who handle it."),
            Text("메모를 남겼습니다.", "Noted."),
        ),
        Act(
            Step.TICK,
            TickForm,
            actions.tick,
            Text("했음", "Done"),
            Text("", ""),
            Text("조치 완료로 표시했습니다.", "Ticked."),
        ),
        Act(
            Step.UNTICK,
            TickForm,
            actions.untick,
            Text("되돌리기", "Undo"),
            Text("", ""),
            Text("표시를 되돌렸습니다.", "Unticked."),
        ),
    )
}
_IN_THE_CHECKLIST = frozenset({Step.TICK, Step.UNTICK})
CHOOSING = frozenset({Step.ASSIGN, Step.MERGE, Step.SUPERSEDE})  # asked on a page of their own: their lists are long
FIRST = (Step.ACKNOWLEDGE, Step.TRIAGE, Step.ISSUE)  # the next step of the day stands open, the others folded


@dataclass(frozen=True)
class Offered:
    """An act as the page offers it to one reader: with its form, as a link to it, or with why it cannot be done now."""

    act: Act
    form: ActForm | None
    why_not: Text | None
    open: bool


def offered(
    reader: Reader, alert: Alert, tried: ActForm | None, make: Callable[[Act], ActForm]
) -> tuple[list[Offered], list[Offered]]:
    """What this reader can do to the alert now, and what not, with the reason.

    Args:
        reader: who looks.
        alert: as it stands.
        tried: a form that was sent and not done; it stands open with what was typed.
        make: an empty form of an act.
    """
    can: list[Offered] = []
    cannot: list[Offered] = []
    for act in ACTS.values():
        if act.step in _IN_THE_CHECKLIST:
            continue
        why_not = rules.may(reader, act.step, alert)
        if why_not is not None:
            cannot.append(Offered(act, None, why_not, open=False))
        elif tried is not None and type(tried) is act.form and tried.prefix == act.step.value:
            can.append(Offered(act, tried, None, open=True))
        elif act.step in CHOOSING:
            can.append(Offered(act, None, None, open=False))
        else:
            can.append(Offered(act, make(act), None, open=False))
    return _with_the_first_open(can, tried, alert), cannot


def _with_the_first_open(can: list[Offered], tried: ActForm | None, alert: Alert) -> list[Offered]:
    """The first step of the day stands open, unless another form was tried."""
    held = alert.acknowledged_at is not None
    wanted = [step for step in FIRST if not (held and step is Step.ACKNOWLEDGE)]
    first = next((one for one in can if one.act.step in wanted), None)
    if first is None or tried is not None:
        return can
    return [Offered(one.act, one.form, None, open=one is first) for one in can]


def facts(form: ActForm) -> tuple[str, dict[str, Any]]:
    """The reason, and the action's own arguments, of a form that was filled in."""
    filled = dict(form.cleaned_data)
    return filled.pop("why", ""), filled
