"""Terms, proration, retries: what a subscription does when, decided without a database."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from chassis.kernel.money import round_half_up
from chassis.kernel.periods import MONTHS_OF, Period, add_months

RETRY_AFTER_DAYS = (1, 3, 7, 14)
ENDS_UNPAID_AFTER_DAYS = 28
"""Until then a payment brings everything back: the licenses are suspended, and keep their assignments."""
HELD_ACCESS_DAYS = 30
DIFFERS = "amount_differs_from_dry_run"
MOST_SEATS = 100_000


def first_term(started_on: date, interval: str) -> Period:
    """The days that the first payment buys: until the day before the same day of the next month or year."""
    return Period(started_on, add_months(started_on, MONTHS_OF[interval]) - timedelta(days=1))


def day_after_term(term: Period) -> date:
    """The renewal day: the day after a term's last one."""
    if term.last_day is None:
        raise ValueError("A term has an end.")
    return term.last_day + timedelta(days=1)


def prorated(*, unit_price: int, seats: int, term_first_day: date, term_last_day: date, today: date) -> int:
    """What more seats cost for the rest of the term, today included: whole-term price x days left / days of the term.

    Rounded once, half up, over all the seats.
    """
    days = (term_last_day - term_first_day).days + 1
    left = min(days, max(0, (term_last_day - today).days + 1))
    return round_half_up(Fraction(unit_price * seats * left, days))


@dataclass(frozen=True, slots=True)
class Dunning:
    """What follows a failed attempt: the day of the next one (None: it was the last), the last day of access, and the
    day on which the subscription ends if nobody pays.
    """

    next_retry_on: date | None
    grace_until: date
    ends_unpaid_on: date

    @property
    def look_again_on(self) -> date:
        """The day of the next step: the next attempt, or after the last one the end."""
        return self.next_retry_on or self.ends_unpaid_on

    def is_over(self, today: date) -> bool:
        """Whether nothing is left but to end."""
        return today >= self.ends_unpaid_on


def after_failure(*, past_due_since: date, today: date) -> Dunning:
    """What follows an attempt that failed `today`, the first one having failed on `past_due_since`.

    Attempts that a customer brings about by another payment method use up none of the retry days. Access goes on to the
    end of the last of them: nobody is locked out while a payment may still come.
    """
    retries = [past_due_since + timedelta(days=days) for days in RETRY_AFTER_DAYS]
    return Dunning(
        next_retry_on=next((day for day in retries if day > today), None),
        grace_until=retries[-1],
        ends_unpaid_on=past_due_since + timedelta(days=ENDS_UNPAID_AFTER_DAYS),
    )


def must_be_held(*, expected_net: int | None, net: int, customer_is_held: bool) -> str | None:
    """Why a renewal waits for an operator instead of being charged; None when it may go on.

    `expected_net` is what the dry run of the transfer promised for the first renewal; None once it is kept, or when
    the customer has changed the quantity since.
    """
    if customer_is_held:
        return "customer_on_hold"
    if expected_net is not None and expected_net != net:
        return DIFFERS
    return None
