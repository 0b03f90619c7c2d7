"""Take over subscriptions of the old shop: same number, term, price and renewal day; nothing is charged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.clock import start_of_day
from chassis.kernel.ids import new_id
from shop.catalog.queries import CatalogSnapshot, snapshot
from shop.parties import Buyer, Org
from shop.subscriptions import store
from shop.subscriptions.announce import announce
from shop.subscriptions.events import SubscriptionTransferred


@dataclass(frozen=True, slots=True)
class AdoptedSubscription:
    """A subscription as the old shop's export has it. `payment_method_id` is ours; the unit price is net.

    `expected_renewal_minor`: the net amount that the dry run promised for the first renewal; the first renewal is held
    when it would charge anything else. Default: quantity x unit price.
    """

    legacy_id: str
    number: str
    product_code: str
    quantity: int
    interval: str
    unit_price_minor: int
    currency: str
    started_on: date
    term_first_day: date
    term_last_day: date
    next_renewal_on: date
    payment_method_id: str | None
    invoice_number: str | None
    transfer_id: str
    expected_renewal_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Adoption:
    """What one organization brings."""

    organization: Org
    buyer: Buyer
    subscriptions: Sequence[AdoptedSubscription]


async def adopt(
    tx: Transaction,
    *,
    organization: Org,
    buyer: Buyer,
    subscriptions: Sequence[AdoptedSubscription],
    billing_owner: str,
    catalog: CatalogSnapshot | None = None,
) -> dict[str, str]:
    """Store one organization's subscriptions; answers our id for each legacy id. See `adopt_all`."""
    adoption = Adoption(organization, buyer, subscriptions)
    return (await adopt_all(tx, [adoption], billing_owner=billing_owner, catalog=catalog))[organization.id]


async def adopt_all(
    tx: Transaction,
    adoptions: Sequence[Adoption],
    *,
    billing_owner: str,
    catalog: CatalogSnapshot | None = None,
) -> dict[str, dict[str, str]]:
    """Store the subscriptions of several organizations; answers our ids by organization and legacy id.

    A second time changes nothing. With `billing_owner="none"` nobody bills them until `take_over`; with `new_shop`
    they are billed here at once and announced. Those that a roll-back had ended come back under the next fence.
    `catalog` saves reading it again.
    """
    of_organization = {adoption.organization.id: adoption for adoption in adoptions}
    ids: dict[str, dict[str, str]] = {organization_id: {} for organization_id in of_organization}
    rows = [_row(tx, each.organization, item, billing_owner) for each in adoptions for item in each.subscriptions]
    if not rows:
        return ids
    stored = await store.upsert_adopted(tx, rows)
    if billing_owner == "new_shop" and stored:
        catalog = catalog or await snapshot(tx)
        for subscription in stored:
            adoption = of_organization[subscription.organization_id]
            announce(
                tx,
                SubscriptionTransferred,
                subscription,
                catalog=catalog,
                organization=adoption.organization,
                buyer=adoption.buyer,
            )
    for organization_id, legacy_id, subscription_id in await store.legacy_ids_of(tx, list(ids)):
        ids[organization_id][legacy_id] = subscription_id
    return ids


def _row(tx: Transaction, organization: Org, item: AdoptedSubscription, billing_owner: str) -> dict[str, Any]:
    is_billed_here = billing_owner == "new_shop"
    expected = item.expected_renewal_minor
    return {
        "id": new_id("sub"),
        "number": item.number,
        "organization_id": organization.id,
        "product_code": item.product_code,
        "quantity": item.quantity,
        "interval": item.interval,
        "unit_price_minor": item.unit_price_minor,
        "currency": item.currency,
        "tax_mode": "net",
        "started_on": item.started_on,
        "term_first_day": item.term_first_day,
        "term_last_day": item.term_last_day,
        "next_renewal_on": item.next_renewal_on,
        "status": "active",
        "cancel_at_term_end": False,
        "payment_method_id": item.payment_method_id,
        "billing_owner": billing_owner,
        "fence": 1,
        "origin": "transferred",
        "transfer_id": item.transfer_id,
        "legacy_id": item.legacy_id,
        "invoice_number": item.invoice_number,
        "expected_renewal_minor": item.quantity * item.unit_price_minor if expected is None else expected,
        "failed_attempts": 0,
        "due_at": start_of_day(item.next_renewal_on, organization.time_zone) if is_billed_here else None,
        "created_at": tx.now,
    }
