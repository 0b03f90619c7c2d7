"""Reads of applications and entitlements."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from chassis.db.transaction import Reader
from identity.applications.models import applications, entitlements, products
from identity.applications.rules import Grant


@dataclass(frozen=True, slots=True)
class Application:
    """Something the App Portal can open."""

    id: str
    code: str
    name: dict[str, str]
    description: dict[str, str]
    category: str
    launch_url: str
    icon: str | None
    client_id: str | None
    visibility: str
    visible_to_roles: list[str]
    only_transferred: bool
    position: int
    revision: int
    created_at: datetime

    @classmethod
    def of(cls, row: Row[Any]) -> "Application":
        """The application that a row holds."""
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__})


def select_applications() -> Select[Any]:
    """Every application: the columns of `Application`."""
    return select(*[applications.c[name] for name in Application.__dataclass_fields__])


async def find_application(reader: Reader, id_or_code: str) -> Application | None:
    """The application with that id or code."""
    row = await reader.first(
        select_applications().where(or_(applications.c.id == id_or_code, applications.c.code == id_or_code))
    )
    return Application.of(row) if row else None


async def all_applications(reader: Reader) -> list[Application]:
    """Every application in the order of the portal."""
    rows = await reader.all(select_applications().order_by(applications.c.position, applications.c.code))
    return [Application.of(row) for row in rows]


async def grants_by_application(reader: Reader, email: str) -> dict[str, list[Grant]]:
    """For each application code the grants that an address holds through products, whenever they are valid."""
    rows = await reader.all(
        select(func.unnest(products.c.applications).label("application"), entitlements.c.grants)
        .join(products, products.c.code == entitlements.c.product_code)
        .where(entitlements.c.email == email)
    )
    found: dict[str, list[Grant]] = defaultdict(list)
    for row in rows:
        found[row.application] += [_grant(stored) for stored in row.grants]
    return found


async def is_entitled_elsewhere(reader: Reader, *, email: str, organization_id: str) -> bool:
    """Whether another organization than this one has granted anything to the address."""
    rows = await reader.all(select(entitlements.c.grants).where(entitlements.c.email == email))
    return any(grant["organization_id"] != organization_id for row in rows for grant in row.grants)


def _grant(stored: dict[str, Any]) -> Grant:
    until = stored["valid_until"]
    return Grant(
        organization_id=stored["organization_id"],
        reason=stored["reason"],
        valid_from=datetime.fromisoformat(stored["valid_from"]),
        valid_until=None if until is None else datetime.fromisoformat(until),
    )
