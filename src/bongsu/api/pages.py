"""Pages of a list by a cursor: the place behind the last row, in an order that no change moves; signed, so not forged.

A row that is added meanwhile moves none of those behind the cursor: nothing is repeated, nothing is lost.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from bongsu.api.problems import INVALID, ProblemError
from bongsu.api.shapes import Paged
from bongsu.language import Text

Plain = dict[str, Any]


def page(
    request: HttpRequest,
    rows: "QuerySet[Any] | Iterable[Any]",
    asked: Paged,
    *,
    order: Sequence[str],
    each: Callable[[Any], Any] = lambda row: row,
) -> Plain:
    """One page of `rows`.

    Args:
        request: whose address the next page repeats.
        rows: what a query gave.
        asked: from where, and how many.
        order: fields that never change and together name one row; `-` before one that runs downwards.
        each: what a row is sent as.
    """
    after = _read(asked.cursor, request.path, len(order)) if asked.cursor else None
    some = (
        _of_database(rows, order, after, asked.limit) if isinstance(rows, QuerySet) else _of_memory(rows, order, after)
    )
    shown = some[: asked.limit]
    following = _next(request, shown[-1], order) if len(some) > asked.limit else None
    return {"items": [each(row) for row in shown], "next": following}


def _of_database(rows: "QuerySet[Any]", order: Sequence[str], after: list[Any] | None, limit: int) -> list[Any]:
    if after is not None:
        rows = rows.filter(_behind(order, after))
    return list(rows.order_by(*order)[: limit + 1])


def _behind(order: Sequence[str], after: list[Any]) -> Q:
    """Rows behind the one whose fields are `after`."""
    behind, same = Q(pk__in=()), Q()
    for name, value in zip(order, after, strict=True):
        field, way = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        behind |= same & Q(**{f"{field}__{way}": value})
        same &= Q(**{field: value})
    return behind


def _of_memory(rows: Iterable[Any], order: Sequence[str], after: list[Any] | None) -> list[Any]:
    some = list(rows)
    for name in reversed(order):
        some.sort(key=lambda row, name=name: _value(row, name), reverse=name.startswith("-"))  # type: ignore[misc]
    return some if after is None else [row for row in some if _is_behind(row, order, after)]


def _is_behind(row: object, order: Sequence[str], after: list[Any]) -> bool:
    for name, value in zip(order, after, strict=True):
        own = _value(row, name)
        if own != value:
            return bool(own < value) if name.startswith("-") else bool(own > value)
    return False


def _value(row: object, name: str) -> Any:  # noqa: ANN401 - a column's value
    field = name.removeprefix("-")
    return row[field] if isinstance(row, dict) else getattr(row, field)


def _next(request: HttpRequest, last: object, order: Sequence[str]) -> str:
    query = request.GET.copy()
    query["cursor"] = _signer(request.path).sign_object([_written(_value(last, name)) for name in order])
    return f"{request.path}?{query.urlencode()}"


def _written(value: object) -> list[Any]:
    if isinstance(value, UUID):
        return ["uuid", value.hex]
    if isinstance(value, datetime):
        return ["moment", value.isoformat()]
    if isinstance(value, date):
        return ["day", value.isoformat()]
    return ["plain", value]


_READERS: dict[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "plain": lambda value: value,
}


def _read(cursor: str, path: str, length: int) -> list[Any]:
    try:
        told = _signer(path).unsign_object(cursor)
    except signing.BadSignature:
        told = []
    if len(told) != length:
        raise ProblemError(
            INVALID,
            Text("이 목록의 cursor가 아닙니다.", "this cursor is not of this list."),
            mend=Text("첫 쪽부터 다시 읽으십시오.", "Begin at the first page."),
        )
    return [_READERS[kind](value) for kind, value in told]


def _signer(path: str) -> signing.Signer:
    return signing.Signer(salt=f"bongsu.api.cursor:{path}")
