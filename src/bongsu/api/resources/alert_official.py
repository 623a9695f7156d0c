"""Official alerts (공식 경보) beside an alert: what authorities have declared about its item. Neither changes the other."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from bongsu.alerts.declared import Record, declared
from bongsu.alerts.official import STANDS_NAMES, OfficialAlert, Stands
from bongsu.api.callers import Asked
from bongsu.api.clock import now
from bongsu.api.resources.alerts import AlertAsked, router, seen
from bongsu.api.shapes import Said
from bongsu.detectors.signal import RecordRef


class Ref(Schema):
    """The way back to a record, and to the raw row that it was read from."""

    record: str
    key: dict[str, str]
    delivery: int | None
    raw: int | None
    raw_row: int | None


class Official(Schema):
    """A stage that an authority has declared, in its own words."""

    jurisdiction: str
    law: str
    issuer: str
    topic: str
    stage: str | None = Field(description="Null: the law knows no stages.")
    stands: Stands
    stands_name: Said
    since: date
    until: date | None
    ended_on: date | None
    items: list[str]
    hs_codes: list[str]
    areas: list[str]
    published: date | None
    known_at: datetime
    citation: str | None
    refs: list[Ref]


class OfficialAnswer(Schema):
    """Official alerts about an alert's item, and where there is nothing, why."""

    record: Record = Field(
        description="`none`: none is on record, which is not that none was declared. `unreadable`: the lake could not be "
        "read. `unknown`: its subject is no item of the catalogue."
    )
    why: Said | None = Field(description="Why nothing is told.")
    alerts: list[Official]


@router.get("/alerts/{uuid:alert}/official", response=OfficialAnswer, operation_id="get_alert_official")
def get_official(request: Asked, alert: UUID, asked: AlertAsked) -> dict[str, Any]:
    """나란히 보는 공식 경보, 발령 중인 것부터. What authorities have declared about its item; those in effect first."""
    row = seen(request, alert, asked.as_of)
    found = declared(request.auth.reader, row.subject, asked.as_of or now())
    return {"record": found.record, "why": found.why, "alerts": [_official(one) for one in found.alerts]}


def _official(one: OfficialAlert) -> dict[str, Any]:
    return {**vars(one), "stands_name": STANDS_NAMES[one.stands], "refs": [_ref(ref) for ref in one.refs]}


def _ref(ref: RecordRef) -> dict[str, Any]:
    return {**vars(ref), "key": dict(ref.key)}
