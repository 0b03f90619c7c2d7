"""Give collected money back."""

from chassis.db.transaction import Database
from shop.payments import store
from shop.payments.charge import Charge
from shop.payments.errors import RefundNotAnswered, RefundNotPossible
from shop.payments.provider import ProviderUnreachable, RefundRefused
from shop.payments.registry import Providers


async def give_back(database: Database, providers: Providers, *, order_id: str) -> Charge | None:
    """Refund the charge that paid an order at its provider; None when no charge paid it. Twice is harmless.

    Raises RefundNotPossible, RefundNotAnswered.
    """
    async with database.read() as reader:
        row = await store.succeeded_of(reader, order_id)
    if row is None:
        return None
    charge = Charge.of(row)
    await _refund(providers, charge, row.provider_charge or "")
    async with database.transaction() as tx:
        await store.mark_refunded(tx, charge.id)
    return charge


async def _refund(providers: Providers, charge: Charge, reference: str) -> None:
    name = charge.instrument.provider
    if name not in providers.names:
        raise RefundNotPossible(f"The payment provider {name} is not set up.")
    try:
        await providers.get(name).refund(key=charge.key, reference=reference)
    except RefundRefused as refusal:
        raise RefundNotPossible(f"The payment provider refused: {refusal.code}.") from refusal
    except ProviderUnreachable as silence:
        raise RefundNotAnswered from silence
