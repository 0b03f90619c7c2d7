"""Let legacy one-off purchases go on unlocking their products (FAQ: "until their expiry date, or until used up")."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.bus.reactions import Heard
from chassis.db.transaction import Transaction
from licensing.changes.mark import mark_all
from licensing.history.record import record
from licensing.licenses import store
from licensing.licenses.announce import announce
from licensing.licenses.events import LicenseGranted
from licensing.licenses.grant import Grant, grant, granted
from licensing.licenses.license import License
from licensing.licenses.rules import Agreement
from licensing.licenses.settle import facts_of, settle
from licensing.organizations.snapshots import Buyer, Organization


@dataclass(frozen=True, slots=True)
class Purchase:
    """A legacy purchase that goes on, and the event that brings it. One per organization and legacy id."""

    heard: Heard[Any]
    organization: Organization
    buyer: Buyer
    buyer_email: str
    transfer_id: str
    legacy_id: str
    product_code: str
    product_name: dict[str, str]
    quantity: int
    first_day: date
    last_day: date | None
    units_total: int | None
    units_used: int

    @property
    def key(self) -> tuple[str, str | None]:
        """What tells it from all others."""
        return self.organization.id, self.legacy_id

    @property
    def agreement(self) -> Agreement:
        """The days on which it can be used."""
        return Agreement(starts_on=self.first_day, last_day=self.last_day, renews=False)

    @property
    def units_left_behind(self) -> int:
        """The units used before, as far as there were any."""
        return self.units_used if self.units_total is None else min(self.units_used, self.units_total)


async def grant_one_offs(tx: Transaction, purchases: Sequence[Purchase]) -> None:
    """Grant their buyers the one-off licenses; those that an earlier attempt at the transfer granted are revived."""
    if not purchases:
        return
    known = _by_key(await store.lock_legacy(tx, {each.key for each in purchases}))
    new: dict[tuple[str, str | None], Purchase] = {}
    again = [each for each in purchases if each.key in known or new.setdefault(each.key, each) is not each]
    known |= _by_key(await _grant(tx, list(new.values())))
    for each in again:
        known[each.key] = await _revive(tx, known[each.key], each)
    await mark_all(tx, {(each.buyer_email, known[each.key].product_code) for each in purchases})


async def _grant(tx: Transaction, purchases: Sequence[Purchase]) -> list[License]:
    licenses = await grant(tx, [_grant_of(each) for each in purchases])
    await record(tx, [granted(license, by=each.heard.actor) for license, each in zip(licenses, purchases, strict=True)])
    for license, each in zip(licenses, purchases, strict=True):
        each.heard.begin(tx)
        await announce(tx, license, LicenseGranted, organization=each.organization, product_name=each.product_name)
    return licenses


def _grant_of(purchase: Purchase) -> Grant:
    return Grant(
        organization=purchase.organization,
        product_code=purchase.product_code,
        origin="one_off",
        agreement=purchase.agreement,
        first_day=purchase.first_day,
        quantity=max(1, purchase.quantity),
        buyer=purchase.buyer,
        buyer_email=purchase.buyer_email,
        transfer_id=purchase.transfer_id,
        legacy_id=purchase.legacy_id,
        units_total=purchase.units_total,
        units_used=purchase.units_left_behind,
    )


async def _revive(tx: Transaction, known: License, again: Purchase) -> License:
    """Units counted here are never lost: the higher of both counts stands."""
    again.heard.begin(tx)
    facts = facts_of(again.agreement, time_zone=again.organization.time_zone)
    used = max(again.units_left_behind, min(known.units_used, again.units_total or 0))
    units = {"units_total": again.units_total, "units_used": used}
    who = {"transfer_id": again.transfer_id, "buyer_email": again.buyer_email, "ended_reason": None}
    license = await store.change(tx, known.id, facts | units | who | {"first_day": again.first_day})
    return await settle(tx, license, organization=again.organization)


def _by_key(licenses: Iterable[License]) -> dict[tuple[str, str | None], License]:
    return {(license.organization_id, license.legacy_id): license for license in licenses}
