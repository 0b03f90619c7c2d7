"""One customer's records in the words of the features that take them over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from shop.catalog.queries import CatalogSnapshot
from shop.customers.adopt import AdoptedCustomer
from shop.orders.adopt import AdoptedLine, AdoptedOrder
from shop.subscriptions.adopt import AdoptedSubscription, Adoption
from shop.transfers.evaluate import Evaluated
from shop.transfers.events import (
    StayingOneOff,
    TransferredCustomer,
    TransferredSubscription,
    TransferTransferred,
)
from shop.transfers.parties import company_of, product_name
from shop.transfers.rules import values
from shop.transfers.rules.decisions import DecidedOneOff
from shop.transfers.rules.moving import Moving, MovingOrder, MovingSubscription


@dataclass(frozen=True, slots=True)
class MovingCustomer:
    """A customer about to move: the transfer, the decision of this moment, what moves, and under which fence."""

    transfer: Row[Any]
    evaluated: Evaluated
    moves: Moving
    fence: int

    @property
    def organization_id(self) -> str:
        """The organization it becomes here."""
        return str(self.transfer.organization_id)

    def under_fence(self, fence: int) -> "MovingCustomer":
        """The same under the fence that the release was confirmed for."""
        return replace(self, fence=fence)


def customer_of(customer: MovingCustomer) -> AdoptedCustomer:
    """The organization, for the customers feature."""
    decision = customer.evaluated.decision
    row = decision.customer
    return AdoptedCustomer(
        organization_id=customer.organization_id,
        company=company_of(decision),
        email=decision.email,
        first_name=row.first_name,
        last_name=row.last_name,
        country=row.country.upper(),
        locale=decision.locale,
        time_zone=decision.time_zone,
        vat_id=row.vat_id or None,
        street=row.street,
        postal_code=row.postal_code,
        city=row.city,
        phone=row.phone,
        legacy_id=row.legacy_id,
        vat_id_has_form=decision.vat_id_is_valid,
    )


def adoption_of(customer: MovingCustomer, named: dict[str, Any], methods: Mapping[str, str]) -> Adoption:
    """The subscriptions with the payment methods they have here."""
    items = [_subscription(item, methods, customer.transfer.id) for item in customer.moves.subscriptions]
    return Adoption(named["organization"], named["buyer"], items)


def told(
    tx: Transaction,
    customer: MovingCustomer,
    named: dict[str, Any],
    subscriptions: Mapping[str, str],
    catalog: CatalogSnapshot,
) -> TransferTransferred:
    """The event that says what moved and what stays usable."""
    row = customer.evaluated.decision.customer
    return TransferTransferred(
        **named,
        transferred_at=tx.now,
        customer=TransferredCustomer(
            vat_id=row.vat_id or None,
            street=row.street,
            postal_code=row.postal_code,
            city=row.city,
            phone=row.phone,
        ),
        subscriptions=[_told_subscription(item, subscriptions, catalog) for item in customer.moves.subscriptions],
        one_offs=[_staying(item, catalog, customer.transfer.transfer_on) for item in customer.moves.one_offs],
    )


def _subscription(item: MovingSubscription, methods: Mapping[str, str], transfer_id: str) -> AdoptedSubscription:
    return AdoptedSubscription(
        legacy_id=item.legacy_id,
        number=item.number,
        product_code=item.product_code,
        quantity=item.quantity,
        interval=item.interval,
        unit_price_minor=item.unit_price_minor,
        currency=item.currency,
        started_on=item.started_on,
        term_first_day=item.first_day,
        term_last_day=item.last_day,
        next_renewal_on=item.next_renewal_on,
        payment_method_id=methods[item.legacy_method_id],
        invoice_number=item.invoice_number,
        transfer_id=transfer_id,
        expected_renewal_minor=item.next_charge_minor,
    )


def order_of(item: MovingOrder, subscriptions: Mapping[str, str], catalog: CatalogSnapshot) -> AdoptedOrder:
    """An order with its lines; lines of moved subscriptions lead to them."""
    return AdoptedOrder(
        legacy_id=item.legacy_id,
        number=item.number,
        placed_at=item.placed_at,
        status=item.status,
        currency=item.currency,
        net_minor=item.net_minor,
        tax_minor=item.tax_minor,
        total_minor=item.total_minor,
        invoice_number=item.invoice_number,
        lines=[
            AdoptedLine(
                line_no=line.line_no,
                product_code=line.product_code,
                product_name=catalog.name_of(line.product_code),
                description=line.description,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
                interval=line.interval,
                subscription_id=subscriptions.get(line.legacy_subscription_id or ""),
            )
            for line in item.lines
        ],
    )


def _told_subscription(
    item: MovingSubscription, subscriptions: Mapping[str, str], catalog: CatalogSnapshot
) -> TransferredSubscription:
    return TransferredSubscription(
        id=subscriptions[item.legacy_id],
        number=item.number,
        product_code=item.product_code,
        product_name=product_name(catalog, item.product_code),
        quantity=item.quantity,
        last_day=item.last_day,
    )


def _staying(item: DecidedOneOff, catalog: CatalogSnapshot, transfer_on: date) -> StayingOneOff:
    row = item.row
    total = values.whole_number(row.units_total)
    return StayingOneOff(
        legacy_id=row.legacy_id,
        product_code=row.product_code,
        product_name=product_name(catalog, row.product_code),
        quantity=values.quantity(row.quantity) or 1,
        first_day=values.day(row.purchased_on) or transfer_on,
        last_day=item.until,
        units_total=total,
        units_used=None if total is None else values.whole_number(row.units_used) or 0,
        applications=list(catalog.applications_of(row.product_code)),
    )
