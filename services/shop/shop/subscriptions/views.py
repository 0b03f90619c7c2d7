"""A subscription as code passes it around."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from shop.subscriptions.errors import NotBilledHere, SubscriptionEndedAlready
from shop.subscriptions.rules import after_failure


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """A subscription; the names are those of the columns."""

    id: str
    number: str
    organization_id: str
    product_code: str
    quantity: int
    interval: str
    unit_price_minor: int
    currency: str
    tax_mode: str
    started_on: date
    term_first_day: date
    term_last_day: date
    next_renewal_on: date
    status: str
    cancel_at_term_end: bool
    pending_quantity: int | None
    pending_release: list[str] | None
    payment_method_id: str | None
    billing_owner: str
    fence: int
    origin: str
    transfer_id: str | None
    legacy_id: str | None
    invoice_number: str | None
    order_id: str | None
    renewal_order_id: str | None
    expected_renewal_minor: int | None
    held_reason: str | None
    past_due_since: date | None
    grace_until: date | None
    failed_attempts: int
    due_at: datetime | None
    ended_reason: str | None
    ended_at: datetime | None
    created_at: datetime

    @property
    def renewal_quantity(self) -> int:
        """How many seats the next term has."""
        return self.pending_quantity or self.quantity

    @property
    def ends_unpaid_on(self) -> date | None:
        """The day on which it ends if the outstanding renewal is not paid."""
        since = self.past_due_since
        return None if since is None else after_failure(past_due_since=since, today=since).ends_unpaid_on

    def require_live(self) -> None:
        """Raise SubscriptionEndedAlready or NotBilledHere unless it can be changed here."""
        if self.status == "ended":
            raise SubscriptionEndedAlready
        if self.billing_owner != "new_shop":
            raise NotBilledHere


NAMES = tuple(field.name for field in fields(SubscriptionView))


def view_of(row: Row[Any]) -> SubscriptionView:
    """The view of a stored row."""
    return SubscriptionView(*[getattr(row, name) for name in NAMES])
