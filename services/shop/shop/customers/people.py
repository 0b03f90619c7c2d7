"""Know the people of an organization, as identity tells of them."""

from chassis.db.transaction import Transaction
from shop.customers import store
from shop.customers.names import split_name


async def know(
    tx: Transaction,
    *,
    member_id: str,
    organization_id: str,
    account_id: str,
    email: str,
    name: str,
    roles: list[str],
    status: str,
    sequence: int,
    is_removed: bool,
) -> None:
    """Keep a member as of event number `sequence`; older news changes nothing.

    The first owner becomes the customer's buyer, who is written to; a buyer's new address is followed.
    """
    before = await store.save_member(
        tx,
        {
            "member_id": member_id,
            "organization_id": organization_id,
            "account_id": account_id,
            "email": email,
            "name": name,
            "roles": roles,
            "status": status,
            "sequence": sequence,
            "is_removed": is_removed,
        },
    )
    if is_removed or "owner" not in roles or (before is not None and before.sequence >= sequence):
        return
    customer = await store.lock(tx, organization_id)
    if customer is None:
        return
    is_buyer = customer.email is None or (before is not None and before.email == customer.email)
    is_named = bool(customer.first_name or customer.last_name)
    if is_buyer and (customer.email != email or not is_named):
        first_name, last_name = split_name(name)
        await store.change(tx, organization_id, {"email": email, "first_name": first_name, "last_name": last_name})
