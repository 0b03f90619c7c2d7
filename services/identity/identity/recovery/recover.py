"""Use a recovery link: the account gets a new password, and whoever was signed in is signed out."""

from chassis.db.transaction import Transaction
from identity.accounts.queries import Account, lock_account
from identity.accounts.set_password import replace_password
from identity.actionlinks.consume import consume
from identity.actionlinks.end_links import end_links_of
from identity.actionlinks.errors import LinkUnusable
from identity.sessions.end import end_sessions_of


async def recover(tx: Transaction, *, token: str, password_hash: str) -> Account:
    """The account behind the link with its new password; its other links and its sessions end.

    Raises LinkUnusable.
    """
    link = await consume(tx, token, "recovery")
    account = await lock_account(tx, link.account_id)
    if account is None or not account.is_active:
        raise LinkUnusable
    await replace_password(tx, account=account, password_hash=password_hash)
    await end_links_of(tx, account.id)
    await end_sessions_of(tx, account.id, "password_changed")
    return account
