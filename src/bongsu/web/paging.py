"""Long lists in pages: one query more for whether there is a next one, never a count of all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from bongsu.web.acting import Request

T = TypeVar("T")
SIZE = 50
_LAST = 100_000  # nobody reads further than this; a larger number only makes the database count


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, its number, and whether another follows."""

    rows: Sequence[T]
    number: int
    more: bool
    query: str

    @property
    def previous(self) -> int:
        """The number of the page before."""
        return self.number - 1

    @property
    def following(self) -> int:
        """The number of the page after."""
        return self.number + 1

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(request: Request, found: "QuerySet[Any, Any] | Sequence[Any]", size: int = SIZE) -> Page[Any]:
    """The page that `?page=` names, the first one where it names none."""
    told = request.GET.get("page", "")
    number = min(max(int(told), 1), _LAST) if told.isascii() and told.isdigit() and len(told) < 9 else 1  # noqa: PLR2004 - digits of a number
    rows = list(found[(number - 1) * size : number * size + 1])
    rest = request.GET.copy()
    rest.pop("page", None)
    return Page(rows[:size], number, len(rows) > size, rest.urlencode())
