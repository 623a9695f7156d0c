"""The catalogue of watched items: what they are for, and who answers for it."""

from datetime import date
from typing import Annotated, Any

from ninja import Query, Router, Schema

from bongsu.api.callers import Asked
from bongsu.api.days import day_of
from bongsu.api.pages import page
from bongsu.api.shapes import AsOf, Moment, Name, Page, Paged, Said
from bongsu.items.item import Item as Row
from bongsu.language import Text
from bongsu.people.errors import DeniedError, NotThereError
from bongsu.people.reader import Reader
from bongsu.people.roles import OFFICERS
from bongsu.responses.home import home_catalogue

router = Router(tags=["items"])


class Code(Schema):
    """A code of the Harmonized System, or of a country's own tariff."""

    code: str
    system: str


class Use(Schema):
    """What an item is for, who is in charge, and who would be hit."""

    id: str
    name: Said
    in_charge: list[str]
    hit: list[str]
    source: str
    checked: bool


class ItemRow(Schema):
    """An item, as lists show it."""

    id: str
    name: Said
    category: str
    hs: list[Code]
    valid_from: date


class Item(ItemRow):
    """An item whole."""

    uses: list[Use]
    inputs: list[str]
    suppliers: list[str]
    routes: list[str]
    unknown: list[str]


class ItemsAsked(Paged):
    """As of which moment."""

    as_of: Moment | None = None


def _catalogue(reader: Reader, as_of: Any) -> dict[str, Row]:  # noqa: ANN401 - a moment or nothing
    if reader.role not in OFFICERS:
        raise DeniedError(Text("품목은 담당 업무를 하는 역할만 봅니다.", "items are for those who handle them."))
    return dict(home_catalogue().as_of(day_of(as_of)).items)


@router.get("/items", response=Page[ItemRow], operation_id="list_items")
def list_items(request: Asked, asked: Annotated[ItemsAsked, Query()]) -> dict[str, Any]:
    """품목 목록. Watched items."""
    return page(request, _catalogue(request.auth.reader, asked.as_of).values(), asked, order=("id",))


@router.get("/items/{item}", response=Item, operation_id="get_item")
def get_item(request: Asked, item: Name, asked: Annotated[AsOf, Query()]) -> dict[str, Any]:
    """품목 하나. One item, with its uses."""
    found = _catalogue(request.auth.reader, asked.as_of).get(item)
    if found is None:
        raise NotThereError(Text("품목", "item"))
    return {
        **{name: getattr(found, name) for name in ("id", "name", "category", "hs", "valid_from", "uses")},
        "inputs": [one.item for one in found.inputs],
        "suppliers": [one.country for one in found.suppliers],
        "routes": [one.chokepoint for one in found.routes],
        "unknown": list(found.unknowns()),
    }
