"""Let a legacy one-off purchase go on unlocking its product (FAQ: "until their expiry date, or until used up")."""

from datetime import date

from chassis.db.transaction import Transaction
from licensing.changes.mark import mark
from licensing.history.record import record
from licensing.licenses import store
from licensing.licenses.announce import announce
from licensing.licenses.events import LicenseGranted
from licensing.licenses.grant import Grant, grant, granted
from licensing.licenses.license import License
from licensing.licenses.rules import Agreement
from licensing.licenses.settle import facts_of, settle
from licensing.organizations.snapshots import Buyer, Organization


async def grant_one_off(
    tx: Transaction,
    *,
    organization: Organization,
    buyer: Buyer,
    buyer_email: str,
    transfer_id: str,
    legacy_id: str,
    product_code: str,
    quantity: int,
    first_day: date,
    last_day: date | None,
    units_total: int | None,
    units_used: int,
) -> License:
    """Grant the one-off license to the buyer; one that an earlier attempt at the transfer granted is revived.

    Units counted here are never lost: the higher of both counts stands.
    """
    agreement = Agreement(starts_on=first_day, last_day=last_day, renews=False)
    used = units_used if units_total is None else min(units_used, units_total)
    known = await store.by_legacy_id(tx, organization_id=organization.id, legacy_id=legacy_id)
    if known is None:
        license = await grant(
            tx,
            organization=organization,
            wanted=Grant(
                product_code=product_code,
                origin="one_off",
                agreement=agreement,
                first_day=first_day,
                quantity=max(1, quantity),
                buyer=buyer,
                buyer_email=buyer_email,
                transfer_id=transfer_id,
                legacy_id=legacy_id,
                units_total=units_total,
                units_used=used,
            ),
        )
        await record(tx, [granted(license)])
        await announce(tx, license, LicenseGranted, organization=organization)
    else:
        facts = facts_of(agreement, time_zone=organization.time_zone)
        units = {"units_total": units_total, "units_used": max(used, min(known.units_used, units_total or 0))}
        who = {"transfer_id": transfer_id, "buyer_email": buyer_email, "ended_reason": None}
        license = await store.change(tx, known.id, facts | units | who | {"first_day": first_day})
        license = await settle(tx, license, organization=organization)
    await mark(tx, product_code=license.product_code, emails=[buyer_email])
    return license
