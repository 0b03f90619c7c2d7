"""Mint a one-time link for an account."""

from sqlalchemy import func, insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from identity.actionlinks.end_links import end_links_of
from identity.actionlinks.models import action_links
from identity.actionlinks.rules import LIFETIMES, Purpose, digest_of, new_token


async def issue(
    tx: Transaction,
    *,
    account_id: str,
    purpose: Purpose,
    supersede: bool = False,
    new_email: str | None = None,
) -> str:
    """The token of a new link; `supersede` ends the older links of the same purpose.

    The token is told once and stored nowhere. Lifetimes follow the real time, whatever the business clock says.
    """
    if supersede:
        await end_links_of(tx, account_id, purpose=purpose, ended_as="superseded")
    token = new_token()
    await tx.execute(
        insert(action_links).values(
            id=new_id("lnk"),
            digest=digest_of(token),
            account_id=account_id,
            purpose=purpose,
            new_email=new_email,
            expires_at=func.now() + LIFETIMES[purpose],
        )
    )
    return token
