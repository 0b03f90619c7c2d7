"""Open an invited account, once its owner has proved to read mail at its address."""

from collections.abc import Sequence

from sqlalchemy import update

from chassis.db.transaction import Transaction
from identity.accounts.events import AccountActivated
from identity.accounts.models import accounts
from identity.accounts.queries import Account, account_columns
from identity.accounts.set_password import store_password
from identity.audit.record import record


async def activate(
    tx: Transaction, *, account_id: str, password_hash: str, organization_ids: Sequence[str]
) -> Account | None:
    """The account, now active with this password; None when it was not waiting for its activation any more."""
    row = await tx.first(
        update(accounts)
        .where(accounts.c.id == account_id, accounts.c.status == "invited")
        .values(status="active", activated_at=tx.now)
        .returning(*account_columns)
    )
    if row is None:
        return None
    account = Account.of(row)
    await store_password(tx, account_id=account.id, password_hash=password_hash)
    await record(tx, "account.activated", account.id, actor=account.id)
    tx.emit(
        AccountActivated(
            account_id=account.id,
            email=account.email,
            locale=account.locale,
            name=account.name,
            organization_ids=list(organization_ids),
        )
    )
    return account
