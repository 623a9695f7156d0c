"""The shapes that resources share: texts in both languages, ids, moments, pages; what comes in is strict."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from ninja import Header, Query, Schema
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from bongsu.people.markings import Grade, Tlp
from bongsu.people.moments import FIRST_YEAR, LAST_YEAR

MOST_INTEGER = 2**63 - 1
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_VERSION = re.compile(r'(?:W/)?"(\d{1,9})(?:-[0-9a-f]{16})?"', re.ASCII)

T = TypeVar("T")


class Given(BaseModel):
    """What a caller gives: nothing that we do not know is silently dropped."""

    model_config = ConfigDict(extra="forbid")


class Said(Schema):
    """A sentence or a name in both languages."""

    ko: str
    en: str


class Page(Schema, Generic[T]):
    """One page of a list, and where the next one is."""

    items: list[T]
    next: str | None = Field(description="Address of the next page; null: this was the last.")


class Problem(Schema):
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    mend: str


def _check_year(told: str) -> None:
    """Other years are mistakes, and some databases cannot keep them."""
    if not FIRST_YEAR <= int(told[:4]) <= LAST_YEAR:
        raise PydanticCustomError("out_of_range", "not between 1900 and 2200")


def _moment(told: Any) -> Any:  # noqa: ANN401 - JSON or a query's text
    """RFC 3339 with its offset, in years that a database can keep."""
    if isinstance(told, datetime) or told is None:
        return told
    if not isinstance(told, str) or not _MOMENT.fullmatch(told):
        raise ValueError("not a moment with its offset (RFC 3339)")
    _check_year(told)
    return datetime.fromisoformat(told.upper()).astimezone(UTC)


def _day(told: Any) -> Any:  # noqa: ANN401 - JSON or a query's text
    if isinstance(told, date) or told is None:
        return told
    if not isinstance(told, str) or not _DAY.fullmatch(told):
        raise ValueError("not a day (YYYY-MM-DD)")
    _check_year(told)
    return date.fromisoformat(told)


def _seen(told: Any) -> Any:  # noqa: ANN401 - a header's text
    """The version in an entity tag: its digits before the digest of the body."""
    found = _VERSION.fullmatch(told) if isinstance(told, str) else None
    if found is None:
        raise ValueError("not an ETag of this entry")
    return int(found[1])


_YEARS = f"Years {FIRST_YEAR} to {LAST_YEAR}."
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "description": f"With its offset. {_YEARS}"}),
]
Day = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "description": _YEARS})
]
Id = Annotated[int, Field(ge=1, le=MOST_INTEGER)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,79}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Prose = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]
Why = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^[^\x00]*$")]
Seen = Annotated[
    int,
    BeforeValidator(_seen),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r'^"[0-9]{1,9}(-[0-9a-f]{16})?"$',
            "description": 'The ETag of the entry as you saw it: `"version"`, or as it was sent.',
        }
    ),
    Header(..., alias="If-Match"),
]


class Paged(Schema):
    """Which page of a list."""

    cursor: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        None, description="From the `next` of the page before."
    )
    limit: int = Field(50, ge=1, le=200)


class AsOf(Schema):
    """As of which moment; now where it is left out."""

    as_of: Moment | None = None


PageAsked = Annotated[Paged, Query()]
AsOfAsked = Annotated[AsOf, Query()]


GradeName = Literal["O", "S", "C"]
TlpName = Literal["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]
LanguageName = Literal["ko", "en"]
Unit = Annotated[str, StringConstraints(max_length=64, pattern=r"^([a-z0-9][a-z0-9_]{0,63})?$")]


class Person(Schema):
    """Somebody, by id and name."""

    id: int
    name: str


class Marks(Schema):
    """How far an entry may travel."""

    grade: GradeName
    tlp: TlpName


def marks(grade: int, tlp: int) -> dict[str, str]:
    """The markings by name."""
    return {"grade": Grade(grade).name, "tlp": Tlp(tlp).label}


def given(body: Given) -> dict[str, Any]:
    """What a caller said, without what they left out; markings as ours."""
    told = body.model_dump(exclude_unset=True)
    if told.get("grade") is not None:
        told["grade"] = Grade.read(told["grade"])
    if told.get("tlp") is not None:
        told["tlp"] = Tlp.read(told["tlp"])
    return told
