"""Reports: read, written, filed, reviewed. What was typed is never lost: every save is kept, a stale one aside."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse

from bongsu.language import Text
from bongsu.people.roles import OFFICERS, Role
from bongsu.responses import actions, queries
from bongsu.responses.models import Report
from bongsu.responses.states import REPORT_NAMES, Step
from bongsu.web.acting import Request, actor_of, reader_of
from bongsu.web.doors import open_to
from bongsu.web.forms.responses import FileForm, ReportForm, TipForm, facts_of, report_filter
from bongsu.web.paging import page_of
from bongsu.web.posting import UNTAKEN, attempt, failed, form_page, led_on, status_of
from bongsu.web.report_steps import FORMS, KIND_NAMES, REPORT_STEPS, step_forms
from bongsu.web.report_steps import take as take_step

_TIPPERS = (Role.MISSION, Role.PARTNER)


@open_to(*OFFICERS)
def reports(request: Request) -> HttpResponseBase:
    """The newest change first."""
    form, reader = report_filter(request.GET), reader_of(request)
    if not form.is_valid():
        return render(request, "reports.html", {"form": form, "page": ()}, status=UNTAKEN)
    page = page_of(request, queries.reports(reader, **form.cleaned_data))
    shown = {
        "form": form,
        "page": page,
        "rows": [(one, REPORT_NAMES[one.state]) for one in page],
        "narrowed": any(form.cleaned_data.values()),
        "writes": reader.role is Role.MISSION,
        "tips": reader.role in _TIPPERS,
    }
    return render(request, "reports.html", shown)


@open_to(*OFFICERS)
def report(request: Request, report: UUID) -> HttpResponseBase:
    """One report with its text; that it was read is written down."""
    found = actions.open_report(by=actor_of(request), report=report)
    return _page(request, found)


@open_to(Role.MISSION, methods="GET POST")
def new_report(request: Request) -> HttpResponseBase:
    """A new draft; `?tasking=` and `?alert=` say what it answers and bears on."""
    reader, by = reader_of(request), actor_of(request)
    answers, about = _named(request.GET, "tasking"), _named(request.GET, "alert")
    if request.method != "POST":
        begun = {"grade": 0, "tlp": min(1, int(reader.tlp)), **_begun(request, answers)}
        return _new_page(request, ReportForm(reader=reader, initial=begun))
    form = ReportForm(request.POST, reader=reader)
    outcome = attempt(form, lambda: actions.save_draft(by=by, tasking=answers, alert=about, **form.content()))
    if not isinstance(outcome, Report):
        return _new_page(request, form, status_of(outcome))
    return _then(request, outcome)


@open_to(Role.MISSION, methods="POST")
def save_report(request: Request, report: UUID) -> HttpResponseBase:
    """Save what was typed; with `then=submit`, file it."""
    reader, by = reader_of(request), actor_of(request)
    form = ReportForm(request.POST, reader=reader)
    outcome = attempt(
        form, lambda: actions.save_draft(by=by, report=report, seen=form.cleaned_data["seen"], **form.content())
    )
    if not isinstance(outcome, Report):
        return _page(request, queries.report(reader, report), form=form, status=status_of(outcome))
    return _then(request, outcome)


@open_to(*OFFICERS, methods="POST")
def report_step(request: Request, report: UUID, step: str) -> HttpResponseBase:
    """File it, give it back, review it, or withdraw it."""
    form, by = FORMS[step](request.POST, prefix=step), actor_of(request)
    queries.report(reader_of(request), report)  # what is not there has no steps
    outcome = attempt(form, lambda: take_step(by, step, report, form.cleaned_data))
    if failed(outcome):
        found = queries.report(reader_of(request), report)
        return _page(request, found, tried=(step, form), status=status_of(outcome))
    return led_on(request, reverse("report", args=[report]), REPORT_STEPS[step])


@open_to(Role.MISSION, methods="POST")
def attach(request: Request, report: UUID) -> HttpResponseBase:
    """A file for the report."""
    form, by = FileForm(request.POST, request.FILES), actor_of(request)
    outcome = attempt(form, lambda: _attached(by, report, form.cleaned_data["file"]))
    if failed(outcome):
        found = queries.report(reader_of(request), report)
        return _page(request, found, file_form=form, status=status_of(outcome))
    return led_on(
        request, f"{reverse('report', args=[report])}#files", Text("파일을 붙였습니다.", "The file was attached.")
    )


@open_to(Role.MISSION, methods="POST")
def detach(request: Request, report: UUID, attachment: UUID) -> HttpResponseBase:
    """A file off the report."""
    actions.detach(by=actor_of(request), report=report, attachment=attachment)
    return led_on(
        request, f"{reverse('report', args=[report])}#files", Text("파일을 뗐습니다.", "The file was removed.")
    )


@open_to(*OFFICERS)
def attachment(request: Request, attachment: UUID) -> HttpResponseBase:
    """A file, to be saved and never shown in place."""
    found = actions.open_file(by=actor_of(request), attachment=attachment)
    answer = FileResponse(found.path.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type)
    for name, value in found.headers.items():
        answer.headers[name] = value
    return answer


@open_to(*_TIPPERS, methods="GET POST")
def tip(request: Request) -> HttpResponseBase:
    """What a firm or an agency abroad says."""
    reader, by = reader_of(request), actor_of(request)
    title, button = Text("기업·기관 제보", "A tip of a firm or an agency"), Text("보내기", "File it")
    if request.method != "POST":
        begun = {"grade": 0, "tlp": min(1, int(reader.tlp))}
        return form_page(request, TipForm(reader=reader, initial=begun), title, button=button)
    form = TipForm(request.POST, reader=reader)
    outcome = attempt(form, lambda: _tipped(by, form))
    if not isinstance(outcome, Report):
        return form_page(request, form, title, status=status_of(outcome), button=button)
    return led_on(request, reverse("report", args=[outcome.pk]), Text("제보를 받았습니다.", "The tip was filed."))


def _tipped(by: Any, form: TipForm) -> Report:  # noqa: ANN401 - an actor
    told = form.content()
    reliability = told.pop("offered")
    return actions.take_tip(by=by, reliability=reliability, **told)


def _attached(by: Any, report: UUID, file: Any) -> Any:  # noqa: ANN401 - an actor, an upload
    read = file.read(settings.MOST_ATTACHMENT + 1)  # one byte more than is taken says that it is too large
    return actions.attach(by=by, report=report, name=file.name, content=read)


def _named(told: QueryDict, name: str) -> UUID | None:
    try:
        return UUID(str(told[name])) if name in told else None
    except ValueError:
        return None


def _begun(request: Request, answers: UUID | None) -> dict[str, Any]:
    if answers is None:
        return {}
    asked = queries.tasking(reader_of(request), answers)
    return {"items": [asked.item] if asked.item else [], "grade": asked.grade, "tlp": asked.tlp}


def _new_page(request: Request, form: ReportForm, status: int = 200) -> HttpResponseBase:
    title, button = Text("공관보고 쓰기", "Write a report"), Text("초안 저장", "Save the draft")
    return render(request, "report_new.html", {"form": form, "title": title, "button": button}, status=status)


def _then(request: Request, row: Report) -> HttpResponseBase:
    """On to the draft; where it was asked to be filed, filed first, or shown with what is missing."""
    if request.POST.get("then") == "submit":
        form, by = FORMS[Step.SUBMIT]({"seen": row.version}), actor_of(request)
        outcome = attempt(form, lambda: actions.submit(by=by, report=row.pk, seen=row.version))
        if failed(outcome):
            found = queries.report(reader_of(request), row.pk)
            return _page(request, found, tried=(Step.SUBMIT.value, form), status=status_of(outcome))
        return led_on(request, reverse("report", args=[row.pk]), REPORT_STEPS[Step.SUBMIT])
    return led_on(request, reverse("report", args=[row.pk]), Text("초안을 저장했습니다.", "The draft was saved."))


def _page(
    request: Request,
    found: queries.ReportSeen,
    *,
    form: ReportForm | None = None,
    file_form: FileForm | None = None,
    tried: Any = None,  # noqa: ANN401 - a step and its form
    status: int = 200,
) -> HttpResponseBase:
    reader = reader_of(request)
    writing = Step.SAVE in found.steps or form is not None
    shown = {
        "report": found,
        "state": REPORT_NAMES[found.state],
        "form": (form or ReportForm(reader=reader, initial=facts_of(found))) if writing else None,
        "file_form": file_form or FileForm(),
        "attaches": Step.ATTACH in found.steps,
        "forms": step_forms(found, tried),
        "tried": tried[1] if tried else None,
        "timeline": [(one, KIND_NAMES[one.kind]) for one in queries.report_timeline(reader, found.id)],
        "files": queries.attachments(reader, found.id),
        "used_by": queries.used_by(reader, found.id),
        "aside": queries.kept_aside(reader, found.id) if found.mission and reader.mission == found.mission else (),
    }
    return render(request, "report.html", shown, status=status)
