"""Grant licenses: their terms, and a seat for every unit bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from licensing.history.record import Deed
from licensing.licenses import store
from licensing.licenses.license import License
from licensing.licenses.rules import REMINDED_AFTER, Agreement, Standing, next_turn, status_at
from licensing.licenses.settle import facts_of
from licensing.organizations.snapshots import Buyer, Organization


@dataclass(frozen=True, slots=True)
class Grant:
    """What is granted, to whom, and where it comes from."""

    organization: Organization
    product_code: str
    origin: str
    agreement: Agreement
    first_day: date
    quantity: int
    buyer: Buyer | None
    buyer_email: str | None
    subscription_id: str | None = None
    subscription_number: str | None = None
    invoice_number: str | None = None
    transfer_id: str | None = None
    legacy_id: str | None = None
    ended_reason: str | None = None
    units_total: int | None = None
    units_used: int = 0
    sequence: int = 0


async def grant(tx: Transaction, grants: Sequence[Grant]) -> list[License]:
    """Store the licenses, in the order given, with their seats numbered from 1, in two statements.

    The caller writes down and announces each, on behalf of whoever brought it about.
    """
    if not grants:
        return []
    licenses = await store.add(tx, [_values(tx, wanted) for wanted in grants])
    await store.add_seats(tx, [(license.id, 1, license.quantity) for license in licenses if not license.is_one_off])
    return licenses


def granted(license: License, *, by: str) -> Deed:
    """The deed to write down for a license just granted."""
    return Deed(license.organization_id, license.id, "license.granted", details={"quantity": license.quantity}, by=by)


def _values(tx: Transaction, wanted: Grant) -> dict[str, Any]:
    facts = facts_of(wanted.agreement, time_zone=wanted.organization.time_zone)
    given = Standing(*(facts[name] for name in ("access_from", "assured_until", "access_until", "lapse")))
    used_up = wanted.units_total is not None and wanted.units_used >= wanted.units_total
    return facts | {
        "id": new_id("lic"),
        "organization_id": wanted.organization.id,
        "product_code": wanted.product_code,
        "origin": wanted.origin,
        "subscription_id": wanted.subscription_id,
        "subscription_number": wanted.subscription_number,
        "invoice_number": wanted.invoice_number,
        "transfer_id": wanted.transfer_id,
        "legacy_id": wanted.legacy_id,
        "buyer": None if wanted.buyer is None else wanted.buyer.model_dump(),
        "buyer_email": wanted.buyer_email,
        "first_day": wanted.first_day,
        "ended_reason": wanted.ended_reason,
        "quantity": wanted.quantity,
        "units_total": wanted.units_total,
        "units_used": wanted.units_used,
        "announced": status_at(tx.now, given, units_used_up=used_up),
        "look_again_at": next_turn(tx.now, given),
        "sequence": wanted.sequence,
        "created_at": tx.now,
        "updated_at": tx.now,
        "remind_at": None if wanted.origin == "one_off" else tx.now + REMINDED_AFTER,
    }
