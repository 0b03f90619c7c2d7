"""Change what a person says about themselves."""

from sqlalchemy import update

from chassis.db.transaction import Transaction
from identity.accounts.errors import AccountNotFound
from identity.accounts.models import accounts
from identity.accounts.queries import Account, account_columns


async def change_profile(
    tx: Transaction, *, account_id: str, name: str | None = None, locale: str | None = None
) -> Account:
    """The account with the given name and language; what is None stays. Raises AccountNotFound."""
    changes = {key: value.strip() for key, value in (("name", name), ("locale", locale)) if value is not None}
    statement = update(accounts).where(accounts.c.id == account_id)
    statement = statement.values(**changes) if changes else statement.values(name=accounts.c.name)
    row = await tx.first(statement.returning(*account_columns))
    if row is None:
        raise AccountNotFound
    return Account.of(row)
