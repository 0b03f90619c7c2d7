"""CSV as shops write it: byte-order mark, `,` or `;`, CRLF, line breaks in fields, any order of columns."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

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
    """Every record after the header, blank ones left out. A record that cannot be read has a `problem`."""
    width = len(header.names)
    with _open(path) as stream:
        reader = _reader(stream, header.separator)
        next(reader, None)
        while True:
            line = reader.line_num + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Record(line, [], "unreadable_row")
                continue
            if not fields or not any(field.strip() for field in fields):
                continue
            if len(fields) > width and any(field.strip() for field in fields[width:]):
                yield Record(line, fields, "unreadable_row")
            else:
                yield Record(line, fields)


@contextmanager
def _open(path: Path) -> Iterator[TextIO]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        yield stream


def _reader(stream: TextIO, separator: str) -> "csv._reader":
    csv.field_size_limit(LONGEST_FIELD)
    return csv.reader(stream, delimiter=separator)
