"""What licensing reads of the shop's news about a subscription; everything else is ignored."""

from datetime import date

from chassis.facts import Fact
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


class SubscriptionNews(Fact):
    """Any event about a subscription."""

    subscription: Subscription
    organization: Organization
    buyer: Buyer | None = None
    invoice_number: str | None = None
    release: list[str] | None = None
    ended_reason: str | None = None
