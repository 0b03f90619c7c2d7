"""Show licenses with what has become of their seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal_column, select

from chassis.db.transaction import Reader
from chassis.http.pages import Page, PageParams, page_of
from licensing.licenses import schemas
from licensing.licenses.announce import count_held_by_license, free_seats
from licensing.licenses.license import License
from licensing.licenses.models import licenses
from licensing.licenses.queries import license_for
from licensing.licenses.rules import SUSPENDED, notices
from licensing.licenses.store import license_of
from licensing.products.queries import names_of


@dataclass(frozen=True, slots=True)
class Filters:
    """Which licenses to show; None does not restrict."""

    organization_id: str | None = None
    product: str | None = None
    status: str | None = None
    origin: str | None = None
    subscription_id: str | None = None
    subscription_number: str | None = None
    invoice_number: str | None = None
    expiring_before: date | None = None


async def list_licenses(reader: Reader, filters: Filters, page: PageParams) -> Page[schemas.License]:
    """A page of licenses, oldest first."""
    found = await page_of(reader, _selection(reader, filters), page, order_by=[licenses.c.id], convert=_license)
    return Page(items=await describe(reader, found.items), next_cursor=found.next_cursor)


async def show_license(reader: Reader, license_id: str, *, organization_id: str | None) -> schemas.License:
    """One license. Raises LicenseNotFound."""
    license = await license_for(reader, license_id, organization_id=organization_id)
    return (await describe(reader, [license]))[0]


async def describe(reader: Reader, shown: Sequence[License]) -> list[schemas.License]:
    """The licenses as clients see them."""
    names = await names_of(reader, [license.product_code for license in shown])
    held = await count_held_by_license(reader, [license.id for license in shown])
    return [_described(reader, license, names, held) for license in shown]


def _described(
    reader: Reader, license: License, names: dict[str, dict[str, str]], held: dict[str, int]
) -> schemas.License:
    status = license.status_at(reader.now)
    assigned = min(1, license.quantity) if license.is_one_off else held.get(license.id, 0)
    free = free_seats(license, assigned=assigned, status=status)
    return schemas.License(
        id=license.id,
        organization_id=license.organization_id,
        product=license.product_code,
        product_name=names[license.product_code],
        status=status,
        term=schemas.Term(first_day=license.first_day, last_day=license.last_day),
        renews=license.renews,
        grace_until=license.grace_until,
        quantity=license.quantity,
        assigned=assigned,
        free=free,
        over_quantity=license.over_quantity,
        subscription_id=license.subscription_id,
        subscription_number=license.subscription_number,
        invoice_number=license.invoice_number,
        origin=license.origin,
        units=_units(license),
        notices=notices(reader.now, license.standing, status=status, quantity=license.quantity, free=free),
        created_at=license.created_at,
    )


def _units(license: License) -> schemas.Units | None:
    if license.units_total is None:
        return None
    return schemas.Units(
        total=license.units_total, used=license.units_used, left=license.units_total - license.units_used
    )


def _license(row: Row[Any]) -> License:
    return license_of(row[: len(licenses.c)])  # type: ignore[arg-type]


def _selection(reader: Reader, filters: Filters) -> Select[Any]:
    statement = select(licenses)
    exact = {
        "organization_id": filters.organization_id,
        "product_code": filters.product,
        "origin": filters.origin,
        "subscription_id": filters.subscription_id,
        "subscription_number": filters.subscription_number,
        "invoice_number": filters.invoice_number,
    }
    for name, value in exact.items():
        if value is not None:
            statement = statement.where(licenses.c[name] == value)
    if filters.status is not None:
        statement = statement.where(_status(reader) == filters.status)
    if filters.expiring_before is not None:
        statement = statement.where(licenses.c.last_day < filters.expiring_before)
    return statement


def _status(reader: Reader) -> ColumnElement[str]:
    """What License.status_at says, in SQL."""
    now = reader.now
    is_over = and_(licenses.c.access_until.is_not(None), licenses.c.access_until <= now)
    return case(
        (and_(is_over, licenses.c.lapse == SUSPENDED), "suspended"),
        (is_over, "ended"),
        (func.coalesce(licenses.c.units_used >= licenses.c.units_total, literal_column("false")), "used_up"),
        (licenses.c.access_from > now, "scheduled"),
        (and_(licenses.c.assured_until.is_not(None), licenses.c.assured_until <= now), "grace"),
        else_="active",
    )
