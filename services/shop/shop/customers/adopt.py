"""Take over customers of the old shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from shop.customers.models import customers
from shop.customers.vat_ids import VatId, as_written, read_vat_id
from shop.customers.whereabouts import WHEREABOUTS


@dataclass(frozen=True, slots=True)
class AdoptedCustomer:
    """A customer as the old shop's export has it. The region follows from the country and is not stored.

    `vat_id_has_form`: whether the export's check found the form of the VAT id good (it looks at no check digits).
    """

    organization_id: str
    company: str
    email: str
    first_name: str
    last_name: str
    country: str
    locale: str | None
    time_zone: str | None
    vat_id: str | None
    street: str
    postal_code: str
    city: str
    phone: str
    legacy_id: str
    vat_id_has_form: bool = False


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
    """Store one organization as a transferred customer; see `adopt_all`.

    `address` has `street`, `postal_code`, `city`; `names` is (first, last).
    """
    customer = AdoptedCustomer(
        organization_id=organization_id,
        company=company,
        email=email,
        first_name=names[0],
        last_name=names[1],
        country=country,
        locale=locale,
        time_zone=time_zone,
        vat_id=vat_id,
        street=address.get("street", ""),
        postal_code=address.get("postal_code", ""),
        city=address.get("city", ""),
        phone=phone,
        legacy_id=legacy_id,
    )
    await adopt_all(tx, [customer])


async def adopt_all(tx: Transaction, adopted: Sequence[AdoptedCustomer]) -> None:
    """Store organizations as transferred customers; a second time they are brought up to date, idempotent by id.

    A VAT id in bad form is kept as given and taxed as if absent. Rows are written in the order of their ids, in which
    all who write several customers lock them.
    """
    if not adopted:
        return
    rows = [_row(tx, customer) for customer in sorted(adopted, key=lambda customer: customer.organization_id)]
    statement = insert(customers)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in ("organization_id", "created_at")}
    await tx.execute(statement.on_conflict_do_update(index_elements=["organization_id"], set_=changed), rows)
    for customer in adopted:
        tx.after_commit(partial(WHEREABOUTS.forget, customer.organization_id))


def _row(tx: Transaction, customer: AdoptedCustomer) -> dict[str, Any]:
    vat = _vat_id(customer)
    return {
        "organization_id": customer.organization_id,
        "company": customer.company,
        "email": customer.email,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "country": customer.country,
        "organization_country": customer.country,
        "locale": customer.locale,
        "time_zone": customer.time_zone,
        "street": customer.street,
        "postal_code": customer.postal_code,
        "city": customer.city,
        "phone": customer.phone,
        "vat_id": vat.number if vat else (customer.vat_id or None),
        "vat_status": "valid_form" if vat else ("invalid" if customer.vat_id else "none"),
        "origin": "transferred",
        "legacy_id": customer.legacy_id,
        "created_at": tx.now,
        "changed_at": tx.now,
    }


def _vat_id(customer: AdoptedCustomer) -> VatId | None:
    if not customer.vat_id:
        return None
    return as_written(customer.vat_id) if customer.vat_id_has_form else read_vat_id(customer.vat_id)
