"""Put a customer back who has not begun to use the new platform."""

from chassis.db.transaction import Transaction
from identity.accounts.queries import find_account
from identity.accounts.remove_invited import remove_invited
from identity.actionlinks.end_links import end_links_of
from identity.applications.queries import is_entitled_elsewhere
from identity.members.queries import has_activated_member, members_of, memberships_of
from identity.members.remove import take_out
from identity.organizations.withdraw import withdraw


async def take_back(tx: Transaction, organization_id: str) -> None:
    """Undo the welcome, unless somebody has activated an account in the organization.

    An invited account that nothing else needs is removed, so that its links open nothing; one that another
    organization has given a seat stays, without its links.
    """
    if await has_activated_member(tx, organization_id):
        return
    for member in await members_of(tx, organization_id):
        await take_out(tx, member=member)
        await _forget_account(tx, member.account_id, organization_id)
    await withdraw(tx, organization_id)


async def _forget_account(tx: Transaction, account_id: str, organization_id: str) -> None:
    account = await find_account(tx, account_id=account_id)
    if account is None or account.status != "invited" or account.is_operator:
        return
    if await memberships_of(tx, account.id):
        return
    if await is_entitled_elsewhere(tx, email=account.email, organization_id=organization_id):
        await end_links_of(tx, account.id)
        return
    await remove_invited(tx, account)
