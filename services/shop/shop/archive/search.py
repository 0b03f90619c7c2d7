"""Finding orders in the archive."""

from shop.archive.schemas import ArchivedOrder


def matches(order: ArchivedOrder, *, search: str | None, status: str | None, year: int | None) -> bool:
    """Whether the order is one that was asked for; `search` regards neither case nor place."""
    if status is not None and order.status != status:
        return False
    if year is not None and (order.placed_at is None or order.placed_at.year != year):
        return False
    return not search or search.strip().lower() in _text(order)


def _text(order: ArchivedOrder) -> str:
    parts = [order.id, order.number, order.invoice_number or ""]
    for line in order.lines:
        names = line.product_name
        parts += [line.product_code, line.description, names.en, names.fr, names.de, names.it]
        parts.append(line.subscription_number or "")
    return "\n".join(parts).lower()
