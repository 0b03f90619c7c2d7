"""Use a link up, in the transaction of what it was for."""

from sqlalchemy import func, update

from chassis.db.transaction import Transaction
from identity.actionlinks.errors import LinkUnusable
from identity.actionlinks.models import action_links
from identity.actionlinks.queries import Link
from identity.actionlinks.rules import Purpose, digest_of


async def consume(tx: Transaction, token: str, purpose: Purpose) -> Link:
    """The link, which nobody can use again; of several requests at once exactly one gets it.

    Raises LinkUnusable.
    """
    row = await tx.first(
        update(action_links)
        .where(
            action_links.c.digest == digest_of(token),
            action_links.c.purpose == purpose,
            action_links.c.ended_at.is_(None),
            action_links.c.expires_at > func.now(),
        )
        .values(ended_at=func.now(), ended_as="used")
        .returning(action_links.c.id, action_links.c.account_id, action_links.c.new_email)
    )
    if row is None:
        raise LinkUnusable
    return Link.of(row)
