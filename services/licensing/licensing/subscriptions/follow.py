"""Keep licenses in step with their subscriptions.

Every event carries the whole subscription, so the newest one is all that counts: whichever comes first grants the
license, older ones that come late change nothing, and a repeated one finds its work done.
"""

from collections.abc import Collection, Sequence
from typing import Any

from chassis.bus.reactions import Heard
from chassis.db.transaction import Transaction
from licensing.assignments.assign_buyer import Entitled, assign_buyer, tell_buyer
from licensing.assignments.assign_many import created
from licensing.assignments.close import end_all, release
from licensing.assignments.follow_license import follow_license
from licensing.assignments.resize import resize
from licensing.changes.mark import mark_holders
from licensing.history.record import Deed, record
from licensing.licenses.announce import announce
from licensing.licenses.change import change
from licensing.licenses.events import LicenseRenewed, LicenseResized
from licensing.licenses.license import License
from licensing.licenses.lock import lock_pools
from licensing.licenses.rules import last_possible_day
from licensing.licenses.settle import settle
from licensing.organizations.snapshots import Organization
from licensing.subscriptions.facts import SubscriptionNews
from licensing.subscriptions.grant import grant_subscriptions
from licensing.subscriptions.recount import note_organizations

News = Heard[SubscriptionNews]


async def follow(tx: Transaction, heard: Sequence[News]) -> None:
    """Grant, renew, resize, suspend, resume or end licenses, as the differences to what is known demand.

    New ones are granted together. Where more happens to an organization's licenses of a product, its news are taken one
    after the other, in their order.
    """
    pools = await lock_pools(tx, {one.fact.subscription.pool for one in heard})
    organizations = await note_organizations(tx, heard)
    known = {license.subscription_id: license for license in pools}
    new, others = _told_apart(heard, known)
    await grant_subscriptions(tx, new, organizations)
    for one in others:
        one.begin(tx)
        before = known.get(one.fact.subscription.id)
        if before is None:
            known |= {
                license.subscription_id: license for license in await grant_subscriptions(tx, [one], organizations)
            }
        else:
            known[before.subscription_id] = await _compare(tx, before, one, organizations[one.fact.organization.id])


def _told_apart(heard: Sequence[News], known: Collection[str | None]) -> tuple[list[News], list[News]]:
    """The news that do nothing but grant licenses, and those of pools in which something else happens."""
    seen = set(known)
    busy = set()
    for one in heard:
        if one.fact.subscription.id in seen:
            busy.add(one.fact.subscription.pool)
        seen.add(one.fact.subscription.id)
    new = [one for one in heard if one.fact.subscription.pool not in busy]
    return new, [one for one in heard if one.fact.subscription.pool in busy]


async def _compare(tx: Transaction, known: License, one: News, organization: Organization) -> License:
    if one.fact.release:
        await release(tx, known, one.fact.release, organization=organization)
    if one.envelope.sequence > known.sequence:
        return await _take_over(tx, known, one, organization)
    return known


async def _take_over(tx: Transaction, before: License, one: News, organization: Organization) -> License:
    agreement = one.fact.subscription.agreement(starts_on=before.starts_on, ended_at=before.ended_at or tx.now)
    after = await change(tx, before, organization=organization, agreement=agreement, **_other_facts(before, one))
    if agreement.ended_at is not None and before.ended_at is None:
        await end_all(tx, after, organization=organization, reason="license_ended")
    elif last_possible_day(agreement) != last_possible_day(before.agreement):
        await follow_license(tx, after, organization=organization)
    await mark_holders(tx, license_id=after.id)
    if after.ended_at is None and (after.quantity != before.quantity or after.over_quantity):
        after = await resize(tx, after, organization=organization)
    if before.ended_at is not None and after.ended_at is None:
        await _seat_buyer(tx, after, organization)
    await _tell(tx, before, after, organization)
    return await settle(tx, after, organization=organization)


async def _seat_buyer(tx: Transaction, license: License, organization: Organization) -> None:
    (mine,) = await assign_buyer(tx, [Entitled(license, organization, by=tx.actor)])
    if mine is not None:
        await record(tx, [created(mine)])
        await tell_buyer(tx, mine, organization=organization)


def _other_facts(before: License, one: News) -> dict[str, Any]:
    news, subscription = one.fact, one.fact.subscription
    return {
        "first_day": subscription.term.first_day,
        "quantity": subscription.quantity,
        "subscription_number": subscription.number or before.subscription_number,
        "invoice_number": news.invoice_number or before.invoice_number,
        "transfer_id": subscription.transfer_id or before.transfer_id,
        "buyer": before.buyer if news.buyer is None else news.buyer.model_dump(),
        "buyer_email": news.buyer_email or before.buyer_email,
        "ended_reason": news.ended_reason if subscription.is_ended else None,
        "sequence": one.envelope.sequence,
    }


async def _tell(tx: Transaction, before: License, after: License, organization: Organization) -> None:
    deeds = []
    if after.last_day is not None and before.last_day is not None and after.last_day > before.last_day:
        deeds.append(Deed(after.organization_id, after.id, "license.renewed", details={"last_day": after.last_day}))
        await announce(tx, after, LicenseRenewed, organization=organization)
    if after.quantity != before.quantity:
        details = {"before": before.quantity, "after": after.quantity}
        deeds.append(Deed(after.organization_id, after.id, "license.resized", details=details))
        await announce(tx, after, LicenseResized, organization=organization, previous_quantity=before.quantity)
    if after.past_due and not before.past_due:
        details = {"grace_until": after.grace_until}
        deeds.append(Deed(after.organization_id, after.id, "license.past_due", details=details))
    if after.ended_at is not None and before.ended_at is None:
        deeds.append(Deed(after.organization_id, after.id, "license.ended", details={"reason": after.ended_reason}))
    await record(tx, deeds)
