"""Use a link up, in the transaction of what it was for."""

from sqlalchemy import func, update

from chassis.db.transaction import Transaction
from identity.accounts.queries import lock_account
from identity.actionlinks.errors import LinkUnusable
from identity.actionlinks.models import action_links
from identity.actionlinks.queries import Link, find_link
from identity.actionlinks.rules import Purpose


async def consume(tx: Transaction, token: str, purpose: Purpose) -> Link:
    """The link, which nobody can use again; of several requests at once exactly one gets it.

    The account's row is locked first, as everywhere where links end, so that two links of one account used at the
    same time wait for each other. Raises LinkUnusable.
    """
    looked_at = await find_link(tx, token, purpose)
    if looked_at is None or await lock_account(tx, looked_at.account_id) is None:
        raise LinkUnusable
    row = await tx.first(
        update(action_links)
        .where(action_links.c.id == looked_at.id, action_links.c.ended_at.is_(None))
        .values(ended_at=func.now(), ended_as="used")
        .returning(action_links.c.id, action_links.c.account_id, action_links.c.new_email)
    )
    if row is None:
        raise LinkUnusable
    return Link.of(row)
