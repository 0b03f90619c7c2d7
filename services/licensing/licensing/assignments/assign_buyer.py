"""Give buyers the first seat, without being asked (FAQ: "one license is automatically assigned to your address")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Date, bindparam, text

from chassis.db.transaction import Transaction
from chassis.kernel.clock import day_of
from licensing.assignments import store
from licensing.assignments.announce import announce
from licensing.assignments.assignment import Assignment
from licensing.assignments.events import AssignmentCreated
from licensing.assignments.plan import assignment_from, row_of
from licensing.assignments.rules import ASSIGNABLE
from licensing.changes.mark import mark_all
from licensing.licenses.license import License
from licensing.licenses.rules import last_possible_day
from licensing.organizations.snapshots import Organization

FIRST_SEATS = text(
    "SELECT w.license_id, s.no, s.slot FROM unnest(CAST(:licenses AS text[]), CAST(:organizations AS text[]), "
    "CAST(:products AS text[]), CAST(:emails AS text[]), :first_days) "
    "AS w(license_id, organization_id, product_code, email, first_day) CROSS JOIN LATERAL ("
    "SELECT s.no, s.slot FROM seats s WHERE s.license_id = w.license_id AND s.retired_at IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.organization_id = w.organization_id "
    "AND a.product_code = w.product_code AND ((a.automatic AND (a.closed_at IS NULL OR a.last_day IS NOT NULL "
    "OR a.closed_reason IN ('deactivated', 'reassigned', 'released'))) OR (a.email = w.email AND a.closed_at IS NULL "
    "AND (a.until_day IS NULL OR a.until_day >= w.first_day)))) "
    "AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.seat_no = s.no AND a.closed_at IS NULL "
    "AND (a.until_day IS NULL OR a.until_day >= w.first_day)) ORDER BY s.slot LIMIT 1) AS s"
).bindparams(bindparam("first_days", type_=ARRAY(Date)))


@dataclass(frozen=True, slots=True)
class Entitled:
    """A license, locked or new, whose buyer may have its first seat; `by` brought it about."""

    license: License
    organization: Organization
    by: str


async def assign_buyer(tx: Transaction, entitled: Sequence[Entitled]) -> list[Assignment | None]:
    """Assign a seat to each buyer, once per organization and product; None where there is nothing to assign.

    Of several licenses of one organization and product the first gives the seat. No second seat when the buyer gave the
    automatic one away, or holds one already. The caller writes the deeds down and tells them (`tell_buyer`).
    """
    rows = {row["license_id"]: row for row in _once_each(await _rows(tx, entitled))}
    if rows:
        await store.add(tx, list(rows.values()))
        await mark_all(tx, {(row["email"], row["product_code"]) for row in rows.values()})
    return [assignment_from(rows[e.license.id]) if e.license.id in rows else None for e in entitled]


async def tell_buyer(
    tx: Transaction, mine: Assignment, *, organization: Organization, product_name: dict[str, str] | None = None
) -> None:
    """Announce the buyer's seat. There is no invitation: the welcome mail or the order's confirmation says it all."""
    await announce(tx, [mine], AssignmentCreated, notify=False, organization=organization, product_name=product_name)


async def _rows(tx: Transaction, entitled: Sequence[Entitled]) -> list[dict[str, Any]]:
    """The assignments that each license by itself would make, in the order given."""
    beginning = [(each, _first_day(tx, each)) for each in entitled]
    able = [(each, first_day) for each, first_day in beginning if _can_begin(tx, each.license, first_day)]
    if not able:
        return []
    params = {
        "licenses": [each.license.id for each, _ in able],
        "organizations": [each.license.organization_id for each, _ in able],
        "products": [each.license.product_code for each, _ in able],
        "emails": [each.license.buyer_email for each, _ in able],
        "first_days": [first_day for _, first_day in able],
    }
    free = {row.license_id: (row.no, row.slot) for row in await tx.all(FIRST_SEATS, params)}
    return [
        row_of(
            each.license,
            email=each.license.buyer_email,
            seat=free[each.license.id],
            first_day=first_day,
            last_day=None,
            time_zone=each.organization.time_zone,
            now=tx.now,
            by=each.by,
            automatic=True,
        )
        for each, first_day in able
        if each.license.id in free
    ]


def _once_each(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first row of each organization and product."""
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        first.setdefault((row["organization_id"], row["product_code"]), row)
    return list(first.values())


def _first_day(tx: Transaction, each: Entitled) -> date:
    return max(day_of(tx.now, each.organization.time_zone), each.license.starts_on)


def _can_begin(tx: Transaction, license: License, first_day: date) -> bool:
    end = last_possible_day(license.agreement)
    return (
        license.buyer_email is not None
        and license.status_at(tx.now) in ASSIGNABLE
        and (end is None or first_day <= end)
    )
