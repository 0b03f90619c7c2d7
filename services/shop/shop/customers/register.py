"""Know the organizations that identity tells of."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from shop.customers import store
from shop.customers.names import split_name
from shop.customers.news import OrganizationNews
from shop.customers.vat_ids import read_vat_id


async def register_all(tx: Transaction, organizations: Sequence[OrganizationNews]) -> None:
    """A customer of its own for each new organization; three statements at most.

    Harmless when the shop knows it already, as after a transfer; of several with one id the first counts.
    """
    known = await store.known_among(tx, {each.organization_id for each in organizations})
    new: dict[str, OrganizationNews] = {}
    for each in organizations:
        if each.organization_id not in known:
            new.setdefault(each.organization_id, each)
    if new:
        owners = await store.owners_of(tx, new.keys())
        await store.add_all(tx, [_row(new[known_by], owners.get(known_by)) for known_by in sorted(new)])


async def follow(tx: Transaction, news: OrganizationNews) -> Row[Any] | None:
    """Follow a changed organization; answers the row as it was, None when it was new.

    The billing country moves only when the organization's own country did, and a VAT id is taken over only where the
    shop has none: what a buyer entered in the shop stays.
    """
    before = await store.lock(tx, news.organization_id)
    if before is None:
        await register_all(tx, [news])
        return None
    if before.status == "erased":
        return before
    values: dict[str, Any] = {
        "company": news.name,
        "organization_country": news.country,
        "locale": news.locale or before.locale,
        "time_zone": news.time_zone or before.time_zone,
    }
    if news.country != before.organization_country:
        values["country"] = news.country
    vat = read_vat_id(news.vat_id) if news.vat_id else None
    if before.vat_id is None and vat is not None:
        values |= {"vat_id": vat.number, "vat_status": "valid_form"}
    await store.change(tx, news.organization_id, values)
    return before


def _row(news: OrganizationNews, owner: Row[Any] | None) -> dict[str, Any]:
    vat = read_vat_id(news.vat_id) if news.vat_id else None
    first_name, last_name = split_name(owner.name) if owner else ("", "")
    return {
        "organization_id": news.organization_id,
        "company": news.name,
        "email": owner.email if owner else None,
        "first_name": first_name,
        "last_name": last_name,
        "country": news.country,
        "organization_country": news.country,
        "locale": news.locale,
        "time_zone": news.time_zone,
        "vat_id": vat.number if vat else (news.vat_id or None),
        "vat_status": "valid_form" if vat else ("invalid" if news.vat_id else "none"),
    }
