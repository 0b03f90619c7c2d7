"""Whether an order can be read well enough to be carried over."""

from shop.transfers.rules import values
from shop.transfers.rules.remarks import Remarks
from shop.transfers.rules.rows import Order, OrderLine

STATUSES = ("paid", "refunded", "cancelled", "failed")
AMOUNTS = ("net_minor", "tax_minor", "total_minor")


def is_readable(row: Order, lines: tuple[OrderLine, ...], remarks: Remarks) -> bool:
    """Tell whether status, time and every amount can be read; what cannot is noted."""
    wrong = [column for column in AMOUNTS if values.whole_number(getattr(row, column)) is None]
    if row.status not in STATUSES:
        wrong.append("status")
    if values.instant(row.placed_at) is None:
        wrong.append("placed_at")
    for column in wrong:
        remarks.order(row, column, "invalid_order")
    unreadable_lines = [line for line in lines if not _line_is_readable(line, remarks)]
    return not wrong and not unreadable_lines


def _line_is_readable(line: OrderLine, remarks: Remarks) -> bool:
    wrong = [
        column
        for column in ("line_no", "quantity", "unit_price_minor")
        if values.whole_number(getattr(line, column)) is None
    ]
    for column in wrong:
        remarks.order_line(line, column, "invalid_order")
    return not wrong
