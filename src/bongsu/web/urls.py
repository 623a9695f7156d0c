"""The pages' addresses."""

from collections.abc import Iterable

from django.urls import path, register_converter

from bongsu.web.alert_acts import ACTS
from bongsu.web.report_steps import FORMS as REPORT_FORMS
from bongsu.web.views import (
    account,
    alert,
    alerts,
    audit,
    first,
    front,
    items,
    missions,
    releases,
    reports,
    rota,
    sources,
    staff,
    taskings,
)


class Words:
    """A part of an address that is one of some words."""

    regex = ""

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands in the address."""
        return value


def one_of(name: str, words: Iterable[str]) -> None:
    """Name the words that an address may have there; others have no page."""
    register_converter(type(name, (Words,), {"regex": "|".join(words)}), name)


one_of("account_step", staff.step_names())
one_of("alert_step", ACTS)
one_of("report_step", REPORT_FORMS)
one_of("tasking_step", taskings.STEPS)
one_of("release_step", releases.STEPS)

urlpatterns = [
    path("", front.front, name="front"),
    path("language/", front.speak, name="speak"),
    path("first/<slug:token>/", first.first, name="first"),
    path("account/", account.account, name="account"),
    path("account/tokens/", account.make_token, name="make_token"),
    path("account/tokens/<int:token>/revoke/", account.revoke_token, name="revoke_token"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<uuid:alert>/", alert.alert, name="alert"),
    path("alerts/<uuid:alert>/<alert_step:step>/", alert.act, name="act"),
    path("items/", items.items, name="items"),
    path("items/<slug:item>/", items.item, name="item"),
    path("missions/", missions.missions, name="missions"),
    path("missions/<slug:mission>/", missions.mission, name="mission"),
    path("mission/", missions.own_mission, name="own_mission"),
    path("mission/checks/<int:check>/nil/", missions.nil, name="nil"),
    path("mission/notices/", missions.paste, name="paste"),
    path("notices/<uuid:notice>/", missions.notice, name="notice"),
    path("notices/<uuid:notice>/report/", missions.report_from_notice, name="report_from_notice"),
    path("taskings/", taskings.taskings, name="taskings"),
    path("taskings/board/", taskings.board, name="board"),
    path("taskings/new/", taskings.ask, name="ask"),
    path("taskings/<uuid:tasking>/", taskings.tasking, name="tasking"),
    path("taskings/<uuid:tasking>/<tasking_step:step>/", taskings.tasking_step, name="tasking_step"),
    path("reports/", reports.reports, name="reports"),
    path("reports/new/", reports.new_report, name="new_report"),
    path("reports/tip/", reports.tip, name="tip"),
    path("reports/<uuid:report>/", reports.report, name="report"),
    path("reports/<uuid:report>/save/", reports.save_report, name="save_report"),
    path("reports/<uuid:report>/files/", reports.attach, name="attach"),
    path("reports/<uuid:report>/files/<uuid:attachment>/remove/", reports.detach, name="detach"),
    path("reports/<uuid:report>/<report_step:step>/", reports.report_step, name="report_step"),
    path("files/<uuid:attachment>/", reports.attachment, name="attachment"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<uuid:release>/", releases.release, name="release"),
    path("releases/<uuid:release>/edit/", releases.edit_release, name="edit_release"),
    path("releases/<uuid:release>/<release_step:step>/", releases.release_step, name="release_step"),
    path("alerts/<uuid:alert>/releases/new/", releases.draft_release, name="draft_release"),
    path("subscriptions/", releases.subscriptions, name="subscriptions"),
    path("subscriptions/<int:subscription>/end/", releases.end_subscription, name="end_subscription"),
    path("people/", staff.accounts, name="accounts"),
    path("people/new/", staff.add_account, name="add_account"),
    path("people/<int:account>/", staff.account_of, name="account_of"),
    path("people/<int:account>/change/", staff.change_account, name="change_account"),
    path("people/<int:account>/password/", staff.account_password, name="account_password"),
    path("people/<int:account>/tokens/<int:token>/revoke/", staff.account_token, name="account_token"),
    path("people/<int:account>/<account_step:step>/", staff.account_step, name="account_step"),
    path("rota/", rota.rota, name="rota"),
    path("rota/<int:shift>/drop/", rota.drop_shift, name="drop_shift"),
    path("rota/hand-over/", rota.hand_over, name="hand_over"),
    path("rota/hand-over/<int:hand_over>/take/", rota.take_watch, name="take_watch"),
    path("audit/", audit.audit, name="audit"),
    path("sources/", sources.sources, name="sources"),
]
