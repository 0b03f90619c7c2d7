"""When a customer hears of the transfer and when it happens: days in the customer's own time zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chassis.kernel.clock import day_of, start_of_day

ANNOUNCED_DAYS_BEFORE = 14
REMINDED_DAYS_BEFORE = 1
ACTIVATION_REMINDED_DAYS_AFTER = (3, 10)
SETTLED_DAYS_AFTER = 30


@dataclass(frozen=True, slots=True)
class Calendar:
    """The instants of one transfer."""

    transfer_on: date
    time_zone: str

    @property
    def announce_at(self) -> datetime:
        """Two weeks before, as the day begins."""
        return self._start(-ANNOUNCED_DAYS_BEFORE)

    @property
    def remind_at(self) -> datetime:
        """The day before, as it begins."""
        return self._start(-REMINDED_DAYS_BEFORE)

    @property
    def execute_at(self) -> datetime:
        """The day of the transfer, as it begins."""
        return self._start(0)

    def is_short_notice(self, now: datetime) -> bool:
        """Tell whether fewer than two weeks are left."""
        return day_of(now, self.time_zone) > self.transfer_on - timedelta(days=ANNOUNCED_DAYS_BEFORE)

    def today(self, now: datetime) -> date:
        """The day it is at the customer's."""
        return day_of(now, self.time_zone)

    def _start(self, days: int) -> datetime:
        return start_of_day(self.transfer_on + timedelta(days=days), self.time_zone)


def activation_reminder_at(transferred_at: datetime, reminders_sent: int) -> datetime | None:
    """When the next reminder to activate the account is due; None when all were sent."""
    if reminders_sent >= len(ACTIVATION_REMINDED_DAYS_AFTER):
        return None
    return transferred_at + timedelta(days=ACTIVATION_REMINDED_DAYS_AFTER[reminders_sent])


def settles_at(transferred_at: datetime) -> datetime:
    """When a transfer without any renewal due counts as settled."""
    return transferred_at + timedelta(days=SETTLED_DAYS_AFTER)


def next_look_at(
    now: datetime, *, transferred_at: datetime, reminders: int, is_active: bool, is_settled: bool
) -> datetime | None:
    """When a transferred customer is looked at next; None when only an event can bring news."""
    reminder_at = None if is_active else activation_reminder_at(transferred_at, reminders)
    settling_at = None if is_settled else settles_at(transferred_at)
    return min((at for at in (reminder_at, settling_at) if at is not None and at > now), default=None)
