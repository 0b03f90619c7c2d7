"""Read addresses the way people paste them: out of mails, tables and address books."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from chassis.kernel.emails import InvalidEmail, normalize_email

ADDRESSES_AT_MOST = 2000
SEPARATORS = ",;\n\r\t"
ANGLED = re.compile(r"<([^<>]*)>\s*$")


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
    contain separators (`"Doe, Jane" <jane@x.eu>`). Of a list, each text is read the same way. Reading stops at the
    first address too many, and keeps it for the caller to see.
    """
    texts = [emails] if isinstance(emails, str) else emails
    pieces = (piece for text in texts for piece in _pieces(text))
    return [entry_of(piece) for piece in islice(pieces, ADDRESSES_AT_MOST + 1)]


def entry_of(piece: str, **days: object) -> Entry:
    """One piece of input as an entry."""
    angled = ANGLED.search(piece)
    bare = (angled.group(1) if angled else piece).strip().lower().removeprefix("mailto:")
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
