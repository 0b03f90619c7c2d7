"""Follow an organization into another time zone."""

from chassis.db.transaction import Transaction
from shop.subscriptions import store


async def retime(tx: Transaction, *, organization_id: str, time_zone: str) -> None:
    """Renewal days stay; they begin when the day begins in the new time zone. Twice is harmless."""
    await store.retime(tx, organization_id, time_zone)
