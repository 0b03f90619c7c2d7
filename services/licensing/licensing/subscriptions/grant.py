"""Grant the licenses of subscriptions heard of for the first time, and their buyers' own seats with them."""

from collections.abc import Mapping, Sequence

from chassis.bus.reactions import Heard
from chassis.db.transaction import Transaction
from licensing.assignments.assign_buyer import Entitled, assign_buyer, tell_buyer
from licensing.assignments.assign_many import created
from licensing.history.record import record
from licensing.licenses.announce import announce
from licensing.licenses.events import LicenseGranted
from licensing.licenses.grant import Grant, grant, granted
from licensing.licenses.license import License
from licensing.organizations.snapshots import Organization
from licensing.products.remember import Word, remember
from licensing.subscriptions.facts import SubscriptionNews
from licensing.transfers.queries import rolled_back


async def grant_subscriptions(
    tx: Transaction, heard: Sequence[Heard[SubscriptionNews]], organizations: Mapping[str, Organization]
) -> list[License]:
    """Grant a license for each subscription, in a few statements; their pools are locked, and each is told once.

    What a transfer brought is refused when the transfer was rolled back after the event.
    """
    heard = await _still_wanted(tx, heard)
    names = await remember(tx, [_word(one) for one in heard])
    mine = [organizations[one.fact.organization.id] for one in heard]
    licenses = await grant(tx, [_grant_of(tx, *each) for each in zip(heard, mine, strict=True)])
    entitled = [
        Entitled(license, organization, by=one.actor)
        for license, organization, one in zip(licenses, mine, heard, strict=True)
    ]
    seats = await assign_buyer(tx, entitled)
    deeds = []
    for one, organization, license, seat in zip(heard, mine, licenses, seats, strict=True):
        one.begin(tx)
        product_name = names[license.product_code]
        deeds.append(granted(license, by=one.actor))
        if seat is not None:
            deeds.append(created(seat))
            await tell_buyer(tx, seat, organization=organization, product_name=product_name)
        await announce(
            tx,
            license,
            LicenseGranted,
            assigned=0 if seat is None else 1,
            organization=organization,
            product_name=product_name,
        )
    await record(tx, deeds)
    return licenses


async def _still_wanted(tx: Transaction, heard: Sequence[Heard[SubscriptionNews]]) -> Sequence[Heard[SubscriptionNews]]:
    ids = {one.fact.subscription.transfer_id for one in heard} - {None}
    void = await rolled_back(tx, [i for i in ids if i is not None])

    def is_wanted(one: Heard[SubscriptionNews]) -> bool:
        since = void.get(one.fact.subscription.transfer_id or "")
        return since is None or since <= one.envelope.time

    return [one for one in heard if is_wanted(one)]


def _word(one: Heard[SubscriptionNews]) -> Word:
    subscription = one.fact.subscription
    return Word(
        code=subscription.product_code,
        name=subscription.product_name,
        applications=subscription.applications,
        noted_at=one.envelope.time,
    )


def _grant_of(tx: Transaction, one: Heard[SubscriptionNews], organization: Organization) -> Grant:
    news = one.fact
    subscription = news.subscription
    return Grant(
        organization=organization,
        product_code=subscription.product_code,
        origin="transferred" if subscription.origin == "transferred" else "subscription",
        agreement=subscription.agreement(starts_on=None, ended_at=tx.now),
        first_day=subscription.term.first_day,
        quantity=subscription.quantity,
        buyer=news.buyer,
        buyer_email=news.buyer_email,
        subscription_id=subscription.id,
        subscription_number=subscription.number,
        invoice_number=news.invoice_number,
        transfer_id=subscription.transfer_id,
        ended_reason=news.ended_reason,
        sequence=one.envelope.sequence,
    )
