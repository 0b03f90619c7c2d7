"""How many seats are bought, held and waiting, license by license."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from chassis.db.transaction import Reader
from licensing.products.queries import names_of
from licensing.reports.schemas import SeatUsage, SeatUsageReport, SeatUsageTotals

COLUMNS = (
    "organization_id",
    "license_id",
    "product",
    "subscription_number",
    "invoice_number",
    "first_day",
    "last_day",
    "status",
    "quantity",
    "assigned",
    "in_use_today",
    "scheduled",
    "waiting",
    "over_quantity",
)
USAGE = text(
    "SELECT l.organization_id, l.id, l.product_code, l.subscription_number, l.invoice_number, l.first_day, l.last_day, "
    "CASE WHEN l.access_until <= :now AND l.lapse = 'license_suspended' THEN 'suspended' "
    "WHEN l.access_until <= :now THEN 'ended' WHEN l.access_from > :now THEN 'scheduled' "
    "WHEN l.assured_until <= :now THEN 'grace' ELSE 'active' END AS status, "
    "l.quantity, l.over_quantity, coalesce(h.assigned, 0) AS assigned, coalesce(h.in_use, 0) AS in_use "
    "FROM licenses l LEFT JOIN (SELECT license_id, count(DISTINCT seat_no) AS assigned, "
    "count(DISTINCT seat_no) FILTER (WHERE starts_at <= :now) AS in_use FROM assignments "
    "WHERE closed_at IS NULL AND (ends_at IS NULL OR ends_at > :now) GROUP BY license_id) h ON h.license_id = l.id "
    "WHERE l.origin <> 'one_off' AND (l.access_until IS NULL OR l.access_until > :now OR l.lapse <> 'license_ended') "
    "AND (CAST(:organization_id AS text) IS NULL OR l.organization_id = :organization_id) "
    "AND (CAST(:product AS text) IS NULL OR l.product_code = :product) "
    "ORDER BY l.organization_id, l.product_code, l.id"
)


async def seat_usage(reader: Reader, *, organization_id: str | None, product: str | None) -> SeatUsageReport:
    """The seats of every license that has not ended; `waiting` seats have no holder yet."""
    params = {"now": reader.now, "organization_id": organization_id, "product": product}
    rows = await reader.all(USAGE, params)
    names = await names_of(reader, [row.product_code for row in rows])
    items = [_usage(row, names) for row in rows]
    return SeatUsageReport(as_of=reader.now, items=items, next_cursor=None, totals=_totals(items))


def _usage(row: Row[Any], names: dict[str, dict[str, str]]) -> SeatUsage:
    return SeatUsage(
        organization_id=row.organization_id,
        license_id=row.id,
        product=row.product_code,
        product_name=names[row.product_code],
        subscription_number=row.subscription_number,
        invoice_number=row.invoice_number,
        first_day=row.first_day,
        last_day=row.last_day,
        status=row.status,
        quantity=row.quantity,
        assigned=row.assigned,
        in_use_today=row.in_use,
        scheduled=row.assigned - row.in_use,
        waiting=max(0, row.quantity - row.assigned),
        over_quantity=row.over_quantity,
    )


def _totals(items: Sequence[SeatUsage]) -> SeatUsageTotals:
    return SeatUsageTotals(
        licenses=len(items),
        quantity=sum(item.quantity for item in items),
        assigned=sum(item.assigned for item in items),
        waiting=sum(item.waiting for item in items),
    )
