"""Moving one customer, in the transaction of the caller: organization, methods, subscriptions, orders, billing."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row, update

from chassis.db.transaction import Transaction
from shop.catalog.queries import CatalogSnapshot
from shop.customers.adopt import adopt as adopt_customer
from shop.orders.adopt import AdoptedLine, AdoptedOrder
from shop.orders.adopt import adopt as adopt_orders
from shop.payment_methods.adopt import AdoptedMethod
from shop.payment_methods.adopt import adopt as adopt_methods
from shop.subscriptions.adopt import AdoptedSubscription
from shop.subscriptions.adopt import adopt as adopt_subscriptions
from shop.transfers import store
from shop.transfers.cut.snapshot import snapshot_of
from shop.transfers.evaluate import Evaluated
from shop.transfers.events import (
    StayingOneOff,
    TransferredCustomer,
    TransferredSubscription,
    TransferTransferred,
)
from shop.transfers.models import directory
from shop.transfers.parties import common, company_of, product_name
from shop.transfers.rules import values
from shop.transfers.rules.calendar import activation_reminder_at
from shop.transfers.rules.decisions import DecidedOneOff
from shop.transfers.rules.moving import Moving, MovingOrder, MovingSubscription
from shop.transfers.timeline import note


async def move(
    tx: Transaction,
    row: Row[Any],
    evaluated: Evaluated,
    moves: Moving,
    catalog: CatalogSnapshot,
    *,
    fence: int,
) -> None:
    """Carry everything over; the new shop bills from here on, and nothing is charged.

    Every verb it uses is idempotent by legacy ids, so a customer that was put back can move again.
    """
    decision, organization_id = evaluated.decision, row.organization_id
    named = common(row, decision)
    await _adopt_organization(tx, organization_id, evaluated)
    methods = await adopt_methods(
        tx,
        organization_id=organization_id,
        methods=[AdoptedMethod(**asdict(method)) for method in moves.methods],
    )
    subscriptions = await adopt_subscriptions(
        tx,
        organization=named["organization"],
        buyer=named["buyer"],
        subscriptions=[_subscription(item, methods, row.id) for item in moves.subscriptions],
        billing_owner="new_shop",
        catalog=catalog,
    )
    orders = await adopt_orders(
        tx,
        organization_id=organization_id,
        orders=[_order(item, subscriptions, catalog) for item in moves.orders],
    )
    await _close(tx, row, evaluated, snapshot_of(evaluated, moves, methods, subscriptions, orders), fence)
    tx.emit(
        TransferTransferred(
            **named,
            transferred_at=tx.now,
            customer=TransferredCustomer(
                vat_id=decision.customer.vat_id or None,
                street=decision.customer.street,
                postal_code=decision.customer.postal_code,
                city=decision.customer.city,
                phone=decision.customer.phone,
            ),
            subscriptions=[_told(item, subscriptions, catalog) for item in moves.subscriptions],
            one_offs=[_staying(item, catalog, row.transfer_on) for item in moves.one_offs],
        )
    )


async def _adopt_organization(tx: Transaction, organization_id: str, evaluated: Evaluated) -> None:
    decision = evaluated.decision
    customer = decision.customer
    await adopt_customer(
        tx,
        organization_id=organization_id,
        company=company_of(decision),
        email=decision.email,
        names=(customer.first_name, customer.last_name),
        country=customer.country.upper(),
        locale=decision.locale,
        time_zone=decision.time_zone,
        vat_id=customer.vat_id or None,
        address={
            "street": customer.street,
            "postal_code": customer.postal_code,
            "city": customer.city,
        },
        phone=customer.phone,
        legacy_id=customer.legacy_id,
        region=decision.region,
    )


async def _close(tx: Transaction, row: Row[Any], evaluated: Evaluated, moved: dict[str, Any], fence: int) -> None:
    await store.change(
        tx,
        row.id,
        state="transferred",
        transferred_at=tx.now,
        next_at=activation_reminder_at(tx.now, 0),
        reminders=0,
        failure_code=None,
        failure_detail=None,
        fence=fence,
        moved=moved,
        company=company_of(evaluated.decision),
        email=evaluated.decision.email,
    )
    await tx.execute(update(directory).where(directory.c.legacy_id == row.legacy_customer_id).values(moved_at=tx.now))
    counts = {name: len(moved[name]) for name in ("subscriptions", "orders", "payment_methods")}
    await note(tx, row.id, "transferred", **counts)


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


def _told(
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
