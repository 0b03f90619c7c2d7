"""Place an order: price it, write it down, have it paid, begin what it bought."""

from collections.abc import Sequence

from chassis.db.transaction import Database, Transaction
from chassis.kernel.errors import FieldError, Invalid
from shop.catalog.queries import CatalogSnapshot
from shop.checkout.conclude import Settled, complete, conclude_purchase
from shop.checkout.quote import Basket, fill_basket
from shop.checkout.rules import WantedLine
from shop.customers.errors import CustomerOnHold
from shop.edges import Edges
from shop.invoices.queries import ids_by_order
from shop.orders.queries import find as find_order
from shop.orders.record import Draft, record
from shop.orders.views import OrderView
from shop.payment_methods import queries as payment_methods
from shop.payment_methods.errors import PaymentMethodNotFound
from shop.payment_methods.queries import MethodView
from shop.payments.charge import Charge, collect, intend


async def place(
    database: Database,
    edges: Edges,
    *,
    organization_id: str,
    email: str | None,
    wanted: Sequence[WantedLine],
    payment_method_id: str | None,
    purchase_order_number: str | None,
) -> tuple[Settled, Charge | None]:
    """Order and pay; answers the order as it is then and its charge (None when there was nothing to pay).

    The order and the intent to charge are committed before the provider is asked. Raises what `fill_basket` raises,
    CustomerOnHold, and Invalid for an unknown payment method.
    """
    catalog = await edges.shelves.snapshot()
    async with database.transaction() as tx:
        basket = await fill_basket(
            tx,
            catalog=catalog,
            organization_id=organization_id,
            email=email,
            wanted=wanted,
            seller_country=edges.seller.country,
        )
        if basket.customer.is_held:
            raise CustomerOnHold
        method = await _method(tx, organization_id, payment_method_id)
        order = await _record(tx, catalog, basket, method, purchase_order_number)
        if order.total == 0:
            return await complete(tx, order, basket.customer, edges.seller, catalog, None), None
        charge = await intend(
            tx,
            order_id=order.id,
            attempt=1,
            purpose="purchase",
            organization_id=organization_id,
            payment_method_id=method.id,
            instrument=method.instrument,
            amount=order.money,
        )
    settled = Settled(order)

    async def conclude(tx: Transaction, charge: Charge) -> None:
        nonlocal settled
        settled = await conclude_purchase(
            tx, charge, seller=edges.seller, catalog=catalog, just_placed=(order, basket.customer)
        )

    charge = await collect(database, edges.providers, charge, conclude=conclude)
    if charge.status == "succeeded" and settled.order.status == "placed":
        settled = await _settled_by_the_sweep(database, order.id)
    return settled, charge


async def _settled_by_the_sweep(database: Database, order_id: str) -> Settled:
    async with database.read() as reader:
        order = await find_order(reader, order_id)
        return Settled(order, (await ids_by_order(reader, [order_id])).get(order_id))


async def _method(tx: Transaction, organization_id: str, method_id: str | None) -> MethodView:
    try:
        return await payment_methods.to_charge(tx, organization_id=organization_id, method_id=method_id)
    except PaymentMethodNotFound as missing:
        detail = "Choose one of your payment methods, or add one first."
        error = FieldError("/payment_method_id", "unknown_payment_method", detail)
        raise Invalid(errors=[error]) from missing


async def _record(
    tx: Transaction,
    catalog: CatalogSnapshot,
    basket: Basket,
    method: MethodView,
    purchase_order_number: str | None,
) -> OrderView:
    lines = [
        Draft(
            product_code=line.product_code,
            product_name=dict(catalog.name_of(line.product_code)),
            quantity=line.quantity,
            interval=line.interval,
            unit_price=line.price.amount,
        )
        for line in basket.lines
    ]
    order = await record(
        tx,
        customer=basket.customer,
        kind="purchase",
        lines=lines,
        totals=basket.priced.totals,
        decision=basket.priced.decision,
        currency=basket.currency,
        payment_method_id=method.id,
        purchase_order_number=purchase_order_number or None,
        tax_mode=basket.tax_mode,
    )
    if order is None:
        raise RuntimeError("Only renewals can have been ordered before.")
    return order
