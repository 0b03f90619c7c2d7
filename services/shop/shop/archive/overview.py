"""What moved, what stayed and until when, for the customer."""

from datetime import date

from shop.archive.schemas import MovedMethod, MovedSubscription, Stayed, TransferOverview
from shop.catalog.queries import CatalogSnapshot
from shop.transfers.archive_queries import MovedCustomer
from shop.transfers.rules.codes import STAYS
from shop.transfers.rules.decisions import DecidedOneOff, DecidedSubscription
from shop.values import Amount, Texts


def overview(customer: MovedCustomer, catalog: CatalogSnapshot) -> TransferOverview:
    """Both sides of the customer's own transfer."""
    moved, seats = customer.moved, customer.moved["seats"]
    return TransferOverview(
        transferred_at=customer.transferred_at,
        transfer_on=customer.transfer_on,
        subscriptions=[
            MovedSubscription(
                id=item["id"],
                number=item["number"],
                product_code=item["product_code"],
                product_name=_name(catalog, item["product_code"]),
                quantity=item["quantity"],
                next_renewal_on=date.fromisoformat(item["next_renewal_on"]),
                next_charge=Amount.minor(item["quantity"] * item["unit_price_minor"], item["currency"]),
            )
            for item in moved["subscriptions"]
        ],
        payment_methods=[
            MovedMethod(id=item["id"], kind=item["kind"], label=item["label"]) for item in moved["payment_methods"]
        ],
        orders_moved=len(moved["orders"]),
        orders_in_archive=len(customer.decision.orders),
        seats=seats["seats"],
        seats_assigned=seats["auto_assigned"],
        seats_waiting=seats["waiting"],
        stayed=_stayed(customer, catalog),
    )


def _stayed(customer: MovedCustomer, catalog: CatalogSnapshot) -> list[Stayed]:
    gone = {item["legacy_id"] for item in customer.moved["subscriptions"]}
    stayed = [
        _subscription(decided, catalog)
        for decided in customer.decision.subscriptions
        if decided.row.legacy_id not in gone
    ]
    stayed += [_one_off(decided, catalog) for decided in customer.decision.one_offs]
    moved_orders = {item["legacy_id"] for item in customer.moved["orders"]}
    stayed += [
        _plain("order", order.row.legacy_id, order.row.number, "order_of_nothing_moved")
        for order in customer.decision.orders
        if order.row.legacy_id not in moved_orders
    ]
    moved_methods = {item["legacy_id"] for item in customer.moved["payment_methods"]}
    stayed += [
        _plain("payment_method", method.row.legacy_id, None, "method_unused")
        for method in customer.decision.methods
        if method.row.legacy_id not in moved_methods
    ]
    return stayed


def _subscription(decided: DecidedSubscription, catalog: CatalogSnapshot) -> Stayed:
    code = decided.outcome if decided.outcome in STAYS else "blocked"
    return Stayed(
        kind="subscription",
        legacy_id=decided.row.legacy_id,
        number=decided.row.number,
        product_code=decided.row.product_code,
        product_name=_name(catalog, decided.row.product_code),
        code=code,
        detail=STAYS[code],
        until=decided.term.last_day if decided.term else None,
        units_left=None,
    )


def _one_off(decided: DecidedOneOff, catalog: CatalogSnapshot) -> Stayed:
    return Stayed(
        kind="one_off_license",
        legacy_id=decided.row.legacy_id,
        number=None,
        product_code=decided.row.product_code,
        product_name=_name(catalog, decided.row.product_code),
        code="one_off",
        detail=STAYS["one_off"],
        until=decided.until,
        units_left=decided.units_left,
    )


def _plain(kind: str, legacy_id: str, number: str | None, code: str) -> Stayed:
    return Stayed(
        kind=kind,
        legacy_id=legacy_id,
        number=number,
        product_code=None,
        product_name=None,
        code=code,
        detail=STAYS[code],
        until=None,
        units_left=None,
    )


def _name(catalog: CatalogSnapshot, product_code: str) -> Texts:
    return Texts(**dict(catalog.name_of(product_code)))
