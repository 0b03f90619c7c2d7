"""Which kinds of mail there are, and which of them a person may switch off."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """A kind of mail, as a person chooses."""

    code: str
    name: str
    description: str
    is_mandatory: bool
    is_enabled_at_first: bool = True
    part_of: str | None = None
    """A kind that has to be wanted, too."""


CATEGORIES = (
    Category("account", "Account", "Activation, recovery and changes of your account.", is_mandatory=True),
    Category("transfer", "Transfer", "The move of your organization to the new shop.", is_mandatory=True),
    Category("license", "Licenses", "Invitations to products, and changes of your access.", is_mandatory=True),
    Category("order", "Orders", "Orders, renewals, payments and subscriptions.", is_mandatory=True),
    Category("service", "Hints", "Reminders about your licenses: those you choose below.", is_mandatory=False),
    Category(
        "seats_low", "No free seat", "The last free seat of a license was given.", is_mandatory=False, part_of="service"
    ),
    Category(
        "seats_waiting",
        "Seats without users",
        "A week after the purchase or the transfer, seats still wait for somebody.",
        is_mandatory=False,
        is_enabled_at_first=False,
        part_of="service",
    ),
    Category(
        "license_expiring",
        "A license is about to end",
        "Thirty days before the end of a license that does not renew.",
        is_mandatory=False,
        part_of="service",
    ),
    Category("marketing", "News", "News about products and offers.", is_mandatory=False, is_enabled_at_first=False),
)
BY_CODE = {category.code: category for category in CATEGORIES}


def is_wanted(code: str, chosen: Mapping[str, bool]) -> bool:
    """Whether mails of a kind are sent to somebody who has chosen so: it, and the kind that it is part of."""
    category = BY_CODE[code]
    if category.is_mandatory:
        return True
    own = chosen.get(code, category.is_enabled_at_first)
    return own and (category.part_of is None or is_wanted(category.part_of, chosen))
