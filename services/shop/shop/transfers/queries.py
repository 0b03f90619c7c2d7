"""What the rest of the shop asks the transfer."""

from sqlalchemy import or_, select

from chassis.db.transaction import Reader
from shop.transfers.models import directory
from shop.transfers.waiting import has_something_to_move


async def is_waiting_for_transfer(reader: Reader, *, organization_id: str, email: str | None) -> bool:
    """Whether this buyer's organization has still to move from the legacy shop: then it cannot order here yet.

    It is known by the organization (put back, or an account made before the day) or by the buyer's address
    (normalized) standing in the legacy shop's export. Customers with nothing to move may order.
    """
    is_this_one = directory.c.organization_id == organization_id
    if email:
        is_this_one = or_(is_this_one, directory.c.email_key == email)
    waiting = select(directory.c.legacy_id).where(is_this_one, has_something_to_move())
    return await reader.first(waiting.limit(1)) is not None
