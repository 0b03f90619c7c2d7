"""Make people members of organizations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from chassis.db.transaction import Transaction
from chassis.kernel.ids import new_id
from identity.accounts.queries import Account
from identity.members.events import MemberAdded
from identity.members.queries import Member
from identity.members.rules import in_order
from identity.members.tell import told
from identity.tiles import tiles_changed

JOIN = text(
    "INSERT INTO memberships (id, organization_id, account_id, roles, created_at)"
    " SELECT id, organization_id, account_id, string_to_array(roles, ' '), :now"
    " FROM unnest(CAST(:ids AS text[]), CAST(:organizations AS text[]), CAST(:accounts AS text[]),"
    " CAST(:roles AS text[])) AS w(id, organization_id, account_id, roles)"
    ' ORDER BY organization_id COLLATE "C", account_id COLLATE "C"'
    " ON CONFLICT (organization_id, account_id) DO NOTHING RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Joining:
    """A person about to belong to an organization."""

    organization_id: str
    account: Account
    roles: Iterable[str]


async def add(tx: Transaction, *, organization_id: str, account: Account, roles: Iterable[str]) -> Member | None:
    """The new member, told of; None when the person belongs to the organization already, whose roles then stay."""
    (member,) = await add_all(tx, [Joining(organization_id, account, roles)])
    if member is not None:
        tx.emit(told(MemberAdded, member))
    return member


async def add_all(tx: Transaction, joining: Sequence[Joining]) -> list[Member | None]:
    """The new member for each, in one statement; None for who belongs to the organization already.

    Emits nothing: the caller does, on behalf of whoever brought each about.
    """
    first: dict[tuple[str, str], Member] = {}
    for each in joining:
        first.setdefault((each.organization_id, each.account.id), _member(tx, each))
    if not first:
        return []
    params = {
        "now": tx.now,
        "ids": [member.id for member in first.values()],
        "organizations": [member.organization_id for member in first.values()],
        "accounts": [member.account_id for member in first.values()],
        "roles": [" ".join(member.roles) for member in first.values()],
    }
    added = set((await tx.execute(JOIN, params)).scalars())
    new = {key: member for key, member in first.items() if member.id in added}
    tiles_changed(tx, [member.account_id for member in new.values()])
    return [new.pop((each.organization_id, each.account.id), None) for each in joining]


def _member(tx: Transaction, joining: Joining) -> Member:
    account = joining.account
    return Member(
        id=new_id("mem"),
        organization_id=joining.organization_id,
        account_id=account.id,
        email=account.email,
        name=account.name,
        roles=tuple(in_order(joining.roles)),
        status=account.status,
        revision=1,
        created_at=tx.now,
    )
