"""The dates of a subscription as the new shop will carry them on."""

from dataclasses import dataclass
from datetime import date, timedelta

from chassis.kernel.periods import term_after
from shop.transfers.rules import values
from shop.transfers.rules.rows import Subscription


@dataclass(frozen=True, slots=True)
class Term:
    """The running term, the day of the next renewal, and the renewal after that."""

    started_on: date
    first_day: date
    last_day: date
    next_renewal_on: date
    renewal_after_that: date


def term_of(subscription: Subscription) -> Term | None:
    """The term, or None when its dates do not fit together or cannot be read."""
    if wrong_column(subscription) is not None or subscription.interval not in ("month", "year"):
        return None
    started_on, first_day, last_day = _days(subscription)
    assert started_on is not None
    assert first_day is not None
    assert last_day is not None
    following = term_after(started_on, last_day, subscription.interval)
    assert following.last_day is not None
    return Term(
        started_on=started_on,
        first_day=first_day,
        last_day=last_day,
        next_renewal_on=following.first_day,
        renewal_after_that=following.last_day + timedelta(days=1),
    )


def wrong_column(subscription: Subscription) -> str | None:
    """The first column that makes the term invalid, or None."""
    started_on, first_day, last_day = _days(subscription)
    if started_on is None:
        return "started_on"
    if first_day is None:
        return "term_start"
    if last_day is None or last_day < first_day or last_day.year > 9990:
        return "term_end"
    renews = subscription.next_renewal_on
    if renews and values.day(renews) != last_day + timedelta(days=1):
        return "next_renewal_on"
    return None


def _days(subscription: Subscription) -> tuple[date | None, date | None, date | None]:
    return (
        values.day(subscription.started_on),
        values.day(subscription.term_start),
        values.day(subscription.term_end),
    )
