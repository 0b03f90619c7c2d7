"""Customers as other features read them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from chassis.db.transaction import Database, Reader
from chassis.kernel.clock import today
from shop.customers.errors import CustomerNotFound
from shop.customers.models import customers, members
from shop.customers.vat_ids import as_written
from shop.customers.whereabouts import WHEREABOUTS
from shop.parties import Buyer, Org
from shop.regions.queries import REGION_OF_COUNTRY


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer with its region, for reading. `locale` and `time_zone` fall back to the region's."""

    organization_id: str
    company: str
    email: str
    first_name: str
    last_name: str
    country: str
    region: str | None
    currency: str | None
    tax_mode: str
    locale: str
    time_zone: str
    street: str
    postal_code: str
    city: str
    phone: str
    vat_id: str | None
    vat_status: str
    status: str
    hold_reason: str | None
    origin: str
    legacy_id: str | None
    version: int

    @property
    def is_held(self) -> bool:
        """Whether an operator stopped buying and renewing."""
        return self.status == "held"

    @property
    def vat_country(self) -> str | None:
        """The country of the VAT id, None without one in good form."""
        return as_written(self.vat_id).country if self.vat_id and self.vat_status == "valid_form" else None

    @property
    def org(self) -> Org:
        """The organization as events name it."""
        return Org(
            id=self.organization_id,
            name=self.company,
            locale=self.locale,
            time_zone=self.time_zone,
            country=self.country,
            region=self.region,
        )

    @property
    def buyer(self) -> Buyer:
        """The buyer as events name them."""
        return Buyer(email=self.email, first_name=self.first_name, last_name=self.last_name, locale=self.locale)

    def today(self, reader: Reader) -> date:
        """The business day it is at the customer's."""
        return today(reader.clock, self.time_zone)


@cache
def selected() -> Any:
    """A select of everything a `CustomerView` needs, one row per organization; put together once."""
    region = REGION_OF_COUNTRY.subquery("region")
    return select(
        customers,
        region.c.code.label("region"),
        region.c.currency,
        func.coalesce(region.c.tax_mode, "net").label("tax_mode"),
        func.coalesce(customers.c.time_zone, region.c.time_zone, "UTC").label("effective_time_zone"),
        func.coalesce(customers.c.locale, region.c.default_locale, "en").label("effective_locale"),
    ).select_from(customers.outerjoin(region, region.c.country == customers.c.country))


def view_of(row: Row[Any]) -> CustomerView:
    """The view of a row of `selected()`."""
    return CustomerView(
        organization_id=row.organization_id,
        company=row.company,
        email=row.email or "",
        first_name=row.first_name,
        last_name=row.last_name,
        country=row.country,
        region=row.region,
        currency=row.currency,
        tax_mode=row.tax_mode,
        locale=row.effective_locale,
        time_zone=row.effective_time_zone,
        street=row.street,
        postal_code=row.postal_code,
        city=row.city,
        phone=row.phone,
        vat_id=row.vat_id,
        vat_status=row.vat_status,
        status=row.status,
        hold_reason=row.hold_reason,
        origin=row.origin,
        legacy_id=row.legacy_id,
        version=row.version,
    )


async def get(reader: Reader, organization_id: str) -> CustomerView:
    """One customer. Raises CustomerNotFound."""
    return view_of(await row_of(reader, organization_id))


async def row_of(reader: Reader, organization_id: str) -> Row[Any]:
    """One customer as `selected()` reads it. Raises CustomerNotFound."""
    row = await reader.first(_one(), {"organization_id": organization_id})
    if row is None:
        raise CustomerNotFound
    return row


@cache
def _one() -> Any:
    return selected().where(customers.c.organization_id == bindparam("organization_id"))


async def members_of(reader: Reader, organization_id: str) -> list[Row[Any]]:
    """The members of an organization, removed ones left out."""
    mine = members.c.organization_id == organization_id
    return await reader.all(select(members).where(mine, members.c.is_removed.is_(False)).order_by(members.c.member_id))


async def get_many(reader: Reader, organization_ids: Collection[str]) -> dict[str, CustomerView]:
    """Several customers by organization; unknown ones are left out."""
    rows = await reader.all(selected().where(customers.c.organization_id.in_(organization_ids)))
    return {row.organization_id: view_of(row) for row in rows}


async def emails_of(reader: Reader, organization_id: str) -> set[str]:
    """The addresses of an organization's buyer and members, lower case."""
    of_members = select(members.c.email).where(members.c.organization_id == organization_id)
    of_buyer = select(customers.c.email).where(customers.c.organization_id == organization_id)
    rows = await reader.all(of_members.union(of_buyer))
    return {row.email for row in rows if row.email}


async def organizations_by_email(reader: Reader, emails: Collection[str]) -> dict[str, set[str]]:
    """The organizations whose buyer or members have these addresses (normalized), by address."""
    of_members = select(members.c.email, members.c.organization_id).where(
        members.c.email.in_(emails), members.c.is_removed.is_(False)
    )
    of_buyers = select(customers.c.email, customers.c.organization_id).where(customers.c.email.in_(emails))
    found: dict[str, set[str]] = {}
    for row in await reader.all(of_members.union(of_buyers)):
        found.setdefault(row.email, set()).add(row.organization_id)
    return found


async def country_of(database: Database, organization_id: str) -> str | None:
    """The country of an organization, remembered until it changes; None for an unknown organization."""
    known = WHEREABOUTS.known(organization_id)
    if known is not None:
        return known
    generation = WHEREABOUTS.generation
    async with database.read() as reader:
        country = await reader.scalar(select(customers.c.country).where(customers.c.organization_id == organization_id))
    if country is not None:
        WHEREABOUTS.remember(organization_id, country, generation)
    return country
