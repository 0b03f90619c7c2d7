"""Reads of memberships that other features may use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from chassis.db.transaction import Reader
from identity.accounts.queries import people
from identity.members.models import memberships
from identity.members.rules import OWNER
from identity.organizations.queries import known_organizations


@dataclass(frozen=True, slots=True)
class Membership:
    """An account's roles in one organization."""

    id: str
    organization_id: str
    organization_name: str
    organization_origin: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an organization, as the organization sees them."""

    id: str
    organization_id: str
    account_id: str
    email: str
    name: str
    roles: tuple[str, ...]
    status: str
    revision: int
    created_at: datetime

    @classmethod
    def of(cls, row: Row[Any]) -> "Member":
        """The member that a row of `select_members` holds."""
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        return cls(**values | {"roles": tuple(row.roles)})

    @property
    def is_owner(self) -> bool:
        """Whether this member may do everything in the organization."""
        return OWNER in self.roles


async def memberships_of(reader: Reader, account_id: str) -> list[Membership]:
    """The organizations an account belongs to now, the oldest membership first."""
    return (await memberships_of_each(reader, [account_id]))[account_id]


async def memberships_of_each(reader: Reader, account_ids: Sequence[str]) -> dict[str, list[Membership]]:
    """The organizations that each of several accounts belongs to now, the oldest membership first."""
    rows = await reader.all(
        select(
            memberships.c.account_id,
            memberships.c.id,
            memberships.c.organization_id,
            known_organizations.c.name,
            known_organizations.c.origin,
            memberships.c.roles,
        )
        .join(known_organizations, known_organizations.c.id == memberships.c.organization_id)
        .where(memberships.c.account_id.in_(account_ids))
        .order_by(memberships.c.id)
    )
    found: dict[str, list[Membership]] = {account_id: [] for account_id in account_ids}
    for row in rows:
        found[row.account_id].append(Membership(row.id, row.organization_id, row.name, row.origin, tuple(row.roles)))
    return found


def select_members() -> Select[Any]:
    """Every member: the columns of `Member`."""
    return select(
        memberships.c.id,
        memberships.c.organization_id,
        memberships.c.account_id,
        memberships.c.roles,
        memberships.c.revision,
        memberships.c.created_at,
        people.c.email,
        people.c.name,
        people.c.status,
    ).join(people, people.c.id == memberships.c.account_id)


async def members_of(reader: Reader, organization_id: str) -> list[Member]:
    """Everybody in an organization, the oldest membership first."""
    statement = select_members().where(memberships.c.organization_id == organization_id)
    return [Member.of(row) for row in await reader.all(statement.order_by(memberships.c.id))]


async def has_activated_member(reader: Reader, organization_id: str) -> bool:
    """Whether somebody activated their account as a member here; who was active before does not count."""
    activated = (
        select(memberships.c.id)
        .join(people, people.c.id == memberships.c.account_id)
        .where(
            memberships.c.organization_id == organization_id,
            people.c.activated_at >= memberships.c.created_at,
        )
    )
    return await reader.first(activated.limit(1)) is not None


async def seats_of(reader: Reader, account_id: str) -> list[Member]:
    """The account's place in each of its organizations."""
    statement = select_members().where(memberships.c.account_id == account_id)
    return [Member.of(row) for row in await reader.all(statement.order_by(memberships.c.id))]


async def find_member(reader: Reader, *, member_id: str, organization_id: str | None) -> Member | None:
    """The member with that id in that organization (in any when None)."""
    statement = select_members().where(memberships.c.id == member_id)
    if organization_id is not None:
        statement = statement.where(memberships.c.organization_id == organization_id)
    row = await reader.first(statement)
    return Member.of(row) if row else None


async def count_other_owners(reader: Reader, member: Member) -> int:
    """How many owners the organization has beside `member`; closed accounts do not count."""
    others = (
        select_members()
        .where(
            memberships.c.organization_id == member.organization_id,
            memberships.c.id != member.id,
            memberships.c.roles.contains([OWNER]),
            people.c.status != "disabled",
        )
        .subquery()
    )
    return await reader.scalar(select(func.count()).select_from(others))


def account_ids_in(organization_id: str) -> Select[Any]:
    """The ids of the accounts in an organization, for the lists of neighbours."""
    return select(memberships.c.account_id).where(memberships.c.organization_id == organization_id)
