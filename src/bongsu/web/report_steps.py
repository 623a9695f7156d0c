"""The steps of a report as its page offers them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms

from bongsu.language import Text
from bongsu.people.reader import Actor
from bongsu.responses import actions
from bongsu.responses.models import Report
from bongsu.responses.queries import ReportSeen
from bongsu.responses.states import STEP_NAMES, ReportKind, Step
from bongsu.web.forms.responses import ReasonForm, ReviewForm, StepForm

FORMS: Mapping[str, type[forms.Form]] = {
    Step.SUBMIT: StepForm,
    Step.RETURN: ReasonForm,
    Step.REVIEW: ReviewForm,
    Step.WITHDRAW: ReasonForm,
}
REPORT_STEPS: Mapping[str, Text] = {
    Step.SUBMIT: Text("제출했습니다.", "Filed."),
    Step.RETURN: Text("보완을 요청했습니다.", "Given back."),
    Step.REVIEW: Text(
        "검토를 마쳤습니다. 다음 감시부터 징후로 쓰입니다.", "Reviewed. The next watch takes it as a signal."
    ),
    Step.WITHDRAW: Text("철회했습니다.", "Withdrawn."),
}
KIND_NAMES: Mapping[str, Text] = {
    ReportKind.DRAFTED: Text("초안 시작", "draft begun"),
    ReportKind.SAVED: Text("저장", "saved"),
    ReportKind.KEPT_ASIDE: Text("따로 보관", "kept aside"),
    ReportKind.ATTACHED: Text("파일 붙임", "file attached"),
    ReportKind.DETACHED: Text("파일 뗌", "file removed"),
    ReportKind.SUBMITTED: Text("제출", "filed"),
    ReportKind.RETURNED: Text("보완 요청", "given back"),
    ReportKind.REVIEWED: Text("검토 완료", "reviewed"),
    ReportKind.PUBLISHED: Text("진술로 발행", "published as a statement"),
    ReportKind.WITHDRAWN: Text("철회", "withdrawn"),
    ReportKind.TAKEN_BACK: Text("진술 거둠", "statement taken back"),
}
_DO: Mapping[str, Any] = {
    Step.SUBMIT: actions.submit,
    Step.RETURN: actions.return_report,
    Step.REVIEW: actions.review,
    Step.WITHDRAW: actions.withdraw_report,
}


def take(by: Actor, step: str, report: UUID, filled: dict[str, Any]) -> Report:
    """Take a step."""
    done: Report = _DO[step](by=by, report=report, **filled)
    return done


def step_forms(found: ReportSeen, tried: Any) -> list[tuple[Step, Text, forms.Form]]:  # noqa: ANN401 - a step and its form
    """What can be done with the report now, each with its form; one that was tried keeps what was typed."""
    return [(step, STEP_NAMES[step], _form(step, found, tried)) for step in found.steps if step in FORMS]


def _form(step: Step, found: ReportSeen, tried: Any) -> forms.Form:  # noqa: ANN401 - likewise
    if tried and tried[0] == step:
        typed: forms.Form = tried[1]
        typed.data = {**dict(typed.data.items()), typed.add_prefix("seen"): found.version}
        return typed
    begun: dict[str, Any] = {"seen": found.version}
    if step is Step.REVIEW:
        begun = {**begun, "reliability": found.offered or "F", "credibility": 6}
    return FORMS[step](prefix=step, initial=begun)
