"""CSV as shops write it: byte-order mark, `,` or `;`, CRLF, line breaks in fields, any order of columns."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from shop.transfers.legacy_shops.record_lines import Lines

LONGEST_FIELD = 1_000_000
UNREADABLE = "\ufffd"
SEPARATORS = (",", ";")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it begins on (the header is line 1), its fields; `problem` when it is not usable."""

    line: int
    fields: list[str]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The column names of a file, and the separator it uses."""

    names: list[str]
    separator: str

    def position(self, column: str) -> int | None:
        """Where the column stands, or None; of two columns with one name the first counts."""
        return self.names.index(column) if column in self.names else None


def read_header(path: Path, known: frozenset[str]) -> Header:
    """The header; the separator is the one that makes more of the `known` columns out of it."""
    candidates = []
    for separator in SEPARATORS:
        with _open(path) as stream:
            first = next(_reader(stream, separator), [])
        names = [name.strip().lower() for name in first]
        candidates.append((len(known.intersection(names)), len(names), Header(names, separator)))
    return max(candidates, key=lambda candidate: candidate[:2])[2]


def read_records(path: Path, header: Header) -> Iterator[Record]:
    """Every record after the header, blank ones left out. A record that cannot be read has a `problem`.

    Of a quote that is opened and not closed where a field ends, only the line that opens it cannot be read: the
    lines it would swallow are records of their own.
    """
    with _open(path) as stream:
        lines = Lines(stream)
        reader = _reader(lines, header.separator)
        next(reader, None)
        while True:
            line = lines.begin_record()
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error:
                fields = []
                is_readable = False
            else:
                is_readable = _has_room(header, fields) and _is_closed(lines, header.separator)
            if not is_readable:
                lines.take_back_all_but_first()
                yield Record(line, fields, "unreadable_row")
            elif any(field.strip() for field in fields):
                yield Record(line, fields)


def _has_room(header: Header, fields: list[str]) -> bool:
    """Whether every value stands in a column that has a name."""
    width = len(header.names)
    return len(fields) <= width or not any(field.strip() for field in fields[width:])


def _is_closed(lines: Lines, separator: str) -> bool:
    """Whether the quotes of a record of several lines, or of the last one, end where its fields end.

    Within one line stray quotes swallow nothing: they are read as they stand.
    """
    if lines.is_single:
        return True
    try:
        next(csv.reader(lines.of_record, delimiter=separator, strict=True), None)
    except csv.Error:
        return False
    return True


@contextmanager
def _open(path: Path) -> Iterator[TextIO]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        yield stream


def _reader(stream: Iterable[str], separator: str) -> "csv._reader":
    csv.field_size_limit(LONGEST_FIELD)
    return csv.reader(stream, delimiter=separator)
