"""Change a customer's billing data."""

from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.errors import FieldError, Invalid
from shop.customers import store
from shop.customers.errors import CustomerNotFound, RegionFixed
from shop.customers.events import BillingAddress, CustomerChanged
from shop.customers.queries import CustomerView, get
from shop.customers.vat_ids import read_vat_id
from shop.regions.queries import all_regions


async def change(tx: Transaction, *, organization_id: str, sent: dict[str, Any]) -> CustomerView:
    """Apply what was sent and tell the others. Raises Invalid for a VAT id in bad form, RegionFixed for a country of
    another region: prices and currency were agreed in this one.
    """
    before = await get(tx, organization_id)
    values = _flat(sent)
    country = values.get("country")
    if country is not None and country != before.country:
        await _refuse_other_region(tx, before, country)
    if values:
        await store.change(tx, organization_id, values)
    after = await get(tx, organization_id)
    tx.emit(changed(after))
    return after


async def hold(tx: Transaction, *, organization_id: str, reason: str) -> None:
    """Stop buying and renewing until `release`. Calling it again only changes the reason. Raises CustomerNotFound."""
    row = await store.lock(tx, organization_id)
    if row is None or row.status == "erased":
        raise CustomerNotFound
    await store.change(tx, organization_id, {"status": "held", "hold_reason": reason})


async def release(tx: Transaction, *, organization_id: str) -> None:
    """Let a held customer buy and renew again. Harmless for one that is not held. Raises CustomerNotFound."""
    row = await store.lock(tx, organization_id)
    if row is None or row.status == "erased":
        raise CustomerNotFound
    await store.change(tx, organization_id, {"status": "active", "hold_reason": None})


def changed(view: CustomerView) -> CustomerChanged:
    """The event of a customer as it is now."""
    return CustomerChanged(
        organization_id=view.organization_id,
        company=view.company,
        country=view.country,
        vat_id=view.vat_id,
        phone=view.phone,
        billing_address=BillingAddress(
            street=view.street, postal_code=view.postal_code, city=view.city, country=view.country
        ),
    )


def _flat(sent: dict[str, Any]) -> dict[str, Any]:
    """The columns that change; null empties a text, except company and country, which cannot be empty."""
    address = sent.get("billing_address") or {}
    values = {name: value for name, value in {**sent, **address}.items() if name not in {"billing_address", "vat_id"}}
    values = {name: value or "" for name, value in values.items() if value or name not in {"company", "country"}}
    return values | (_vat_values(sent["vat_id"]) if "vat_id" in sent else {})


def _vat_values(text: str | None) -> dict[str, Any]:
    if not text:
        return {"vat_id": None, "vat_status": "none"}
    vat = read_vat_id(text)
    if vat is None:
        detail = "This is not a VAT id. It begins with the country, as in DE136695976."
        raise Invalid(errors=[FieldError("/vat_id", "invalid_vat_id", detail)])
    return {"vat_id": vat.number, "vat_status": "valid_form"}


async def _refuse_other_region(tx: Transaction, before: CustomerView, country: str) -> None:
    regions = await all_regions(tx)
    serving = next((region.code for region in regions.values() if country in region.countries), None)
    if before.region is not None and serving != before.region:
        raise RegionFixed("Please ask our support to move your company to this country.")
