"""Keep a license in step with its subscription.

Every event carries the whole subscription, so the newest one is all that counts: whichever comes first grants the
license, older ones that come late change nothing, and a repeated one finds its work done.
"""

from datetime import datetime
from typing import Any

from chassis.db.transaction import Transaction
from chassis.kernel.emails import InvalidEmail, normalize_email
from licensing.assignments.assign_buyer import assign_buyer
from licensing.assignments.assign_many import created
from licensing.assignments.close import end_all, release
from licensing.assignments.follow_license import follow_license
from licensing.assignments.resize import resize
from licensing.changes.mark import mark_holders
from licensing.history.record import Deed, record
from licensing.licenses.announce import announce
from licensing.licenses.change import change
from licensing.licenses.events import LicenseGranted, LicenseRenewed, LicenseResized
from licensing.licenses.grant import Grant, grant, granted
from licensing.licenses.license import License
from licensing.licenses.lock import lock_pool
from licensing.licenses.rules import Agreement, last_possible_day
from licensing.licenses.settle import settle
from licensing.organizations.remember import remember as remember_organization
from licensing.organizations.snapshots import Buyer, Organization
from licensing.products.remember import remember as remember_product
from licensing.subscriptions.facts import Subscription, SubscriptionNews
from licensing.subscriptions.recount import recount_days
from licensing.transfers.queries import is_taken_back


async def follow(tx: Transaction, news: SubscriptionNews, *, sequence: int, happened_at: datetime) -> None:
    """Grant, renew, resize, suspend, resume or end the license, as the difference to what is known demands."""
    subscription = news.subscription
    pool = await lock_pool(tx, organization_id=subscription.organization_id, product_code=subscription.product_code)
    if await remember_organization(tx, news.organization, noted_at=happened_at):
        await recount_days(tx, news.organization)
    known = next((license for license in pool if license.subscription_id == subscription.id), None)
    if known is None:
        await _grant(tx, news, sequence, happened_at)
        return
    if news.release:
        await release(tx, known, news.release, organization=news.organization)
    if sequence > known.sequence:
        await _take_over(tx, known, news, sequence)


async def _grant(tx: Transaction, news: SubscriptionNews, sequence: int, happened_at: datetime) -> None:
    subscription = news.subscription
    if await is_taken_back(tx, transfer_id=subscription.transfer_id, happened_at=happened_at):
        return
    product_name = await remember_product(
        tx,
        code=subscription.product_code,
        name=subscription.product_name,
        applications=subscription.applications,
        noted_at=happened_at,
    )
    license = await grant(
        tx,
        organization=news.organization,
        wanted=Grant(
            product_code=subscription.product_code,
            origin="transferred" if subscription.origin == "transferred" else "subscription",
            agreement=_agreement(subscription, starts_on=None, ended_at=_ended_at(tx, subscription, None)),
            first_day=subscription.term.first_day,
            quantity=subscription.quantity,
            buyer=news.buyer,
            buyer_email=_address_of(news.buyer),
            subscription_id=subscription.id,
            subscription_number=subscription.number,
            invoice_number=news.invoice_number,
            transfer_id=subscription.transfer_id,
            ended_reason=news.ended_reason,
            sequence=sequence,
        ),
    )
    mine = await assign_buyer(tx, license, organization=news.organization, product_name=product_name)
    await record(tx, [granted(license)] if mine is None else [granted(license), created(mine)])
    await announce(
        tx,
        license,
        LicenseGranted,
        assigned=0 if mine is None else 1,
        organization=news.organization,
        product_name=product_name,
    )


async def _take_over(tx: Transaction, before: License, news: SubscriptionNews, sequence: int) -> None:
    subscription = news.subscription
    agreement = _agreement(
        subscription, starts_on=before.starts_on, ended_at=_ended_at(tx, subscription, before.ended_at)
    )
    after = await change(
        tx,
        before,
        organization=news.organization,
        agreement=agreement,
        **_other_facts(before, news, sequence),
    )
    if agreement.ended_at is not None and before.ended_at is None:
        await end_all(tx, after, organization=news.organization, reason="license_ended")
    elif last_possible_day(agreement) != last_possible_day(before.agreement):
        await follow_license(tx, after, organization=news.organization)
    await mark_holders(tx, license_id=after.id)
    if after.ended_at is None and (after.quantity != before.quantity or after.over_quantity):
        after = await resize(tx, after, organization=news.organization)
    if before.ended_at is not None and after.ended_at is None:
        mine = await assign_buyer(tx, after, organization=news.organization)
        await record(tx, [] if mine is None else [created(mine)])
    await _tell(tx, before, after, news.organization)
    await settle(tx, after, organization=news.organization)


def _agreement(subscription: Subscription, *, starts_on: Any, ended_at: datetime | None) -> Agreement:
    first_day = subscription.term.first_day
    return Agreement(
        starts_on=first_day if starts_on is None else min(starts_on, first_day),
        last_day=subscription.term.last_day,
        renews=not subscription.cancel_at_term_end and subscription.status != "ended",
        past_due=subscription.status == "past_due",
        grace_until=subscription.grace_until if subscription.status == "past_due" else None,
        ended_at=ended_at,
    )


def _ended_at(tx: Transaction, subscription: Subscription, known: datetime | None) -> datetime | None:
    if subscription.status != "ended":
        return None
    return known or tx.now


def _other_facts(before: License, news: SubscriptionNews, sequence: int) -> dict[str, Any]:
    subscription = news.subscription
    return {
        "first_day": subscription.term.first_day,
        "quantity": subscription.quantity,
        "subscription_number": subscription.number or before.subscription_number,
        "invoice_number": news.invoice_number or before.invoice_number,
        "transfer_id": subscription.transfer_id or before.transfer_id,
        "buyer": before.buyer if news.buyer is None else news.buyer.model_dump(),
        "buyer_email": _address_of(news.buyer) or before.buyer_email,
        "ended_reason": news.ended_reason if subscription.status == "ended" else None,
        "sequence": sequence,
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


def _address_of(buyer: Buyer | None) -> str | None:
    if buyer is None:
        return None
    try:
        return normalize_email(buyer.email)
    except InvalidEmail:
        return None
