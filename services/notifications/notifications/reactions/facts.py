"""What several events have in common, as far as mails need it."""

from datetime import date

from chassis.facts import Fact
from notifications.messages.queue import Recipient

Texts = dict[str, str]


class Org(Fact):
    """The organization that an event is about."""

    id: str
    name: str
    locale: str = "en"
    time_zone: str = "UTC"


class Buyer(Fact):
    """The person who owns the organization's account."""

    email: str
    first_name: str | None = None
    last_name: str | None = None
    locale: str | None = None

    @property
    def name(self) -> str | None:
        """First and last name, as far as they are known."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None


class Money(Fact):
    """An amount in minor units."""

    amount: int
    currency: str


class Term(Fact):
    """Days, both inclusive."""

    first_day: date
    last_day: date | None = None


def to_buyer(buyer: Buyer, organization: Org) -> Recipient:
    """The buyer as the recipient of a mail, in their own language or else their organization's."""
    return Recipient(email=buyer.email, name=buyer.name, locale=buyer.locale or organization.locale)
