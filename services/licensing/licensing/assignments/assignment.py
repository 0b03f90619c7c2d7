"""An assignment in memory, as the service's own code passes it around."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel.periods import Period
from licensing.assignments.rules import status_of


@dataclass(frozen=True, slots=True)
class Assignment:
    """One row of the assignments table."""

    id: str
    license_id: str
    organization_id: str
    product_code: str
    seat_no: int
    seat: int
    email: str
    first_day: date
    last_day: date | None
    until_day: date | None
    starts_at: datetime
    ends_at: datetime | None
    state: str
    automatic: bool
    note: str | None
    previous_id: str | None
    created_at: datetime
    created_by: str
    closed_at: datetime | None
    closed_by: str | None
    closed_reason: str | None
    version: int

    @property
    def period(self) -> Period:
        """The days that the seat is really taken."""
        return Period(self.first_day, self.until_day)

    def status_at(self, instant: datetime) -> str:
        """`scheduled`, `active`, `ended` or `deactivated` at `instant`."""
        return status_of(closed_reason=self.closed_reason, starts_at=self.starts_at, ends_at=self.ends_at, now=instant)
