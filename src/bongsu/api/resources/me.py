"""Who I am, as the caller's account stands."""

from ninja import Router, Schema

from bongsu.api.callers import Asked
from bongsu.people.markings import Grade, Tlp

router = Router(tags=["me"])


class Me(Schema):
    """The caller."""

    id: int
    role: str
    mission: str
    desk: str
    ministry: str
    grade: str
    tlp: str
    language: str
    scopes: list[str]


@router.get("/me", response=Me, operation_id="get_me")
def get_me(request: Asked) -> Me:
    """누구로 부르고 있는가. Whom you call as, and what you are cleared for."""
    caller = request.auth
    reader = caller.reader
    return Me(
        id=reader.user or 0,
        role=reader.role or "",
        mission=reader.mission,
        desk=reader.desk,
        ministry=reader.ministry,
        grade=Grade(reader.grade).name,
        tlp=Tlp(reader.tlp).label,
        language=caller.language,
        scopes=sorted(caller.scopes),
    )
