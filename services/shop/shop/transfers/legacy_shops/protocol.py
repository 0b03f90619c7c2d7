"""What the transfer needs from a legacy shop, whatever its export looks like."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shop.transfers.rules.codes import Finding

Bundle = Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One record in canonical form: `values` in the order of the file's known columns, trimmed.

    `line` is where the record begins in the file it was read from.
    """

    file: str
    line: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A file, or a column of a file, without which nothing can be imported."""

    file: str
    column: str | None


class LegacyShop(Protocol):
    """Reads an export. It never writes to the legacy shop: what must stop there is a list for its operators."""

    source: str

    def missing(self, bundle: Bundle) -> list[Missing]:
        """The files and columns that the export lacks; an empty list means it can be read."""
        ...

    def read(self, bundle: Bundle) -> Iterator[ReadRow | Finding]:
        """Every usable record in canonical form, and a finding for everything that cannot be used."""
        ...

    def place(self, file: str, column: str) -> tuple[str, str]:
        """The file and column, as the operator knows them, behind a canonical file and column."""
        ...
