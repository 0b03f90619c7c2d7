"""A license in memory, as the service's own code passes it around."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from licensing.licenses.rules import Agreement, Standing, status_at


@dataclass(frozen=True, slots=True)
class License:
    """One row of the licenses table."""

    id: str
    organization_id: str
    product_code: str
    origin: str
    subscription_id: str | None
    subscription_number: str | None
    invoice_number: str | None
    transfer_id: str | None
    legacy_id: str | None
    buyer: dict[str, Any] | None
    buyer_email: str | None
    starts_on: date
    first_day: date
    last_day: date | None
    renews: bool
    past_due: bool
    grace_until: date | None
    ended_at: datetime | None
    ended_reason: str | None
    quantity: int
    over_quantity: int
    units_total: int | None
    units_used: int
    access_from: datetime
    assured_until: datetime | None
    access_until: datetime | None
    lapse: str
    announced: str
    look_again_at: datetime | None
    sequence: int
    version: int
    created_at: datetime
    updated_at: datetime
    remind_at: datetime | None

    @property
    def agreement(self) -> Agreement:
        """The facts that decide about access."""
        return Agreement(
            starts_on=self.starts_on,
            last_day=self.last_day,
            renews=self.renews,
            past_due=self.past_due,
            grace_until=self.grace_until,
            ended_at=self.ended_at,
        )

    @property
    def standing(self) -> Standing:
        """The instants that the facts amount to."""
        return Standing(self.access_from, self.assured_until, self.access_until, self.lapse)

    @property
    def is_one_off(self) -> bool:
        """Whether it came from a legacy purchase that does not renew."""
        return self.origin == "one_off"

    def status_at(self, instant: datetime) -> str:
        """The status at `instant`."""
        used_up = self.units_total is not None and self.units_used >= self.units_total
        return status_at(instant, self.standing, units_used_up=used_up)
