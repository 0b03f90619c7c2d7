"""What licensing reads of the shop's news about a transfer; everything else is ignored."""

from datetime import date

from chassis.facts import Fact
from licensing.organizations.snapshots import Buyer, Organization


class OneOff(Fact):
    """A legacy purchase that does not renew: usable until its last day, or until its units are used up."""

    legacy_id: str
    product_code: str
    product_name: dict[str, str] = {}
    quantity: int = 1
    first_day: date
    last_day: date | None = None
    units_total: int | None = None
    units_used: int | None = None
    applications: list[str] = []


class TransferNews(Fact):
    """Any event about a transfer."""

    transfer_id: str
    organization: Organization
    buyer: Buyer
    one_offs: list[OneOff] = []
