"""Announce changed access: full snapshots, made from what is committed."""

from collections.abc import Iterator, Sequence

from chassis.db.transaction import Database, Transaction
from licensing.entitlements import store
from licensing.entitlements.events import EntitlementChanged, GrantBody, entitlement_id
from licensing.entitlements.rules import Claim, windows
from licensing.entitlements.store import Question
from licensing.products.queries import applications_of

BATCH = 500


async def announce_changes(tx: Transaction) -> int:
    """Announce up to BATCH marked changes; how many marks were worked off.

    One announcer at a time: a snapshot is read after every change it takes off the list was committed, and snapshots
    of one address and product get their sequence in the order in which they were read.
    """
    await tx.execute(store.ONE_ANNOUNCER)
    marks = await tx.all(store.TAKE_CHANGES, {"batch": BATCH})
    changed = sorted({(mark.email, mark.product_code) for mark in marks})
    if changed:
        await _announce(tx, [Question(email, product, None) for email, product in changed])
    return len(marks)


async def announce_all_changes(database: Database) -> None:
    """Announce until nothing is marked."""
    while True:
        async with database.transaction() as tx:
            if await announce_changes(tx) < BATCH:
                return


async def _announce(tx: Transaction, changed: Sequence[Question]) -> None:
    applications = await applications_of(tx, {question.product for question in changed})
    for question, found in zip(changed, await store.evidence(tx, changed), strict=True):
        grants = [grant for claim in found.claims for grant in _grants(tx, claim)]
        tx.emit(
            EntitlementChanged(
                entitlement_id=entitlement_id(email=question.email, product_code=question.product),
                email=question.email,
                product_code=question.product,
                applications=applications.get(question.product, []),
                grants=sorted(grants, key=lambda grant: (grant.valid_from, grant.license_id)),
            )
        )


def _grants(tx: Transaction, claim: Claim) -> Iterator[GrantBody]:
    for window in windows(claim):
        if window.valid_until is None or window.valid_until > tx.now:
            yield GrantBody(
                organization_id=claim.organization_id,
                license_id=claim.license_id,
                assignment_id=claim.assignment_id,
                reason=window.reason,
                valid_from=window.valid_from,
                valid_until=window.valid_until,
            )
