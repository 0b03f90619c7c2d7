"""Events as the other services publish them, with everything in them that a mail may need."""

from datetime import UTC, datetime
from typing import Any

from chassis.facts import Envelope
from chassis.kernel.ids import uuid7

ORGANIZATION = {
    "id": "org_1",
    "name": "Garage Martin SARL",
    "locale": "fr",
    "time_zone": "Europe/Paris",
    "country": "FR",
    "region": "eu",
}
BUYER = {"email": "claire@garage-martin.example", "first_name": "Claire", "last_name": "Martin", "locale": "fr"}
PRODUCT_NAME = {"en": "Repair Manual", "fr": "Manuel de réparation", "de": "Reparaturhandbuch", "it": "Manuale"}


def transfer(transfer_id: str = "trf_1", **more: Any) -> dict[str, Any]:
    """What every event of a transfer says."""
    return {
        "transfer_id": transfer_id,
        "wave_id": "wav_1",
        "organization": ORGANIZATION,
        "legacy_customer_id": "C-1",
        "buyer": BUYER,
        "transfer_on": "2026-12-09",
        "revision": 1,
        "previous_transfer_on": None,
    } | more


def announced(transfer_id: str = "trf_1", **more: Any) -> dict[str, Any]:
    """`shop.transfer.announced.v1`."""
    return transfer(transfer_id, short_notice=False, subscriptions_count=2, seats_count=5, **more)


def reminder_due(transfer_id: str = "trf_1", **more: Any) -> dict[str, Any]:
    """`shop.transfer.reminder_due.v1`."""
    products = [{"product_code": "manual", "product_name": PRODUCT_NAME, "quantity": 4}]
    return transfer(transfer_id, products=products, **more)


def transferred(transfer_id: str = "trf_1", **more: Any) -> dict[str, Any]:
    """`shop.transfer.transferred.v1`."""
    subscription = {
        "id": "sub_1",
        "number": "S-48213",
        "product_code": "manual",
        "product_name": PRODUCT_NAME,
        "quantity": 4,
        "last_day": "2027-03-31",
    }
    one_off = {
        "legacy_id": "L-7",
        "product_code": "vin-lookups",
        "quantity": 1,
        "first_day": "2026-01-01",
        "last_day": None,
        "units_total": 500,
        "units_used": 80,
        "applications": [],
    }
    facts = {
        "transferred_at": "2026-12-08T23:00:05Z",
        "customer": {"vat_id": None, "street": "", "postal_code": "", "city": "", "phone": ""},
        "subscriptions": [subscription],
        "one_offs": [one_off],
    }
    return transfer(transfer_id, **(facts | more))


def assignment(assignment_id: str = "asg_1", **more: Any) -> dict[str, Any]:
    """Any event about an assignment."""
    body = {
        "id": assignment_id,
        "license_id": "lic_1",
        "organization_id": "org_1",
        "product_code": "manual",
        "email": "luc@garage-martin.example",
        "first_day": "2026-11-25",
        "last_day": "2027-03-31",
        "seat": 2,
        "status": "active",
    }
    facts = {
        "assignment": body,
        "product_name": PRODUCT_NAME,
        "organization": ORGANIZATION,
        "notify": True,
        "automatic": False,
        "actor": "user:acc_1",
    }
    return facts | more


def account(**more: Any) -> dict[str, Any]:
    """Any event about an account."""
    facts = {"account_id": "acc_9", "email": "eva@garage-martin.example", "locale": "de-AT", "name": "Eva Maier"}
    return facts | {"organization_id": "org_1", "reason": "member"} | more


def envelope(event_type: str, data: dict[str, Any], *, subject: str, sequence: int = 1) -> Envelope:
    """An event as it arrives, for those that are handed to a reaction directly."""
    return Envelope(
        id=str(uuid7()),
        source=f"/{event_type.partition('.')[0]}",
        type=event_type,
        subject=subject,
        time=datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
        sequence=sequence,
        data=data,
    )
