"""Explain an entitlement: for support, and for the person who wonders why."""

from datetime import datetime

from chassis.db.transaction import Reader
from licensing.entitlements import store
from licensing.entitlements.people import address_told
from licensing.entitlements.rules import Claim, decide
from licensing.entitlements.schemas import ExplainedClaim, Explanation
from licensing.entitlements.store import Question
from licensing.licenses.rules import Standing, status_at

SENTENCES = {
    "assigned": "A seat of this product is assigned to this address.",
    "one_off": "A one-off license unlocks this product for this address.",
    "grace": "Access goes on for the time being, although a payment is outstanding.",
    "not_assigned": "No seat of this product is assigned to this address.",
    "not_started": "A seat is assigned to this address for later.",
    "assignment_ended": "The seat was assigned until a day that is over.",
    "deactivated": "The seat was taken away from this address.",
    "license_suspended": "The license is suspended because a payment is outstanding.",
    "license_ended": "The license has ended.",
    "units_used_up": "The units of the license are used up.",
    "transfer_pending": "The licenses of this customer have not been transferred yet.",
    "unknown_product": "There is no such product.",
}


async def explain(reader: Reader, question: Question) -> Explanation:
    """The decision with everything that it rests on."""
    (found,) = await store.evidence(reader, [question])
    decision = decide(
        found.claims,
        now=reader.now,
        is_known_product=found.is_known_product,
        has_pending_transfer=found.has_pending_transfer,
    )
    claims = sorted(found.claims, key=lambda claim: claim.starts_at, reverse=True)
    return Explanation(
        allowed=decision.allowed,
        reason=decision.reason,
        sentence=SENTENCES[decision.reason],
        product=question.product,
        email=address_told(question, decision),
        account=question.account,
        valid_until=decision.valid_until,
        is_known_product=found.is_known_product,
        has_pending_transfer=found.has_pending_transfer,
        claims=[_explained(claim, reader.now) for claim in claims],
    )


def _explained(claim: Claim, now: datetime) -> ExplainedClaim:
    alone = decide([claim], now=now, is_known_product=True, has_pending_transfer=False)
    given = Standing(claim.access_from, claim.assured_until, claim.access_until, claim.lapse)
    return ExplainedClaim(
        allowed=alone.allowed,
        reason=alone.reason,
        organization_id=claim.organization_id,
        license_id=claim.license_id,
        assignment_id=claim.assignment_id,
        valid_from=claim.starts_at,
        valid_until=claim.ends_at,
        license_status=status_at(now, given, units_used_up=claim.units_used_up),
    )
