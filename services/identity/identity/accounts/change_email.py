"""Give an account the address that was just proved."""

from sqlalchemy import exists, select, update

from chassis.db.transaction import Transaction
from identity.accounts.events import EmailChanged
from identity.accounts.models import accounts
from identity.accounts.queries import Account, account_columns
from identity.audit.record import record
from identity.tiles import tiles_changed


async def change_email(tx: Transaction, *, account: Account, new_email: str) -> Account | None:
    """The account under its new address, both addresses told; None when somebody else has it by now.

    The caller holds the lock on the account's row.
    """
    others = accounts.alias("others")
    is_taken = exists(select(others.c.id).where(others.c.email == new_email))
    row = await tx.first(
        update(accounts)
        .where(accounts.c.id == account.id, accounts.c.status == "active", ~is_taken)
        .values(email=new_email, pending_email=None, pending_email_at=None)
        .returning(*account_columns)
    )
    if row is None:
        return None
    changed = Account.of(row)
    await record(tx, "account.email_changed", changed.id)
    tx.emit(
        EmailChanged(
            account_id=changed.id,
            email=changed.email,
            previous_email=account.email,
            locale=changed.locale,
            name=changed.name,
        )
    )
    tiles_changed(tx, [changed.id])
    return changed
