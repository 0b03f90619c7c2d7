"""What licensing reads of the shop's news about a subscription; everything else is ignored."""

from datetime import date, datetime

from chassis.facts import Fact
from chassis.kernel.emails import InvalidEmail, normalize_email
from licensing.licenses.rules import Agreement
from licensing.organizations.snapshots import Buyer, Organization


class TermFact(Fact):
    """The term that is paid for."""

    first_day: date
    last_day: date


class Subscription(Fact):
    """The subscription as it is after the change: every event carries all of it."""

    id: str
    number: str | None = None
    organization_id: str
    product_code: str
    product_name: dict[str, str] = {}
    applications: list[str] = []
    quantity: int
    status: str
    term: TermFact
    cancel_at_term_end: bool = False
    grace_until: date | None = None
    origin: str = "new"
    transfer_id: str | None = None

    @property
    def is_ended(self) -> bool:
        """Whether it is over for good."""
        return self.status == "ended"

    @property
    def pool(self) -> tuple[str, str]:
        """Whose licenses of which product it belongs to."""
        return self.organization_id, self.product_code

    def agreement(self, *, starts_on: date | None, ended_at: datetime | None) -> Agreement:
        """What access depends on; `starts_on` and `ended_at` are what is known of it already."""
        is_past_due = self.status == "past_due"
        return Agreement(
            starts_on=self.term.first_day if starts_on is None else min(starts_on, self.term.first_day),
            last_day=self.term.last_day,
            renews=not self.cancel_at_term_end and not self.is_ended,
            past_due=is_past_due,
            grace_until=self.grace_until if is_past_due else None,
            ended_at=ended_at if self.is_ended else None,
        )


class SubscriptionNews(Fact):
    """Any event about a subscription."""

    subscription: Subscription
    organization: Organization
    buyer: Buyer | None = None
    invoice_number: str | None = None
    release: list[str] | None = None
    ended_reason: str | None = None

    @property
    def buyer_email(self) -> str | None:
        """The buyer's address, normalized; None for something that is no address."""
        try:
            return None if self.buyer is None else normalize_email(self.buyer.email)
        except InvalidEmail:
            return None
