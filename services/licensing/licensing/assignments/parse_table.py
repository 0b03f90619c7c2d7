"""Read uploaded tables of addresses, the way spreadsheet programs write them."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from datetime import date

from licensing.assignments.parse_addresses import ADDRESSES_AT_MOST, Entry, entry_of

EMAIL_COLUMNS = ("email", "e mail", "mail", "address", "email address", "e mail address")
FIRST_DAY_COLUMNS = ("first day", "start", "start date", "from")
LAST_DAY_COLUMNS = ("last day", "end", "end date", "until", "to")
DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
"""How spreadsheet programs write a day in most of Europe; slashes may mean either order, and are refused."""
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableTable(ValueError):
    """The upload is no table, or has no column of addresses."""


def parse_table(content: bytes) -> list[Entry]:
    """The addresses of an uploaded CSV table, with the days of each row. Raises UnreadableTable.

    The separator may be `,`, `;` or a tab. A first row without an address names the columns (`email`, `first_day`,
    `last_day`); without one the columns stand in this order. Days are written like 2027-03-31 or 31.03.2027.
    Reading stops at the first address too many, and keeps it for the caller to see.
    """
    rows = [row for row in _rows(_text(content)) if any(cell.strip() for cell in row)]
    if not rows:
        return []
    columns = (0, 1, 2)
    if not any("@" in cell for cell in rows[0]):
        columns = _columns([_name(cell) for cell in rows.pop(0)])
    return [_entry_of_row(row, columns) for row in rows[: ADDRESSES_AT_MOST + 1]]


def _text(content: bytes) -> str:
    """Spreadsheet programs write UTF-8, UTF-16 with a mark, or else the code page of Western Europe."""
    if content.startswith(UTF_16_MARKS):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str) -> list[list[str]]:
    first_line = text.split("\n", 1)[0]
    separator = max(";,\t", key=first_line.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UnreadableTable("This is not a CSV table: perhaps a quotation mark is not closed.") from error


def _name(cell: str) -> str:
    return " ".join(cell.strip().lower().replace("_", " ").replace("-", " ").split())


def _columns(names: Sequence[str]) -> tuple[int, int, int]:
    def find(candidates: Sequence[str]) -> int:
        return next((names.index(name) for name in candidates if name in names), len(names))

    email = find(EMAIL_COLUMNS)
    if email == len(names):
        raise UnreadableTable("The table needs a column named “email”.")
    return email, find(FIRST_DAY_COLUMNS), find(LAST_DAY_COLUMNS)


def _entry_of_row(row: Sequence[str], columns: tuple[int, int, int]) -> Entry:
    email, first_day, last_day = (row[column].strip() if column < len(row) else "" for column in columns)
    try:
        days = {"first_day": _day(first_day), "last_day": _day(last_day)}
    except ValueError:
        return entry_of(email, has_bad_days=True)
    if days["first_day"] and days["last_day"] and days["last_day"] < days["first_day"]:
        return entry_of(email, has_bad_days=True)
    return entry_of(email, **days)


def _day(text: str) -> date | None:
    if written := DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in written.groups())
        return date(year, month, day)
    return date.fromisoformat(text) if text else None
