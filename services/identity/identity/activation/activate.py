"""Use an activation link: the account opens with the password chosen."""

from chassis.db.transaction import Transaction
from identity.accounts.activate import activate as activate_account
from identity.accounts.queries import Account
from identity.actionlinks.consume import consume
from identity.actionlinks.end_links import end_links_of
from identity.actionlinks.errors import LinkUnusable
from identity.members.events import MemberChanged
from identity.members.queries import seats_of
from identity.members.tell import told


async def activate(tx: Transaction, *, token: str, password_hash: str) -> Account:
    """The account behind the link, active from now on; every other open link of it ends.

    Raises LinkUnusable, also for all but one of several requests at once, whichever of the account's links they hold.
    """
    link = await consume(tx, token, "activation")
    seats = await seats_of(tx, link.account_id)
    account = await activate_account(
        tx,
        account_id=link.account_id,
        password_hash=password_hash,
        organization_ids=[seat.organization_id for seat in seats],
    )
    if account is None:
        raise LinkUnusable
    await end_links_of(tx, account.id)
    for seat in await seats_of(tx, account.id):
        tx.emit(told(MemberChanged, seat))
    return account
