"""Use the link that was mailed to the new address."""

from sqlalchemy.exc import IntegrityError

from chassis.db.transaction import Transaction
from identity.accounts.change_email import change_email
from identity.accounts.queries import Account, lock_account
from identity.actionlinks.consume import consume
from identity.actionlinks.end_links import end_links_of
from identity.actionlinks.errors import LinkUnusable


async def confirm(tx: Transaction, *, token: str) -> Account:
    """The account under its new address; links mailed to the old one end.

    Raises LinkUnusable, also when another account has taken the address meanwhile.
    """
    link = await consume(tx, token, "email")
    account = await lock_account(tx, link.account_id)
    if account is None or link.new_email is None:
        raise LinkUnusable
    try:
        changed = await change_email(tx, account=account, new_email=link.new_email)
    except IntegrityError as error:  # the other account came between the look and the write
        raise LinkUnusable from error
    if changed is None:
        raise LinkUnusable
    await end_links_of(tx, changed.id)
    return changed
