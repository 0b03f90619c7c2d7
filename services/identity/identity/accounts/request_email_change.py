"""Begin to change an address: the new one must prove that its mail is read."""

from sqlalchemy import func, update

from chassis.db.transaction import Transaction
from chassis.kernel.emails import normalize_email
from identity.accounts.events import EmailChangeRequested
from identity.accounts.models import accounts
from identity.accounts.queries import Account, find_account
from identity.accounts.request_mail import is_within_limit
from identity.audit.record import record


async def request_email_change(tx: Transaction, *, account: Account, new_email: str) -> None:
    """Have a link mailed to the new address; until it is used everything stays as it is.

    An address that belongs to another account gets no mail, and the caller does not learn it. Raises InvalidEmail.
    """
    address = normalize_email(new_email)
    if await find_account(tx, email=address) is not None or not await is_within_limit(tx, account.id):
        return
    await tx.execute(
        update(accounts).where(accounts.c.id == account.id).values(pending_email=address, pending_email_at=func.now())
    )
    await record(tx, "account.email_change_requested", account.id)
    tx.emit(EmailChangeRequested(account_id=account.id, email=address, locale=account.locale, name=account.name))
