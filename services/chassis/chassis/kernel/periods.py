"""Periods of whole days, both ends inclusive, and the months of a subscription."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_OF = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first_day` to `last_day`, both included; no `last_day` = open end."""

    first_day: date
    last_day: date | None

    def __post_init__(self) -> None:
        if self.last_day is not None and self.last_day < self.first_day:
            raise ValueError("A period cannot end before it starts.")

    def contains(self, day: date) -> bool:
        """Tell whether `day` lies in the period."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def overlaps(self, other: "Period") -> bool:
        """Tell whether the two share at least one day."""
        starts_in_time = other.last_day is None or self.first_day <= other.last_day
        return starts_in_time and (self.last_day is None or other.first_day <= self.last_day)

    @property
    def days(self) -> int | None:
        """How many days; None for an open end."""
        return None if self.last_day is None else (self.last_day - self.first_day).days + 1


def add_months(anchor: date, months: int) -> date:
    """The day `months` after `anchor`, clipped to the month's end (31 January + 1 month = 28 or 29 February)."""
    index = anchor.year * 12 + anchor.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor.day, last))


def term_after(started_on: date, term_end: date, interval: str) -> Period:
    """The term that follows one ending on `term_end`, anchored at the day of `started_on`.

    Anchoring keeps month ends stable: 31 January, 28 February, 31 March (legacy-export rule on later terms).
    """
    first_day = term_end + timedelta(days=1)
    months = MONTHS_OF[interval]
    anchored = _on_anchor_day(add_months(first_day.replace(day=1), months), started_on.day)
    return Period(first_day, anchored - timedelta(days=1))


def _on_anchor_day(month_start: date, day: int) -> date:
    last = calendar.monthrange(month_start.year, month_start.month)[1]
    return month_start.replace(day=min(day, last))
