"""Read addresses the way people paste them: out of mails, tables and address books."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel.emails import InvalidEmail, normalize_email

SEPARATORS = ",;\n\r\t"
ANGLED = re.compile(r"<\s*(?:mailto:)?([^<>]*)>\s*$", re.IGNORECASE)
EMAIL_COLUMNS = ("email", "e-mail", "mail", "address")
FIRST_DAY_COLUMNS = ("first_day", "start", "start_date", "from")
LAST_DAY_COLUMNS = ("last_day", "end", "end_date", "until", "to")


class UnreadableTable(ValueError):
    """The uploaded table has no column of addresses."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One address as it was entered: `email` is None when it is not one; days only where the input names them."""

    input: str
    email: str | None
    first_day: date | None = None
    last_day: date | None = None
    has_bad_days: bool = False


def parse_addresses(emails: str | Sequence[str]) -> list[Entry]:
    """The addresses in the order of the input.

    A text is split at commas, semicolons, line breaks and tabs, and at blanks between bare addresses; quoted names may
    contain separators (`"Doe, Jane" <jane@x.eu>`). Of a list, each text is read the same way.
    """
    texts = [emails] if isinstance(emails, str) else emails
    return [entry_of(piece) for text in texts for piece in _pieces(text)]


def parse_table(text: str) -> list[Entry]:
    """The addresses of an uploaded CSV table, with the days of each row. Raises UnreadableTable.

    The separator may be `,`, `;` or a tab. A first row without an address names the columns (`email`, `first_day`,
    `last_day`); without one the columns stand in this order.
    """
    rows = [row for row in _rows(text.lstrip("\ufeff")) if any(cell.strip() for cell in row)]
    if not rows:
        return []
    columns = (0, 1, 2)
    if not any("@" in cell for cell in rows[0]):
        columns = _columns([cell.strip().lower() for cell in rows.pop(0)])
    return [_entry_of_row(row, columns) for row in rows]


def entry_of(piece: str, **days: object) -> Entry:
    """One piece of input as an entry."""
    angled = ANGLED.search(piece)
    bare = (angled.group(1) if angled else piece).strip().removeprefix("mailto:")
    try:
        return Entry(piece, normalize_email(bare), **days)  # type: ignore[arg-type]
    except InvalidEmail:
        return Entry(piece, None, **days)  # type: ignore[arg-type]


def _pieces(text: str) -> Iterator[str]:
    for part in _split_outside_quotes(text):
        words = part.split()
        if len(words) > 1 and all("@" in word and "<" not in word for word in words):
            yield from words
        elif words:
            yield part.strip()


def _split_outside_quotes(text: str) -> Iterator[str]:
    part, is_quoted, closing = [], False, text.rfind('"')
    for position, character in enumerate(text):
        if character == '"' and (is_quoted or position < closing):
            is_quoted = not is_quoted
        if character in SEPARATORS and (not is_quoted or character in "\r\n"):
            is_quoted = False
            yield "".join(part)
            part = []
        else:
            part.append(character)
    yield "".join(part)


def _rows(text: str) -> list[list[str]]:
    first_line = text.split("\n", 1)[0]
    separator = max(";,\t", key=first_line.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


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
    return date.fromisoformat(text) if text else None
