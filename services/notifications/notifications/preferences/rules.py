"""Which kinds of mail there are, and which of them a person may switch off."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """A kind of mail, as a person chooses."""

    code: str
    name: str
    description: str
    is_mandatory: bool
    is_enabled_at_first: bool = True


CATEGORIES = (
    Category("account", "Account", "Activation, recovery and changes of your account.", is_mandatory=True),
    Category("transfer", "Transfer", "The move of your organization to the new shop.", is_mandatory=True),
    Category("license", "Licenses", "Invitations to products, and changes of your access.", is_mandatory=True),
    Category("order", "Orders", "Orders, renewals, payments and subscriptions.", is_mandatory=True),
    Category("service", "Hints", "Reminders such as few free seats or a license about to end.", is_mandatory=False),
    Category("marketing", "News", "News about products and offers.", is_mandatory=False, is_enabled_at_first=False),
)
