"""May this person use this product at this instant: decided from what is stored, whenever it is asked.

No timer has a say: the same rows give another answer when the instant is another one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

ASSIGNED, ONE_OFF, GRACE = "assigned", "one_off", "grace"
NOT_ASSIGNED, NOT_STARTED, ASSIGNMENT_ENDED, DEACTIVATED = (
    "not_assigned",
    "not_started",
    "assignment_ended",
    "deactivated",
)
LICENSE_SUSPENDED, LICENSE_ENDED, UNITS_USED_UP = "license_suspended", "license_ended", "units_used_up"
TRANSFER_PENDING, UNKNOWN_PRODUCT = "transfer_pending", "unknown_product"

BEST_FIRST = (ASSIGNED, ONE_OFF, GRACE)
TELLING_FIRST = (LICENSE_SUSPENDED, NOT_STARTED, TRANSFER_PENDING)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something access may rest on: an assignment with its license, or a buyer's one-off license (no assignment).

    All bounds are instants; ends are exclusive, None is no end. `closed_at`/`closed_reason`: the assignment was ended.
    """

    organization_id: str
    license_id: str
    assignment_id: str | None
    starts_at: datetime
    ends_at: datetime | None
    closed_at: datetime | None
    closed_reason: str | None
    access_from: datetime
    assured_until: datetime | None
    access_until: datetime | None
    lapse: str
    units_used_up: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time in which a claim gives access, and the reason it gives."""

    reason: str
    valid_from: datetime
    valid_until: datetime | None
    claim: Claim


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, and the claim that it rests on."""

    allowed: bool
    reason: str
    valid_until: datetime | None = None
    claim: Claim | None = None


def decide(claims: Iterable[Claim], *, now: datetime, is_known_product: bool, has_pending_transfer: bool) -> Decision:
    """The best reason for, or the most telling reason against."""
    known = list(claims)
    open_now = [w for claim in known for w in windows(claim) if w.valid_from <= now < (w.valid_until or _never(now))]
    if open_now:
        best = min(open_now, key=lambda w: (BEST_FIRST.index(w.reason), *_latest(w.valid_until)))
        return Decision(True, best.reason, best.valid_until, best.claim)
    refusals = [(refusal(claim, now), claim) for claim in known]
    if has_pending_transfer:
        refusals.append((TRANSFER_PENDING, None))
    if refusals:
        reason, claim = min(refusals, key=_telling)
        return Decision(False, reason, claim=claim)
    return Decision(False, NOT_ASSIGNED if is_known_product else UNKNOWN_PRODUCT)


def windows(claim: Claim) -> Iterator[Window]:
    """The stretches of time in which the claim gives access; none when it was closed or its units are used up."""
    if claim.closed_at is not None or claim.units_used_up:
        return
    begins = max(claim.starts_at, claim.access_from)
    ends = _earlier(claim.ends_at, claim.access_until)
    turns_to_grace = _earlier(ends, claim.assured_until)
    if turns_to_grace is None or begins < turns_to_grace:
        reason = ONE_OFF if claim.assignment_id is None else ASSIGNED
        yield Window(reason, begins, turns_to_grace, claim)
    if turns_to_grace is not None and (ends is None or turns_to_grace < ends) and (ends is None or begins < ends):
        yield Window(GRACE, max(begins, turns_to_grace), ends, claim)


def refusal(claim: Claim, now: datetime) -> str:
    """Why the claim gives no access now."""
    if claim.closed_reason in ("deactivated", "reassigned", "released"):
        return DEACTIVATED
    if claim.closed_reason == "ended" or (claim.ends_at is not None and now >= claim.ends_at):
        return claim.lapse if _was_cut_by_license(claim, now) else ASSIGNMENT_ENDED
    if claim.closed_at is not None:
        return LICENSE_ENDED
    if claim.access_until is not None and now >= claim.access_until:
        return claim.lapse
    return UNITS_USED_UP if claim.units_used_up else NOT_STARTED


def _was_cut_by_license(claim: Claim, now: datetime) -> bool:
    until = claim.access_until
    return until is not None and until <= now and (claim.ends_at is None or until <= claim.ends_at)


def _telling(refused: tuple[str, Claim | None]) -> tuple[int, float]:
    reason, claim = refused
    rank = TELLING_FIRST.index(reason) if reason in TELLING_FIRST else len(TELLING_FIRST)
    return rank, 0.0 if claim is None else -claim.starts_at.timestamp()


def _latest(until: datetime | None) -> tuple[int, float]:
    return (0, 0.0) if until is None else (1, -until.timestamp())


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def _never(now: datetime) -> datetime:
    return datetime.max.replace(tzinfo=now.tzinfo)
