"""How many seats are bought, held and waiting, license by license."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Date, Integer, Row, Subquery, Text, column, func, select, text

from chassis.db.transaction import Reader
from chassis.http.pages import Page, PageParams, page_of
from licensing.products.queries import names_of
from licensing.reports.schemas import SeatUsage, SeatUsageTotals

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
    "l.quantity, l.over_quantity, h.assigned, h.in_use FROM licenses l CROSS JOIN LATERAL ("
    "SELECT count(DISTINCT a.seat_no) AS assigned, "
    "count(DISTINCT a.seat_no) FILTER (WHERE a.starts_at <= :now) AS in_use FROM assignments a "
    "WHERE a.license_id = l.id AND a.closed_at IS NULL AND (a.ends_at IS NULL OR a.ends_at > :now)) h "
    "WHERE l.origin <> 'one_off' AND (l.access_until IS NULL OR l.access_until > :now OR l.lapse <> 'license_ended') "
    "AND (CAST(:organization_id AS text) IS NULL OR l.organization_id = :organization_id) "
    "AND (CAST(:product AS text) IS NULL OR l.product_code = :product)"
)
TEXTS = ("organization_id", "id", "product_code", "subscription_number", "invoice_number", "status")
DAYS, NUMBERS = ("first_day", "last_day"), ("quantity", "over_quantity", "assigned", "in_use")


@dataclass(frozen=True, slots=True)
class Question:
    """Whose seats of which product (None: of all), at which moment."""

    at: datetime
    organization_id: str | None
    product: str | None


async def seat_usage(reader: Reader, question: Question, page: PageParams) -> Page[SeatUsage]:
    """The seats of every license that has not ended, organization by organization; `waiting` seats have no holder."""
    used = _usage_of(question)
    order = [used.c.organization_id, used.c.product_code, used.c.id]
    found = await page_of(reader, select(used), page, order_by=order, convert=lambda row: row)
    names = await names_of(reader, [row.product_code for row in found.items])
    return Page(items=[_usage(row, names) for row in found.items], next_cursor=found.next_cursor)


async def totals(reader: Reader, question: Question) -> SeatUsageTotals:
    """The sums over all of these licenses, whatever the page."""
    used = _usage_of(question)
    waiting = func.greatest(used.c.quantity - used.c.assigned, 0)
    sums = [func.coalesce(func.sum(column), 0) for column in (used.c.quantity, used.c.assigned, waiting)]
    licenses, *numbers = await reader.one(select(func.count(), *sums))
    quantity, assigned, without = map(int, numbers)
    return SeatUsageTotals(licenses=licenses, quantity=quantity, assigned=assigned, waiting=without)


def _usage_of(question: Question) -> Subquery:
    columns = [column(name, Text) for name in TEXTS]
    columns += [column(name, Date) for name in DAYS] + [column(name, Integer) for name in NUMBERS]
    given = USAGE.bindparams(now=question.at, organization_id=question.organization_id, product=question.product)
    return given.columns(*columns).subquery("used")


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
