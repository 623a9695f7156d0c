"""What the head of every page offers, by role."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from bongsu.language import Text
from bongsu.people.models import User
from bongsu.people.roles import OFFICERS, Role
from bongsu.web.speech import spoken


@dataclass(frozen=True)
class Link:
    """One way on from every page."""

    name: str
    said: Text
    roles: frozenset[Role]


LINKS = (
    Link("alerts", Text("조기경보", "Alerts"), OFFICERS),
    Link("items", Text("품목", "Items"), OFFICERS),
    Link("missions", Text("공관", "Missions"), OFFICERS | {Role.ADMINISTRATOR}),
    Link("taskings", Text("확인요청", "Taskings"), OFFICERS - {Role.PARTNER}),
    Link("reports", Text("공관보고", "Reports"), OFFICERS),
    Link("releases", Text("배포문", "Releases"), frozenset({Role.CENTRE, Role.DUTY, Role.DESK, Role.COMPANY})),
    Link("rota", Text("당직", "Rota"), frozenset({Role.CENTRE, Role.DUTY, Role.ADMINISTRATOR})),
    Link("accounts", Text("계정", "Accounts"), frozenset({Role.ADMINISTRATOR, Role.AUDITOR})),
    Link("audit", Text("감사 기록", "Audit trail"), frozenset({Role.AUDITOR})),
    Link("sources", Text("출처", "Sources"), frozenset({Role.CENTRE, Role.DUTY, Role.ADMINISTRATOR})),
)


def page(request: HttpRequest) -> dict[str, object]:
    """The context of every page: its language, and the links for whoever looks."""
    user = getattr(request, "user", None)
    role = user.reader.role if isinstance(user, User) else None
    return {"lang": spoken().value, "links": list(_links(request.path, role)), "now": getattr(request, "now", None)}


def _links(path: str, role: Role | None) -> list[dict[str, object]]:
    found = []
    for link in LINKS:
        if role in link.roles:
            href = reverse(link.name)
            found.append({"href": href, "said": link.said, "here": path.startswith(href)})
    return found


def first_page(role: Role | None) -> str:
    """Where somebody who signs in goes first: a mission to its own page, others to the first link that is theirs."""
    if role is Role.MISSION:
        return reverse("own_mission")
    return str(next((one["href"] for one in _links("", role)), reverse("account")))
