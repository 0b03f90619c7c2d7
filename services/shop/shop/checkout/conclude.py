"""What follows from the outcome of a purchase's payment."""

from dataclasses import dataclass, replace

from chassis.db.transaction import Transaction
from shop.catalog.queries import CatalogSnapshot
from shop.customers import queries as customers
from shop.customers.queries import CustomerView
from shop.invoices.seller import Seller
from shop.orders.invoice import invoice
from shop.orders.record import lock, mark, mark_failed, mark_paid
from shop.orders.views import OrderView
from shop.payments.charge import Charge
from shop.payments.provider import Instrument
from shop.subscriptions.start import start


@dataclass(frozen=True, slots=True)
class Settled:
    """An order as its payment left it."""

    order: OrderView
    invoice_id: str | None = None


async def conclude_purchase(
    tx: Transaction,
    charge: Charge,
    *,
    seller: Seller,
    catalog: CatalogSnapshot,
    just_placed: tuple[OrderView, CustomerView] | None = None,
) -> Settled:
    """Begin the subscriptions when it is paid. Runs in the transaction that records the outcome, so exactly once:
    whoever has closed the charge is alone with its order, and who has placed it a moment ago need not read it again.
    """
    if just_placed is None:
        order = await lock(tx, charge.order_id)
        customer = await customers.get(tx, order.organization_id)
    else:
        order, customer = just_placed
    match charge.status:
        case "succeeded":
            return await complete(tx, order, customer, seller, catalog, charge.instrument)
        case "action_required":
            await mark(tx, order.id, status="action_required")
            return Settled(replace(order, status="action_required"))
        case _:
            await mark_failed(tx, order, customer, failure_code=charge.failure_code)
            return Settled(replace(order, status="failed", failure_code=charge.failure_code))


async def complete(
    tx: Transaction,
    order: OrderView,
    customer: CustomerView,
    seller: Seller,
    catalog: CatalogSnapshot,
    instrument: Instrument | None,
) -> Settled:
    """Invoice the order, begin one subscription per line, and tell the others."""
    issued = await invoice(tx, order=order, customer=customer, seller=seller, instrument=instrument, period=None)
    started = await start(
        tx, order=order, customer=customer, tax_mode=order.tax_mode, invoice_number=issued.number, catalog=catalog
    )
    paid = await mark_paid(tx, order, customer, invoice_number=issued.number, begun=started)
    return Settled(paid, invoice_id=issued.id)
