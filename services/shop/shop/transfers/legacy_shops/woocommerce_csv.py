"""WooCommerce's own export of subscriptions (one file, a row per subscription), read as the canonical bundle."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from shop.transfers.legacy_shops.protocol import Bundle, Missing, ReadRow
from shop.transfers.legacy_shops.tolerant_csv import read_header
from shop.transfers.legacy_shops.woocommerce_dates import date_part, interval_of, term_of
from shop.transfers.legacy_shops.woocommerce_items import (
    Item,
    decimal,
    read_items,
    read_meta,
    unit_price,
)
from shop.transfers.legacy_shops.woocommerce_people import customer_id_of, customer_row, people_of
from shop.transfers.legacy_shops.woocommerce_rows import (
    IDENTITY,
    REQUIRED,
    Row,
    canonical_row,
    currency_of,
    renews,
    rows_of,
    status_of,
    value_of,
)
from shop.transfers.rules.codes import Finding
from shop.transfers.rules.files import PAYMENT_METHODS, SUBSCRIPTIONS

GATEWAYS = {"stripe": "card", "stripe_sepa": "sepa_debit"}
EXTRA_CHARGES = ("order_shipping", "fee_total")
PLACES = {
    "legacy_id": "subscription_id",
    "customer_id": "customer_id",
    "number": "subscription_id",
    "email": "customer_email",
    "company": "billing_company",
    "country": "billing_country",
    "phone": "billing_phone",
    "product_code": "order_items",
    "quantity": "order_items",
    "unit_price_minor": "order_items",
    "status": "subscription_status",
    "auto_renew": "requires_manual_renewal",
    "interval": "billing_period",
    "currency": "order_currency",
    "started_on": "start_date",
    "term_start": "start_date",
    "term_end": "next_payment_date",
    "next_renewal_on": "next_payment_date",
    "payment_method_id": "payment_method",
    "kind": "payment_method",
    "provider": "payment_method",
    "provider_customer": "payment_method_post_meta",
    "provider_method": "payment_method_post_meta",
    "mandate_reference": "payment_method",
    "mandate_signed_on": "payment_method",
}


class WooCommerceCsv:
    """Makes customers, subscriptions and payment methods of the rows; that export has no orders and no mandates."""

    source = "woocommerce"

    def __init__(self, product_map: Mapping[str, str], file_name: str = "subscriptions.csv") -> None:
        """`product_map` leads from WooCommerce's product ids to our codes."""
        self._product_map = product_map
        self._file_name = file_name

    def missing(self, bundle: Bundle) -> list[Missing]:
        """The file itself, or the columns that it lacks."""
        path = _export_in(bundle)
        if path is None:
            return [Missing("*.csv", None)]
        names = read_header(path, frozenset((*REQUIRED, *IDENTITY))).names
        lacking = [Missing(path.name, column) for column in REQUIRED if column not in names]
        if not any(column in names for column in IDENTITY):
            lacking.append(Missing(path.name, IDENTITY[0]))
        return lacking

    def read(self, bundle: Bundle) -> Iterator[ReadRow | Finding]:
        """Customers first, then subscriptions, then payment methods; the file is read twice."""
        path = _export_in(bundle)
        assert path is not None
        people = people_of(path)
        for customer_id, (line, row) in people.newest.items():
            yield customer_row(customer_id, line, row)
        methods: dict[str, ReadRow] = {}
        for item in rows_of(path):
            if isinstance(item, Finding):
                yield item
                continue
            line, row = item
            customer_id = customer_id_of(row, people)
            if not customer_id:
                yield Finding(SUBSCRIPTIONS.name, line, "customer_id", "missing_id", "", "")
                continue
            method = _method(customer_id, line, row)
            if method is not None:
                methods.setdefault(method.values[0], method)
            yield from self._subscriptions(customer_id, line, row, method)
        yield from methods.values()

    def place(self, file: str, column: str) -> tuple[str, str]:
        """There is one file; canonical columns lead back to WooCommerce's."""
        return self._file_name, PLACES.get(column, column)

    def _subscriptions(
        self, customer_id: str, line: int, row: Row, method: ReadRow | None
    ) -> Iterator[ReadRow | Finding]:
        known = value_of(row, "subscription_id") or f"{customer_id}@{value_of(row, 'start_date')}"
        items = read_items(row.get("order_items", ""))
        is_running = status_of(row) == "active" and renews(row)
        for number, item in enumerate(items, 1):
            suffix = str(number) if len(items) > 1 else ""
            yield self._subscription(known, suffix, customer_id, line, row, item, method)
            if is_running and unit_price(item, currency_of(row)).is_rounded:
                key = f"{known}:{suffix}" if suffix else known
                yield _warning(line, "order_items", "price_rounded", key, customer_id, item.total)
        if is_running:
            yield from _not_carried(known, customer_id, line, row)

    def _subscription(
        self,
        known: str,
        suffix: str,
        customer_id: str,
        line: int,
        row: Row,
        item: Item,
        method: ReadRow | None,
    ) -> ReadRow:
        interval = interval_of(value_of(row, "billing_period"), value_of(row, "billing_interval"))
        term = term_of(
            start=date_part(value_of(row, "start_date")),
            next_payment=date_part(value_of(row, "next_payment_date")),
            end=date_part(value_of(row, "end_date")),
            interval=interval,
        )
        currency = currency_of(row)
        return canonical_row(
            SUBSCRIPTIONS.name,
            line,
            legacy_id=f"{known}:{suffix}" if suffix else known,
            customer_id=customer_id,
            number=f"{known}-{suffix}" if suffix else known,
            product_code=self._product_map.get(item.product_id, item.product_id),
            quantity=item.quantity,
            status=status_of(row),
            auto_renew="true" if renews(row) else "false",
            interval=interval,
            unit_price_minor=unit_price(item, currency).minor,
            currency=currency,
            started_on=term.started_on,
            term_start=term.term_start,
            term_end=term.term_end,
            next_renewal_on=term.next_renewal_on,
            payment_method_id=method.values[0] if method else "",
        )


