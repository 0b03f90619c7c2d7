"""Which holders of a license's seats are shown, in which order, and on which page: one question to licensing each."""

from dataclasses import dataclass, replace
from typing import Any

from gateway.pages.visit import Visit, items_of

PER_PAGE = 50
MOST_PAGES = 20_000
LONGEST_TEXT = 320
LARGEST_SEAT = 2**31 - 1
WHEN = {"current": "current_and_future", "active": "current", "scheduled": "future", "past": "past", "all": None}
SORTS = ("email", "-email", "first_day", "-first_day", "last_day", "-last_day", "seat", "-seat")


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
        number = _number(seat, most=LARGEST_SEAT)
        return cls(
            show=show if show in WHEN else "current",
            text=text.strip()[:LONGEST_TEXT],
            seat=str(number) if number else "",
            sort=sort if sort in SORTS else "email",
            page=_number(page, most=MOST_PAGES) or 1,
        )

    @property
    def question(self) -> dict[str, Any]:
        """The same, as licensing is asked for it."""
        return {
            "when": WHEN[self.show],
            "search": self.text or None,
            "seat": self.seat or None,
            "sort": self.sort,
            "skip": (self.page - 1) * PER_PAGE or None,
            "limit": PER_PAGE,
        }


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the list."""

    rows: list[dict[str, Any]]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many there are; an empty list is one empty page."""
        return max(-(-self.total // PER_PAGE), 1)

    @property
    def first(self) -> int:
        """The number of the first row shown; 0 where there is none."""
        return (self.page - 1) * PER_PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0


async def sheet_of(visit: Visit, license_id: str, wish: Wish) -> Sheet:
    """The rows the reader asked for; a page beyond the end is the last one."""
    answer = await visit.get(f"/licenses/{license_id}/assignments", **wish.question)
    sheet = Sheet(items_of(answer), answer["total"], wish.page)
    if wish.page > sheet.pages:
        return await sheet_of(visit, license_id, replace(wish, page=sheet.pages))
    return sheet


def _number(text: str, *, most: int) -> int | None:
    if not text.isdecimal() or len(text) > 10:
        return None
    return min(max(int(text), 1), most)
