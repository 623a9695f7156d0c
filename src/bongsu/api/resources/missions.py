"""Missions abroad, as the home country's network has them."""

from datetime import date
from typing import Annotated, Any

from ninja import Query, Router, Schema

from bongsu.api.callers import Asked
from bongsu.api.days import day_of
from bongsu.api.pages import page
from bongsu.api.shapes import AsOf, Moment, Name, Page, Paged, Said
from bongsu.language import Text
from bongsu.missions import Mission as Row
from bongsu.people.errors import DeniedError, NotThereError
from bongsu.people.reader import Reader
from bongsu.people.roles import OFFICERS, Role
from bongsu.responses.home import home_network

router = Router(tags=["missions"])


class Mission(Schema):
    """A mission."""

    id: str
    name: Said
    kind: str
    host: str
    city: Said
    accredited: list[str]
    organisations: list[str]
    zone: str
    languages: list[str]
    valid_from: date | None
    valid_until: date | None
    checked: bool


class MissionsAsked(Paged):
    """As of which moment."""

    as_of: Moment | None = None


def _standing(reader: Reader, as_of: Any) -> dict[str, Row]:  # noqa: ANN401 - a moment or nothing
    if reader.role not in OFFICERS | {Role.ADMINISTRATOR}:
        raise DeniedError(Text("공관망은 담당 업무를 하는 역할만 봅니다.", "missions are for those who handle them."))
    day = day_of(as_of)
    return {id_: mission for id_, mission in home_network().missions.items() if mission.stands_on(day)}


@router.get("/missions", response=Page[Mission], operation_id="list_missions")
def list_missions(request: Asked, asked: Annotated[MissionsAsked, Query()]) -> dict[str, Any]:
    """공관 목록. Missions that stand."""
    return page(request, _standing(request.auth.reader, asked.as_of).values(), asked, order=("id",))


@router.get("/missions/{mission}", response=Mission, operation_id="get_mission")
def get_mission(request: Asked, mission: Name, asked: Annotated[AsOf, Query()]) -> Row:
    """공관 하나. One mission."""
    found = _standing(request.auth.reader, asked.as_of).get(mission)
    if found is None:
        raise NotThereError(Text("공관", "mission"))
    return found
