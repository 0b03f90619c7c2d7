"""Make a person a member of an organization."""

from collections.abc import Iterable

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from identity.accounts.queries import Account
from identity.members.events import MemberAdded
from identity.members.models import memberships
from identity.members.queries import Member
from identity.members.rules import in_order
from identity.members.tell import told


async def add(tx: Transaction, *, organization_id: str, account: Account, roles: Iterable[str]) -> Member | None:
    """The new member; None when the person belongs to the organization already, whose roles then stay."""
    wanted = in_order(roles)
    row = await tx.first(
        insert(memberships)
        .values(
            id=new_id("mem"),
            organization_id=organization_id,
            account_id=account.id,
            roles=wanted,
            created_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=[memberships.c.organization_id, memberships.c.account_id])
        .returning(memberships.c.id)
    )
    if row is None:
        return None
    member = Member(
        id=row.id,
        organization_id=organization_id,
        account_id=account.id,
        email=account.email,
        name=account.name,
        roles=tuple(wanted),
        status=account.status,
        revision=1,
        created_at=tx.now,
    )
    tx.emit(told(MemberAdded, member))
    return member
