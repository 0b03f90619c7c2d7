"""The person behind a grant, as tokens tell of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Reader
from identity.oauth import store
from identity.oauth.rules import active_organization


@dataclass(frozen=True, slots=True)
class Person:
    """An account with its memberships, the oldest first."""

    account_id: str
    email: str
    name: str
    locale: str
    status: str
    operator_roles: tuple[str, ...]
    tokens_not_before: datetime | None
    memberships: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, row: Row[Any]) -> "Person":
        """The person that a row of the view `people` tells of."""
        return cls(
            account_id=row.account_id,
            email=row.email,
            name=row.name,
            locale=row.locale,
            status=row.status,
            operator_roles=tuple(row.operator_roles),
            tokens_not_before=row.tokens_not_before,
            memberships=tuple(row.memberships),
        )

    @property
    def is_active(self) -> bool:
        """Whether they may sign in."""
        return self.status == "active"

    @property
    def is_operator(self) -> bool:
        """Whether they belong to the vendor's own staff."""
        return bool(self.operator_roles)

    @property
    def organization_ids(self) -> tuple[str, ...]:
        """The organizations they belong to now."""
        return tuple(membership["organization_id"] for membership in self.memberships)

    def belongs_to(self, organization_id: str) -> bool:
        """Whether they are a member of the organization now."""
        return organization_id in self.organization_ids

    def acting_in(self, wanted: str | None) -> tuple[str | None, tuple[str, ...]]:
        """The organization a token of theirs acts in, and their roles there."""
        organization_id = active_organization(wanted, self.organization_ids)
        roles = next((tuple(one["roles"]) for one in self.memberships if one["organization_id"] == organization_id), ())
        return organization_id, roles


async def find_person(reader: Reader, account_id: str) -> Person | None:
    """The person with that account, in one round trip."""
    row = await store.person(reader, account_id=account_id)
    return None if row is None else Person.of(row)
