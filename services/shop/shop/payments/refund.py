"""Give collected money back."""

from chassis.db.transaction import Database
from shop.payments import store
from shop.payments.charge import Charge
from shop.payments.registry import Providers


async def give_back(database: Database, providers: Providers, *, order_id: str) -> Charge | None:
    """Refund the charge that paid an order at its provider; None when no charge paid it. Twice is harmless."""
    async with database.read() as reader:
        row = await store.succeeded_of(reader, order_id)
    if row is None:
        return None
    charge = Charge.of(row)
    await providers.get(charge.instrument.provider).refund(key=charge.key)
    async with database.transaction() as tx:
        await store.mark_refunded(tx, charge.id)
    return charge
