"""Lists as CSV: streamed, and safe to open in a spreadsheet."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import StreamingResponse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def wants_csv(request: Request) -> bool:
    """Whether the caller asked for CSV rather than JSON."""
    return "text/csv" in request.headers.get("accept", "")


def csv_answer(columns: Sequence[str], rows: AsyncIterator[Sequence[Any]], *, filename: str) -> StreamingResponse:
    """The rows as they come, with a header row."""
    return StreamingResponse(
        _lines(columns, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


async def as_stream(rows: Iterable[Sequence[Any]]) -> AsyncIterator[Sequence[Any]]:
    """Rows that are there already."""
    for row in rows:
        yield row


async def _lines(columns: Sequence[str], rows: AsyncIterator[Sequence[Any]]) -> AsyncIterator[str]:
    yield _line(columns)
    async for row in rows:
        yield _line([_safe(value) for value in row])


def _line(values: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(values)
    return buffer.getvalue()


def _safe(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
