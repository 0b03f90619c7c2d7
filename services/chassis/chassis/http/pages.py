"""Lists are pages with an opaque cursor; the order is stable, so nothing is skipped or shown twice."""

import base64
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Depends, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Row, Select, literal, tuple_

from chassis.db.transaction import Reader
from chassis.kernel.errors import FieldError, Invalid

T = TypeVar("T")


class PageParams(BaseModel):
    """Which part of a list."""

    limit: int
    cursor: str | None


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` leads to the next one, null on the last."""

    items: list[T]
    next_cursor: str | None


async def page_params(
    limit: Annotated[int, Query(ge=1, le=200, description="How many items at most.")] = 50,
    cursor: Annotated[str | None, Query(description="The `next_cursor` of the page before.")] = None,
) -> PageParams:
    """The `limit` and `cursor` of the request."""
    return PageParams(limit=limit, cursor=cursor)


PageQuery = Annotated[PageParams, Depends(page_params)]


def encode_cursor(*values: Any) -> str:
    """Pack the sort key of the last item shown."""
    packed = orjson.dumps([_packed(value) for value in values])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_cursor(cursor: str, count: int) -> list[Any]:
    """Unpack a cursor of `count` values. Raises Invalid for one that we did not make."""
    try:
        packed = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [_unpacked(kind, value) for kind, value in packed]
    except (ValueError, TypeError) as error:
        raise _bad_cursor() from error
    if len(values) != count or any(isinstance(value, dict | list) for value in values):
        raise _bad_cursor()
    return values


async def page_of(
    reader: Reader,
    statement: Select[Any],
    params: PageParams,
    *,
    order_by: Sequence[ColumnElement[Any]],
    convert: Callable[[Row[Any]], T],
    descending: bool = False,
) -> Page[T]:
    """One page of `statement`, ordered by `order_by` (its last column unique, all not null, all selected)."""
    if params.cursor is not None:
        statement = statement.where(_beyond(order_by, decode_cursor(params.cursor, len(order_by)), descending))
    ordering = [column.desc() if descending else column.asc() for column in order_by]
    keys = [column.label(f"page_key_{n}") for n, column in enumerate(order_by)]
    rows = await reader.all(statement.add_columns(*keys).order_by(*ordering).limit(params.limit + 1))
    shown = rows[: params.limit]
    cursor = None
    if len(rows) > params.limit:
        cursor = encode_cursor(*[getattr(shown[-1], f"page_key_{n}") for n in range(len(order_by))])
    return Page(items=[convert(row) for row in shown], next_cursor=cursor)


def page_of_items(items: Sequence[T], params: PageParams) -> Page[T]:
    """One page of a list that is short enough to be read whole; the cursor is the position in it."""
    start = _position(params.cursor) if params.cursor is not None else 0
    end = start + params.limit
    return Page(items=list(items[start:end]), next_cursor=encode_cursor(end) if end < len(items) else None)


def _position(cursor: str) -> int:
    (position,) = decode_cursor(cursor, 1)
    if not isinstance(position, int) or position < 0:
        raise _bad_cursor()
    return position


def _beyond(order_by: Sequence[ColumnElement[Any]], values: list[Any], descending: bool) -> ColumnElement[bool]:
    bounds = tuple_(*[_bound(column, value) for column, value in zip(order_by, values, strict=True)])
    return tuple_(*order_by) < bounds if descending else tuple_(*order_by) > bounds


def _bound(column: ColumnElement[Any], value: Any) -> ColumnElement[Any]:
    """The value to go on behind; one of another type belongs to a list in another order."""
    if not isinstance(value, column.type.python_type):
        raise _bad_cursor()
    return literal(value, column.type)


def _packed(value: Any) -> list[Any]:
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    return ["v", value]


def _unpacked(kind: str, value: Any) -> Any:
    if kind == "t":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "d" else value


def _bad_cursor() -> Invalid:
    return Invalid(errors=[FieldError("?cursor", "invalid_cursor", "The cursor is not one that this list gave out.")])
