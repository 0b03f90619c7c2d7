"""Give a member other roles."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import update

from chassis.db.transaction import Transaction
from identity.audit.record import record
from identity.members.errors import LastOwner
from identity.members.events import MemberChanged
from identity.members.models import memberships
from identity.members.queries import Member, count_other_owners
from identity.members.rules import OWNER, in_order, loses_last_owner
from identity.members.tell import told
from identity.tiles import tiles_changed


async def change(tx: Transaction, *, member: Member, roles: Iterable[str]) -> Member:
    """The member with these roles. The caller holds the lock on the organization. Raises LastOwner."""
    wanted = in_order(roles)
    if tuple(wanted) == member.roles:
        return member
    if loses_last_owner(
        was_owner=member.is_owner,
        stays_owner=OWNER in wanted,
        other_owners=await count_other_owners(tx, member),
    ):
        raise LastOwner
    row = await tx.one(
        update(memberships)
        .where(memberships.c.id == member.id)
        .values(roles=wanted, revision=memberships.c.revision + 1)
        .returning(memberships.c.revision)
    )
    changed = replace(member, roles=tuple(wanted), revision=row.revision)
    await record(tx, "member.changed", member.id, organization_id=member.organization_id, roles=wanted)
    tx.emit(told(MemberChanged, changed))
    tiles_changed(tx, [member.account_id])
    return changed
