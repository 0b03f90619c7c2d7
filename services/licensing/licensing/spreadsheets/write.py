"""Write rows as CSV, page after page: the answer grows, the memory does not."""

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from chassis.db.transaction import Database, Reader
from chassis.http.pages import Page, PageParams

T = TypeVar("T")

MEDIA_TYPE = "text/csv; charset=utf-8"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ROWS_AT_ONCE = 500


def wants_csv(request: Request) -> bool:
    """Whether the caller prefers a table to JSON."""
    return "text/csv" in request.headers.get("accept", "")


async def every_page(
    database: Database, ask: Callable[[Reader, PageParams], Awaitable[Page[T]]]
) -> AsyncIterator[list[T]]:
    """The items of a list, one page after the other; no connection is held while a page is on its way."""
    cursor = None
    while True:
        async with database.read() as reader:
            page = await ask(reader, PageParams(limit=ROWS_AT_ONCE, cursor=cursor))
        yield page.items
        cursor = page.next_cursor
        if cursor is None:
            return


async def csv_response(
    columns: Sequence[str], pages: AsyncIterator[list[T]], row: Callable[[T], Sequence[Any]], *, name: str
) -> Response:
    """The rows as a download called `name`; cells that a spreadsheet would run as a formula are quoted.

    The first page is read before the answer begins: what is refused is still refused properly.
    """
    first = await anext(pages, [])

    async def written() -> AsyncIterator[str]:
        yield _lines([columns, *map(row, first)])
        async for items in pages:
            yield _lines(map(row, items))

    disposition = f'attachment; filename="{name}"'
    return StreamingResponse(written(), media_type=MEDIA_TYPE, headers={"Content-Disposition": disposition})


def _lines(rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