def _export_in(bundle: Bundle) -> Path | None:
    """The CSV file with the most of the columns that are needed."""
    ranked = [
        (len({*REQUIRED, *IDENTITY}.intersection(read_header(path, frozenset(REQUIRED)).names)), path)
        for path in bundle.values()
        if path.suffix == ".csv"
    ]
    return max(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _method(customer_id: str, line: int, row: Row) -> ReadRow | None:
    """The payment method of a row: Stripe's customer and source; None for any other gateway or without a source."""
    kind = GATEWAYS.get(value_of(row, "payment_method"))
    meta = read_meta(row.get("payment_method_user_meta", ""))
    meta |= read_meta(row.get("payment_method_post_meta", ""))
    source = meta.get("_stripe_source_id", "")
    if kind is None or not source:
        return None
    return canonical_row(
        PAYMENT_METHODS.name,
        line,
        legacy_id=f"{customer_id}:{source}",
        customer_id=customer_id,
        kind=kind,
        provider="stripe",
        provider_customer=meta.get("_stripe_customer_id", ""),
        provider_method=source,
    )


def _not_carried(known: str, customer_id: str, line: int, row: Row) -> Iterator[Finding]:
    for column in EXTRA_CHARGES:
        if decimal(value_of(row, column)):
            value = value_of(row, column)
            yield _warning(line, column, "charges_not_carried", known, customer_id, value)
    end, renews = date_part(value_of(row, "end_date")), date_part(value_of(row, "next_payment_date"))
    if end and renews and end > renews:
        yield _warning(line, "end_date", "fixed_end", known, customer_id, end)


def _warning(line: int, column: str, code: str, key: str, customer_id: str, value: str) -> Finding:
    return Finding(SUBSCRIPTIONS.name, line, column, code, key, customer_id, value)
