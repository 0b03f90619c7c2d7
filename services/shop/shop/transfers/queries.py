"""What the rest of the shop asks the transfer."""

from sqlalchemy import Text, bindparam, or_, select

from chassis.db.transaction import Reader
from shop.transfers.models import directory
from shop.transfers.waiting import has_something_to_move

THIS_ORGANIZATION = directory.c.organization_id == bindparam("organization_id", type_=Text)
THIS_ADDRESS = directory.c.email_key == bindparam("email", type_=Text)
WAITING = select(directory.c.legacy_id).where(THIS_ORGANIZATION, has_something_to_move()).limit(1)
WAITING_BY_ADDRESS = (
    select(directory.c.legacy_id).where(or_(THIS_ORGANIZATION, THIS_ADDRESS), has_something_to_move()).limit(1)
)


async def is_waiting_for_transfer(reader: Reader, *, organization_id: str, email: str | None) -> bool:
    """Whether this buyer's organization has still to move from the legacy shop: then it cannot order here yet.

    It is known by the organization (put back, or an account made before the day) or by the buyer's address
    (normalized) standing in the legacy shop's export. Customers with nothing to move may order.
    """
    params = {"organization_id": organization_id, "email": email}
    return await reader.first(WAITING_BY_ADDRESS if email else WAITING, params) is not None
