"""Let a person leave an organization, or send them off."""

from sqlalchemy import delete

from chassis.db.transaction import Transaction
from identity.audit.record import record
from identity.members.errors import LastOwner
from identity.members.events import MemberRemoved
from identity.members.models import memberships
from identity.members.queries import Member, count_other_owners
from identity.members.rules import loses_last_owner
from identity.members.tell import told
from identity.tiles import tiles_changed


async def remove(tx: Transaction, *, member: Member) -> None:
    """End the membership; the account stays. The caller holds the lock on the organization. Raises LastOwner."""
    others = await count_other_owners(tx, member)
    if loses_last_owner(was_owner=member.is_owner, stays_owner=False, other_owners=others):
        raise LastOwner
    await take_out(tx, member=member)


async def take_out(tx: Transaction, *, member: Member) -> None:
    """End the membership whoever it is: what a roll-back of a transfer does."""
    gone = await tx.first(delete(memberships).where(memberships.c.id == member.id).returning(memberships.c.id))
    if gone is None:
        return
    await record(tx, "member.removed", member.id, organization_id=member.organization_id, account=member.account_id)
    tx.emit(told(MemberRemoved, member))
    tiles_changed(tx, [member.account_id])
