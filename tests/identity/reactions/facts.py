"""What the shop and licensing say, as they say it."""

from typing import Any

from chassis.kernel.ids import new_id
from tests.identity.people import an_address


def a_transfer(**said: Any) -> dict[str, Any]:
    """One organization's move, as `shop.transfer.transferred.v1` carries it."""
    return {
        "transfer_id": new_id("trf"),
        "wave_id": new_id("wav"),
        "organization": {
            "id": new_id("org"),
            "name": "Ancienne SARL",
            "locale": "fr",
            "time_zone": "Europe/Paris",
            "country": "FR",
            "region": "FR",
        },
        "legacy_customer_id": "4711",
        "buyer": {"email": an_address("buyer"), "first_name": "Anne", "last_name": "Ancienne", "locale": "fr"},
        "transfer_on": "2027-02-05",
        "revision": 1,
        "transferred_at": "2027-02-05T00:00:00Z",
        "customer": {
            "vat_id": "FR12345678901",
            "street": "1 rue",
            "postal_code": "75001",
            "city": "Paris",
            "phone": None,
        },
        "subscriptions": [],
        "one_offs": [],
    } | said


def a_grant(organization_id: str, reason: str = "assigned", **said: Any) -> dict[str, Any]:
    """The right to use a product."""
    return {
        "organization_id": organization_id,
        "license_id": new_id("lic"),
        "assignment_id": None,
        "reason": reason,
        "valid_from": "2027-01-01T00:00:00Z",
        "valid_until": None,
    } | said


def an_assignment(email: str, organization_id: str) -> dict[str, Any]:
    """A seat given to a colleague, as `licensing.assignment.created.v1` carries it."""
    return {
        "assignment": {
            "id": new_id("asg"),
            "license_id": new_id("lic"),
            "organization_id": organization_id,
            "product_code": "catalog",
            "email": email,
            "first_day": "2027-02-05",
            "last_day": None,
            "seat": 2,
            "status": "active",
        },
        "product_name": {"en": "Catalog"},
        "organization": {
            "id": organization_id,
            "name": "X",
            "locale": "it",
            "time_zone": "Europe/Rome",
            "country": "IT",
        },
        "notify": True,
        "automatic": False,
        "actor": "user:acc_x",
    }
