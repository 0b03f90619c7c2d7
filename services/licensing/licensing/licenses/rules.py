"""What a license gives at an instant, decided from its facts alone.

Access is derived from days and instants each time it is asked for; no timer grants or withdraws it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chassis.kernel.clock import start_of_day

SUSPENDED = "license_suspended"
ENDED = "license_ended"
ONE_DAY = timedelta(days=1)
REMINDED_AFTER = timedelta(days=7)
"""After the grant of a license: seats that still wait for somebody then are worth a reminder."""
EXPIRING_WITHIN = timedelta(days=30)
"""Before the end of what does not renew: worth a notice, and a mail."""
RENEWAL_MARGIN = timedelta(days=7)
"""How long access goes on, as `grace`, after a term whose renewal is under way: a direct debit takes days to settle."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The facts that a license's access depends on. Days are days in the organization's time zone.

    `renews`: another term follows by itself. `last_day` None: no expiry (a one-off license bought without one).
    """

    starts_on: date
    last_day: date | None
    renews: bool
    past_due: bool = False
    grace_until: date | None = None
    ended_at: datetime | None = None

    def ending_at(self, instant: datetime) -> "Agreement":
        """The same agreement, ended at `instant`."""
        return replace(self, renews=False, ended_at=instant)


@dataclass(frozen=True, slots=True)
class Standing:
    """The instants between which access is given: `assigned` until `assured_until`, `grace` until `access_until`.

    None means no end. `lapse` is the reason once access is over.
    """

    access_from: datetime
    assured_until: datetime | None
    access_until: datetime | None
    lapse: str


def standing(agreement: Agreement, *, time_zone: str) -> Standing:
    """Turn the agreement's days into instants.

    A renewing license goes on for RENEWAL_MARGIN after its term while the renewal is being paid; a payment that failed
    gives the days until `grace_until`; an ended subscription gives nothing from that instant on.
    """
    access_from = start_of_day(agreement.starts_on, time_zone)
    if agreement.past_due:
        last_day = agreement.grace_until or agreement.last_day
        assured, until, lapse = access_from, _end_of(last_day, time_zone), SUSPENDED
    elif agreement.renews and agreement.last_day is not None:
        assured = _end_of(agreement.last_day, time_zone)
        until = _end_of(agreement.last_day + RENEWAL_MARGIN, time_zone)
        lapse = SUSPENDED
    else:
        assured = until = _end_of(agreement.last_day, time_zone)
        lapse = ENDED
    if agreement.ended_at is not None:
        until = agreement.ended_at if until is None else min(until, agreement.ended_at)
        assured = until if assured is None else min(assured, until)
        lapse = ENDED
    return Standing(access_from, assured, until, lapse)


def notices(now: datetime, given: Standing, *, status: str, quantity: int, free: int) -> list[str]:
    """What whoever manages the license should see at a glance: `seats_low`, `seats_waiting`, `expiring`.

    A license with one seat is never low: that its seat is taken is what it is for.
    """
    if status not in ("active", "grace", "scheduled"):
        return []
    until = given.access_until
    is_expiring = until is not None and given.lapse == ENDED and until - now <= EXPIRING_WITHIN
    found = {"seats_low": quantity > 1 and free == 0, "seats_waiting": free > 0, "expiring": is_expiring}
    return [name for name, is_so in found.items() if is_so]


def status_at(instant: datetime, given: Standing, *, units_used_up: bool = False) -> str:
    """`scheduled`, `active`, `grace`, `suspended`, `ended` or `used_up`."""
    if given.access_until is not None and instant >= given.access_until:
        return "suspended" if given.lapse == SUSPENDED else "ended"
    if units_used_up:
        return "used_up"
    if instant < given.access_from:
        return "scheduled"
    if given.assured_until is not None and instant >= given.assured_until:
        return "grace"
    return "active"


def next_turn(instant: datetime, given: Standing) -> datetime | None:
    """The next instant at which the status changes by itself; None when it never does."""
    turns = (given.access_from, given.assured_until, given.access_until)
    ahead = [turn for turn in turns if turn is not None and turn > instant]
    return min(ahead, default=None)


def last_possible_day(agreement: Agreement) -> date | None:
    """The last day that an open-ended assignment can reach; None while terms follow one another."""
    return None if agreement.renews and agreement.ended_at is None else agreement.last_day


def _end_of(last_day: date | None, time_zone: str) -> datetime | None:
    return None if last_day is None else start_of_day(last_day + ONE_DAY, time_zone)
