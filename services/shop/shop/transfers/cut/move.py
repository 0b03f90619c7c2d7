"""Moving customers, in the transaction of the caller: organization, methods, subscriptions, orders, billing.

Set-based: the number of statements does not grow with the number of customers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson
from sqlalchemy import text

from chassis.db.transaction import Transaction
from shop.catalog.queries import CatalogSnapshot
from shop.customers.adopt import adopt_all as adopt_customers
from shop.orders.adopt import adopt_all as adopt_orders
from shop.payment_methods.adopt import AdoptedMethod
from shop.payment_methods.adopt import adopt_all as adopt_methods
from shop.subscriptions.adopt import adopt_all as adopt_subscriptions
from shop.transfers.cut.carry import MovingCustomer, adoption_of, customer_of, order_of, told
from shop.transfers.cut.snapshot import snapshot_of
from shop.transfers.parties import common, company_of
from shop.transfers.rules.calendar import activation_reminder_at
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


async def move_all(tx: Transaction, customers: Sequence[MovingCustomer], catalog: CatalogSnapshot) -> None:
    """Carry everything over; the new shop bills from here on, and nothing is charged.

    Every verb it uses is idempotent by legacy ids, so a customer that was put back can move again.
    """
    named = {customer.transfer.id: common(customer.transfer, customer.evaluated.decision) for customer in customers}
    await adopt_customers(tx, [customer_of(customer) for customer in customers])
    methods = await adopt_methods(
        tx, {c.organization_id: [AdoptedMethod(**asdict(m)) for m in c.moves.methods] for c in customers}
    )
    subscriptions = await adopt_subscriptions(
        tx,
        [
            adoption_of(customer, named[customer.transfer.id], methods[customer.organization_id])
            for customer in customers
        ],
        billing_owner="new_shop",
        catalog=catalog,
    )
    orders = await adopt_orders(
        tx,
        {
            c.organization_id: [order_of(item, subscriptions[c.organization_id], catalog) for item in c.moves.orders]
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
        tx.emit(told(tx, c, named[c.transfer.id], subscriptions[c.organization_id], catalog))


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
