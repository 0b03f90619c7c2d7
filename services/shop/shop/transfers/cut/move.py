"""Moving customers, in the transaction of the caller: organization, methods, subscriptions, orders, billing.

Set-based: the number of statements does not grow with the number of customers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Row, text

from chassis.db.transaction import Transaction
from shop.catalog.queries import CatalogSnapshot
from shop.customers.adopt import AdoptedCustomer
from shop.customers.adopt import adopt_all as adopt_customers
from shop.orders.adopt import AdoptedLine, AdoptedOrder
from shop.orders.adopt import adopt_all as adopt_orders
from shop.payment_methods.adopt import AdoptedMethod
from shop.payment_methods.adopt import adopt_all as adopt_methods
from shop.subscriptions.adopt import AdoptedSubscription, Adoption
from shop.subscriptions.adopt import adopt_all as adopt_subscriptions
from shop.transfers.cut.snapshot import snapshot_of
from shop.transfers.evaluate import Evaluated
from shop.transfers.events import (
    StayingOneOff,
    TransferredCustomer,
    TransferredSubscription,
    TransferTransferred,
)
from shop.transfers.parties import common, company_of, product_name
from shop.transfers.rules import values
from shop.transfers.rules.calendar import activation_reminder_at
from shop.transfers.rules.decisions import DecidedOneOff
from shop.transfers.rules.moving import Moving, MovingOrder, MovingSubscription
from shop.transfers.timeline import note_all

CLOSE = text(
    "UPDATE transfers t SET state = 'transferred', transferred_at = :now, next_at = :next_at, reminders = 0,"
    " failure_code = NULL, failure_detail = NULL, changed_at = :now, fence = w.fence,"
    " moved = CAST(w.moved AS jsonb), company = w.company, email = w.email"
    " FROM unnest(CAST(:ids AS text[]), CAST(:fences AS int[]), CAST(:moved AS text[]),"
    " CAST(:companies AS text[]), CAST(:emails AS text[])) AS w(id, fence, moved, company, email)"
    " WHERE t.id = w.id"
)
PIN = text("UPDATE legacy_directory SET moved_at = :now WHERE legacy_id = ANY(CAST(:ids AS text[]))")


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


async def move_all(tx: Transaction, customers: Sequence[MovingCustomer], catalog: CatalogSnapshot) -> None:
    """Carry everything over; the new shop bills from here on, and nothing is charged.

    Every verb it uses is idempotent by legacy ids, so a customer that was put back can move again.
    """
    named = {customer.transfer.id: common(customer.transfer, customer.evaluated.decision) for customer in customers}
    await adopt_customers(tx, [_organization(customer) for customer in customers])
    methods = await adopt_methods(
        tx, {c.organization_id: [AdoptedMethod(**asdict(m)) for m in c.moves.methods] for c in customers}
    )
    subscriptions = await adopt_subscriptions(
        tx,
        [_adoption(customer, named[customer.transfer.id], methods[customer.organization_id]) for customer in customers],
        billing_owner="new_shop",
        catalog=catalog,
    )
    orders = await adopt_orders(
        tx,
        {
            c.organization_id: [_order(item, subscriptions[c.organization_id], catalog) for item in c.moves.orders]
            for c in customers
        },
    )
    moved = {
        c.transfer.id: snapshot_of(
            c.evaluated,
            c.moves,
            methods[c.organization_id],
            subscriptions[c.organization_id],
            orders[c.organization_id],
        )
        for c in customers
    }
    await _close(tx, customers, moved)
    for c in customers:
        tx.emit(_told(tx, c, named[c.transfer.id], subscriptions[c.organization_id], catalog))


async def _close(tx: Transaction, customers: Sequence[MovingCustomer], moved: Mapping[str, dict[str, Any]]) -> None:
    await tx.execute(
        CLOSE,
        {
            "now": tx.now,
            "next_at": activation_reminder_at(tx.now, 0),
            "ids": [c.transfer.id for c in customers],
            "fences": [c.fence for c in customers],
            "moved": [orjson.dumps(moved[c.transfer.id]).decode() for c in customers],
            "companies": [company_of(c.evaluated.decision) for c in customers],
            "emails": [c.evaluated.decision.email for c in customers],
        },
    )
    await tx.execute(PIN, {"now": tx.now, "ids": [c.transfer.legacy_customer_id for c in customers]})
    kinds = ("subscriptions", "orders", "payment_methods")
    await note_all(
        tx,
        [(known, "transferred", {kind: len(content[kind]) for kind in kinds}) for known, content in moved.items()],
    )


def _organization(customer: MovingCustomer) -> AdoptedCustomer:
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


def _adoption(customer: MovingCustomer, named: dict[str, Any], methods: Mapping[str, str]) -> Adoption:
    items = [_subscription(item, methods, customer.transfer.id) for item in customer.moves.subscriptions]
    return Adoption(named["organization"], named["buyer"], items)


def _told(
    tx: Transaction,
    customer: MovingCustomer,
    named: dict[str, Any],
    subscriptions: Mapping[str, str],
    catalog: CatalogSnapshot,
) -> TransferTransferred:
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


def _order(item: MovingOrder, subscriptions: Mapping[str, str], catalog: CatalogSnapshot) -> AdoptedOrder:
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
