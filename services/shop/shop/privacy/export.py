"""Everything the shop knows about a customer, for the customer (GDPR, articles 15 and 20)."""

from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Reader
from shop.catalog.queries import CatalogSnapshot
from shop.customers import queries as customers
from shop.customers.presentation import shown as customer_shown
from shop.invoices import queries as invoices
from shop.orders import queries as orders
from shop.orders.presentation import shown as order_shown
from shop.payment_methods import queries as payment_methods
from shop.subscriptions import queries as subscriptions
from shop.subscriptions.presentation import shown as subscription_shown


async def export(reader: Reader, *, organization_id: str, catalog: CatalogSnapshot) -> dict[str, Any]:
    """One JSON document. Raises CustomerNotFound."""
    customer = await customers.get(reader, organization_id)
    return {
        "customer": customer_shown(customer).model_dump(mode="json"),
        "members": [_member(row) for row in await customers.members_of(reader, organization_id)],
        "payment_methods": [
            {
                "id": method.id,
                "kind": method.instrument.kind,
                "brand": method.brand,
                "last4": method.instrument.last4,
                "mandate_reference": method.mandate_reference,
            }
            for method in await payment_methods.all_of(reader, organization_id)
        ],
        "subscriptions": [
            subscription_shown(view, catalog).model_dump(mode="json")
            for view in await subscriptions.all_of(reader, organization_id)
        ],
        "orders": [
            order_shown(order).model_dump(mode="json") for order in await orders.all_of(reader, organization_id)
        ],
        "invoices": [
            {"id": row.id, "number": row.number, "issued_on": row.issued_on.isoformat(), "document": row.document}
            for row in await invoices.all_of(reader, organization_id)
        ],
    }


def _member(row: Row[Any]) -> dict[str, Any]:
    return {"email": row.email, "name": row.name, "roles": row.roles, "status": row.status}
