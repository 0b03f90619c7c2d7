"""Make an account's open links worthless."""

from typing import Literal

from sqlalchemy import func, update

from chassis.db.transaction import Transaction
from identity.accounts.queries import lock_account
from identity.actionlinks.models import action_links
from identity.actionlinks.rules import Purpose


async def end_links_of(
    tx: Transaction,
    account_id: str,
    *,
    purpose: Purpose | None = None,
    ended_as: Literal["superseded", "withdrawn"] = "withdrawn",
) -> None:
    """End every open link of the account, or those of one purpose; the account's row is locked first."""
    await lock_account(tx, account_id)
    statement = update(action_links).where(action_links.c.account_id == account_id, action_links.c.ended_at.is_(None))
    if purpose is not None:
        statement = statement.where(action_links.c.purpose == purpose)
    await tx.execute(statement.values(ended_at=func.now(), ended_as=ended_as))
