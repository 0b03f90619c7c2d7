"""Take over a customer of the old shop."""

from functools import partial

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from shop.customers.models import customers
from shop.customers.vat_ids import read_vat_id
from shop.customers.whereabouts import WHEREABOUTS


async def adopt(
    tx: Transaction,
    *,
    organization_id: str,
    company: str,
    email: str,
    names: tuple[str, str],
    country: str,
    locale: str | None,
    time_zone: str | None,
    vat_id: str | None,
    address: dict[str, str],
    phone: str,
    legacy_id: str,
    region: str | None = None,
) -> None:
    """Store the organization as a transferred customer; a second time it is brought up to date, idempotent by id.

    `address` has `street`, `postal_code`, `city`; `names` is (first, last). The region follows from the country, so
    `region` is not stored. A VAT id in bad form is kept as given and taxed as if absent.
    """
    vat = read_vat_id(vat_id) if vat_id else None
    values = {
        "company": company,
        "email": email,
        "first_name": names[0],
        "last_name": names[1],
        "country": country,
        "organization_country": country,
        "locale": locale,
        "time_zone": time_zone,
        "street": address.get("street", ""),
        "postal_code": address.get("postal_code", ""),
        "city": address.get("city", ""),
        "phone": phone,
        "vat_id": vat.number if vat else (vat_id or None),
        "vat_status": "valid_form" if vat else ("invalid" if vat_id else "none"),
        "origin": "transferred",
        "legacy_id": legacy_id,
    }
    statement = insert(customers).values(
        organization_id=organization_id, created_at=tx.now, changed_at=tx.now, **values
    )
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["organization_id"], set_={**values, "changed_at": tx.now})
    )
    tx.after_commit(partial(WHEREABOUTS.forget, organization_id))
