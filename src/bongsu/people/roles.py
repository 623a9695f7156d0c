"""Roles: what a person is here. One role a person; what each may do stands beside the action, what each may see in `rules`."""

from enum import StrEnum

from bongsu.language import Text


class Role(StrEnum):
    """Who somebody is."""

    CENTRE = "centre"
    DESK = "desk"
    MISSION = "mission"
    DUTY = "duty"
    PARTNER = "partner"
    COMPANY = "company"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.CENTRE: Text("센터 분석관", "centre analyst"),
    Role.DESK: Text("담당과 담당관", "desk officer"),
    Role.MISSION: Text("공관 담당관", "mission officer"),
    Role.DUTY: Text("당직관", "duty officer"),
    Role.PARTNER: Text("협력기관 담당자", "partner"),
    Role.COMPANY: Text("기업 구독자", "company subscriber"),
    Role.AUDITOR: Text("감사관", "auditor"),
    Role.ADMINISTRATOR: Text("관리자", "administrator"),
}

# Those who judge warnings for all: they see every mission's and desk's entries, within their markings.
JUDGES = frozenset({Role.CENTRE, Role.DUTY})
# Those who handle content at all; the others keep the house, or look at how it is kept.
OFFICERS = frozenset({Role.CENTRE, Role.DUTY, Role.DESK, Role.MISSION, Role.PARTNER})
