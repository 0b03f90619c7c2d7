"""One customer on both sides: the export's rows against what this shop has now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from shop.orders.queries import OrderTotal
from shop.subscriptions.views import SubscriptionView
from shop.transfers.reports.schemas import Difference
from shop.transfers.rules import values
from shop.transfers.rules.rows import Dossier, Order, Subscription


@dataclass(slots=True)
class Compared:
    """What was counted (kind, currency, amount, whether here) and every difference."""

    customer: str
    counted: list[tuple[str, str | None, int, bool]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    def differs(self, kind: Any, legacy_id: str, what: str, old: object, new: object) -> None:
        """Name a difference."""
        self.differences.append(
            Difference(
                kind=kind,
                customer=self.customer,
                legacy_id=legacy_id,
                what=what,
                old=None if old is None else str(old),
                new=None if new is None else str(new),
            )
        )


def compare_customer(
    transfer: Row[Any],
    dossier: Dossier,
    new_subscriptions: Mapping[str, SubscriptionView],
    new_orders: Mapping[str, OrderTotal],
    new_methods: frozenset[str],
) -> Compared:
    """Compare every record that moved. Dates are compared until the first renewal has moved them on."""
    compared = Compared(dossier.customer.legacy_id)
    moved = transfer.moved
    old_subscriptions = {row.legacy_id: row for row in dossier.subscriptions}
    for item in moved["subscriptions"]:
        old = old_subscriptions.get(item["legacy_id"])
        _subscription(compared, item, old, new_subscriptions.get(item["id"]), renewed=bool(transfer.first_renewal_at))
    old_orders = {row.legacy_id: row for row in dossier.orders}
    for item in moved["orders"]:
        _order(compared, item, old_orders.get(item["legacy_id"]), new_orders.get(item["id"]))
    old_methods = {row.legacy_id for row in dossier.payment_methods}
    for item in moved["payment_methods"]:
        _presence(compared, "payment_methods", item, item["legacy_id"] in old_methods, item["id"] in new_methods)
    old_one_offs = {row.legacy_id for row in dossier.one_offs}
    for legacy_id in moved["one_offs"]:
        is_there = legacy_id in old_one_offs
        _presence(compared, "one_off_licenses", {"legacy_id": legacy_id}, is_there, is_there)
    return compared


def _subscription(
    compared: Compared,
    item: dict[str, Any],
    old: Subscription | None,
    new: SubscriptionView | None,
    *,
    renewed: bool,
) -> None:
    if old is not None:
        value = int(old.quantity) * int(old.unit_price_minor)
        compared.counted.append(("subscriptions", old.currency, value, False))
    if new is not None:
        value = new.quantity * new.unit_price_minor
        compared.counted.append(("subscriptions", new.currency, value, True))
    if old is None or new is None:
        _missing(compared, "subscriptions", item["legacy_id"], old, new)
        return
    pairs: dict[str, tuple[object, object]] = {
        "number": (old.number, new.number),
        "product_code": (old.product_code, new.product_code),
        "quantity": (int(old.quantity), new.quantity),
        "interval": (old.interval, new.interval),
        "unit_price_minor": (int(old.unit_price_minor), new.unit_price_minor),
        "currency": (old.currency, new.currency),
        "started_on": (values.day(old.started_on), new.started_on),
    }
    if not renewed:
        pairs |= {
            "term_start": (values.day(old.term_start), new.term_first_day),
            "term_end": (values.day(old.term_end), new.term_last_day),
            "billing_owner": ("new_shop", new.billing_owner),
        }
    for what, (before, after) in pairs.items():
        if before != after:
            compared.differs("subscriptions", item["legacy_id"], what, before, after)


def _order(compared: Compared, item: dict[str, Any], old: Order | None, new: OrderTotal | None) -> None:
    if old is not None:
        compared.counted.append(("orders", old.currency, int(old.total_minor), False))
    if new is not None:
        compared.counted.append(("orders", new.currency, new.total_minor, True))
    if old is None or new is None:
        _missing(compared, "orders", item["legacy_id"], old, new)
        return
    pairs = {
        "number": (old.number, new.number),
        "status": (old.status, new.status),
        "currency": (old.currency, new.currency),
        "total_minor": (int(old.total_minor), new.total_minor),
    }
    for what, (before, after) in pairs.items():
        if before != after:
            compared.differs("orders", item["legacy_id"], what, before, after)


def _presence(compared: Compared, kind: str, item: dict[str, Any], is_in_old: bool, is_in_new: bool) -> None:
    if is_in_old:
        compared.counted.append((kind, None, 0, False))
    if is_in_new:
        compared.counted.append((kind, None, 0, True))
    if is_in_old != is_in_new:
        _missing(compared, kind, item["legacy_id"], is_in_old or None, is_in_new or None)


def _missing(compared: Compared, kind: str, legacy_id: str, old: object, new: object) -> None:
    there, gone = "present", None
    compared.differs(kind, legacy_id, "missing", there if old is not None else gone, there if new is not None else gone)
