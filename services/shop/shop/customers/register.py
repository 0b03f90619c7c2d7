"""Know an organization that identity tells of."""

from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from shop.customers import store
from shop.customers.names import split_name
from shop.customers.vat_ids import read_vat_id


async def register(
    tx: Transaction,
    *,
    organization_id: str,
    name: str,
    country: str,
    locale: str | None,
    time_zone: str | None,
    vat_id: str | None,
) -> None:
    """A customer of its own for a new organization. Harmless when the shop knows it already, as after a transfer."""
    owner = await store.owner_of(tx, organization_id)
    vat = read_vat_id(vat_id) if vat_id else None
    first_name, last_name = split_name(owner.name) if owner else ("", "")
    await store.add(
        tx,
        {
            "organization_id": organization_id,
            "company": name,
            "email": owner.email if owner else None,
            "first_name": first_name,
            "last_name": last_name,
            "country": country,
            "organization_country": country,
            "locale": locale,
            "time_zone": time_zone,
            "vat_id": vat.number if vat else (vat_id or None),
            "vat_status": "valid_form" if vat else ("invalid" if vat_id else "none"),
        },
    )


async def follow(
    tx: Transaction,
    *,
    organization_id: str,
    name: str,
    country: str,
    locale: str | None,
    time_zone: str | None,
    vat_id: str | None,
) -> Row[Any] | None:
    """Follow a changed organization; answers the row as it was, None when it was new.

    The billing country moves only when the organization's own country did, and a VAT id is taken over only where the
    shop has none: what a buyer entered in the shop stays.
    """
    before = await store.lock(tx, organization_id)
    if before is None:
        await register(
            tx,
            organization_id=organization_id,
            name=name,
            country=country,
            locale=locale,
            time_zone=time_zone,
            vat_id=vat_id,
        )
        return None
    if before.status == "erased":
        return before
    values: dict[str, Any] = {
        "company": name,
        "organization_country": country,
        "locale": locale or before.locale,
        "time_zone": time_zone or before.time_zone,
    }
    if country != before.organization_country:
        values["country"] = country
    vat = read_vat_id(vat_id) if vat_id else None
    if before.vat_id is None and vat is not None:
        values |= {"vat_id": vat.number, "vat_status": "valid_form"}
    await store.change(tx, organization_id, values)
    return before
