"""The dates of WooCommerce's export: the date part as written (UTC), `0` = none, and the term they mean."""

from dataclasses import dataclass
from datetime import date, timedelta

from chassis.kernel.periods import add_months
from shop.transfers.rules import values

MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class WrittenTerm:
    """The canonical dates of a subscription as text; what cannot be read stays as it was written."""

    started_on: str
    term_start: str
    term_end: str
    next_renewal_on: str


def date_part(text: str) -> str:
    """The calendar day of `2027-01-05 10:00:00`; empty for `0` and for nothing."""
    text = text.strip()
    return "" if text in ("", "0") else text[:10]


def interval_of(period: str, number: str) -> str:
    """`month`, `year`, or what was written when it is neither."""
    match period.strip().lower(), number.strip() or "1":
        case "month", "1":
            return "month"
        case ("month", "12") | ("year", "1"):
            return "year"
        case _:
            return f"{number.strip()} {period.strip()}".strip()


def term_of(*, start: str, next_payment: str, end: str, interval: str) -> WrittenTerm:
    """The running term: it ends the day before the next payment, and began one interval earlier."""
    renews = values.day(next_payment)
    term_end = renews - timedelta(days=1) if renews else values.day(end)
    started_on = values.day(start)
    term_start = ""
    if term_end is not None and started_on is not None:
        first_day = _one_interval_before(term_end + timedelta(days=1), started_on, MONTHS.get(interval, 1))
        term_start = first_day.isoformat()
    return WrittenTerm(
        started_on=start,
        term_start=term_start,
        term_end=term_end.isoformat() if term_end else next_payment or end,
        next_renewal_on=next_payment,
    )


def _one_interval_before(renewal: date, started_on: date, months: int) -> date:
    """The same interval earlier on the day of the month on which it all began, clipped to the month's end."""
    anchor = date(2000, 1, started_on.day)
    months_since = (renewal.year - anchor.year) * 12 + renewal.month - anchor.month - months
    return add_months(anchor, months_since)
