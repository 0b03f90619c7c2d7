"""Work out what a license's facts amount to, and tell when its status turns."""

from typing import Any

from chassis.db.transaction import Transaction
from licensing.licenses import store
from licensing.licenses.announce import announce
from licensing.licenses.events import LicenseEnded, LicenseGranted, LicenseResumed, LicenseSuspended
from licensing.licenses.license import License
from licensing.licenses.rules import Agreement, next_turn, standing
from licensing.organizations.snapshots import Organization


def facts_of(agreement: Agreement, *, time_zone: str) -> dict[str, Any]:
    """The columns that hold the agreement and what it amounts to."""
    given = standing(agreement, time_zone=time_zone)
    return {
        "starts_on": agreement.starts_on,
        "last_day": agreement.last_day,
        "renews": agreement.renews,
        "past_due": agreement.past_due,
        "grace_until": agreement.grace_until,
        "ended_at": agreement.ended_at,
        "access_from": given.access_from,
        "assured_until": given.assured_until,
        "access_until": given.access_until,
        "lapse": given.lapse,
    }


async def settle(tx: Transaction, license: License, *, organization: Organization) -> License:
    """Announce a turn of the status since the last announcement, and note when to look again.

    Calling twice is harmless: what was announced is kept with the license.
    """
    status = license.status_at(tx.now)
    look_again_at = next_turn(tx.now, license.standing)
    if (status, look_again_at) == (license.announced, license.look_again_at):
        return license
    turned = await store.change(tx, license.id, {"announced": status, "look_again_at": look_again_at})
    await _announce_turn(tx, turned, before=license.announced, organization=organization)
    return turned


async def _announce_turn(tx: Transaction, license: License, *, before: str, organization: Organization) -> None:
    after = license.announced
    if after == before:
        return
    if after == "suspended":
        await announce(tx, license, LicenseSuspended, organization=organization)
    elif after in ("ended", "used_up"):
        reason = license.ended_reason or ("units_used_up" if after == "used_up" else "term_over")
        await announce(tx, license, LicenseEnded, organization=organization, ended_reason=reason)
    elif before == "ended":
        await announce(tx, license, LicenseGranted, organization=organization)
    elif before == "suspended":
        await announce(tx, license, LicenseResumed, organization=organization)
