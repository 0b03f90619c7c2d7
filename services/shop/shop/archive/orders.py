"""The orders of the legacy shop, read as far as they can be read."""

from datetime import UTC, date, datetime

from shop.archive.schemas import ArchivedLine, ArchivedOneOff, ArchivedOrder
from shop.catalog.queries import CatalogSnapshot
from shop.transfers.archive_queries import MovedCustomer
from shop.transfers.rules import values
from shop.transfers.rules.decisions import DecidedOneOff, DecidedOrder
from shop.transfers.rules.rows import OrderLine
from shop.values import Amount, Texts

BEFORE_EVERYTHING = datetime(1, 1, 1, tzinfo=UTC)


def archived_orders(customer: MovedCustomer, catalog: CatalogSnapshot, today: date) -> list[ArchivedOrder]:
    """Every order of the customer, the newest first."""
    moved = {item["legacy_id"]: item["id"] for item in customer.moved["orders"]}
    numbers = {s.row.legacy_id: s.row.number for s in customer.decision.subscriptions}
    one_offs = {decided.row.legacy_id: one_off(decided, catalog, today) for decided in customer.decision.one_offs}
    shown = [_order(decided, moved, numbers, one_offs, catalog) for decided in customer.decision.orders]
    return sorted(shown, key=lambda order: (order.placed_at or BEFORE_EVERYTHING, order.id), reverse=True)


def one_off(decided: DecidedOneOff, catalog: CatalogSnapshot, today: date) -> ArchivedOneOff:
    """A one-off license with what is left of it."""
    row = decided.row
    is_over = decided.until is not None and decided.until < today
    return ArchivedOneOff(
        legacy_id=row.legacy_id,
        product_code=row.product_code,
        product_name=Texts(**dict(catalog.name_of(row.product_code))),
        quantity=values.quantity(row.quantity),
        purchased_on=values.day(row.purchased_on),
        until=decided.until,
        units_total=values.whole_number(row.units_total),
        units_left=decided.units_left,
        has_ended=is_over or decided.units_left == 0,
    )


def amount_of(text: str, currency: str) -> Amount | None:
    """Money, or None when the amount or its currency cannot be read."""
    number = values.whole_number(text)
    is_currency = len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
    return Amount.minor(number, currency) if number is not None and is_currency else None


def _order(
    decided: DecidedOrder,
    moved: dict[str, str],
    numbers: dict[str, str],
    one_offs: dict[str, ArchivedOneOff],
    catalog: CatalogSnapshot,
) -> ArchivedOrder:
    row = decided.row
    return ArchivedOrder(
        id=row.legacy_id,
        number=row.number,
        placed_at=values.instant(row.placed_at),
        status=row.status,
        net=amount_of(row.net_minor, row.currency),
        tax=amount_of(row.tax_minor, row.currency),
        total=amount_of(row.total_minor, row.currency),
        invoice_number=row.invoice_number or None,
        is_transferred=row.legacy_id in moved,
        order_id=moved.get(row.legacy_id),
        lines=[_line(line, row.currency, numbers, one_offs, catalog) for line in decided.lines],
    )


def _line(
    line: OrderLine,
    currency: str,
    numbers: dict[str, str],
    one_offs: dict[str, ArchivedOneOff],
    catalog: CatalogSnapshot,
) -> ArchivedLine:
    return ArchivedLine(
        line_no=line.line_no,
        product_code=line.product_code,
        product_name=Texts(**dict(catalog.name_of(line.product_code))),
        description=line.description,
        quantity=values.quantity(line.quantity),
        unit_price=amount_of(line.unit_price_minor, currency),
        subscription_number=numbers.get(line.subscription_id),
        one_off_license=one_offs.get(line.one_off_license_id),
    )
