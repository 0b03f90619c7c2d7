"""Which holders of a license's seats are shown, in which order, and on which page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

PER_PAGE = 50
CURRENT = frozenset({"active", "scheduled"})
SHOWN = ("current", "active", "scheduled", "past", "all")
SORTS = ("email", "-email", "first_day", "-first_day", "last_day", "-last_day", "seat", "-seat")
OPEN_END = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader of the list asked for; anything unknown falls back to the usual."""

    show: str
    text: str
    seat: str
    sort: str
    page: int

    @classmethod
    def of(cls, *, show: str, text: str, seat: str, sort: str, page: str) -> "Wish":
        """From the parameters of the address."""
        return cls(
            show=show if show in SHOWN else "current",
            text=text.strip().casefold(),
            seat=seat if seat.isdigit() else "",
            sort=sort if sort in SORTS else "email",
            page=max(int(page), 1) if page.isdigit() else 1,
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the list."""

    rows: list[dict[str, Any]]
    total: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        """The number of the first row shown; 0 where there is none."""
        return (self.page - 1) * PER_PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0


def sheet_of(assignments: Iterable[dict[str, Any]], wish: Wish) -> Sheet:
    """The rows the reader asked for; a page beyond the end is the last one."""
    found = sorted((row for row in assignments if _is_wanted(row, wish)), key=lambda row: _key(row, wish.sort))
    if wish.sort.startswith("-"):
        found.reverse()
    pages = max(-(-len(found) // PER_PAGE), 1)
    page = min(wish.page, pages)
    return Sheet(found[(page - 1) * PER_PAGE : page * PER_PAGE], len(found), page, pages)


def _is_wanted(row: dict[str, Any], wish: Wish) -> bool:
    status = row.get("status")
    match wish.show:
        case "current":
            fits = status in CURRENT
        case "active":
            fits = status in CURRENT and status != "scheduled"
        case "past":
            fits = status not in CURRENT
        case "scheduled":
            fits = status == "scheduled"
        case _:
            fits = True
    if wish.seat and str(row.get("seat")) != wish.seat:
        return False
    return fits and wish.text in str(row.get("email") or "").casefold()


def _key(row: dict[str, Any], sort: str) -> tuple[Any, str]:
    name = sort.removeprefix("-")
    value: Any = row.get(name) or (OPEN_END if name == "last_day" else "")
    if name == "seat":
        value = int(value or 0)
    return value, str(row.get("id"))
