"""Charges as other features read them."""

from chassis.db.transaction import Reader
from shop.payments import store
from shop.payments.charge import Charge


async def due(reader: Reader, *, purposes: tuple[str, ...], limit: int = 50) -> list[Charge]:
    """Open charges whose outcome should be asked for now."""
    return [Charge.of(row) for row in await store.due(reader, purposes=purposes, limit=limit)]


async def is_being_charged(reader: Reader, payment_method_id: str) -> bool:
    """Whether the outcome of a charge with this method is still open."""
    return await store.open_with(reader, payment_method_id)


async def open_charge(reader: Reader, order_id: str) -> Charge | None:
    """The charge of an order whose outcome is still open."""
    row = await store.open_of(reader, order_id)
    return Charge.of(row) if row else None
