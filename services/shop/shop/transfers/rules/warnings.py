"""What only warns: the customer moves, and the report and the follow-up list name it."""

from datetime import date, timedelta

from shop.transfers.rules import values
from shop.transfers.rules.catalogue import Catalogue, Region
from shop.transfers.rules.decisions import Circumstances
from shop.transfers.rules.remarks import Remarks
from shop.transfers.rules.rows import Customer, PaymentMethod, Subscription
from shop.transfers.rules.terms import term_of
from shop.vat_forms import is_vat_id

CLOSE = timedelta(days=3)


def warn_about_customer(customer: Customer, remarks: Remarks) -> None:
    """VAT ID, language and time zone: kept or replaced by the region's default."""
    if customer.vat_id and not is_vat_id(customer.vat_id):
        remarks.customer("vat_id", "invalid_vat_id")
    if customer.language and values.language(customer.language) is None:
        remarks.customer("language", "unknown_language")
    if customer.time_zone and not values.is_time_zone(customer.time_zone):
        remarks.customer("time_zone", "unknown_time_zone")


def warn_about_subscription(
    row: Subscription,
    region: Region | None,
    methods: dict[str, PaymentMethod],
    *,
    catalogue: Catalogue,
    circumstances: Circumstances,
    remarks: Remarks,
) -> None:
    """A price of its own, a renewal close to the transfer, a card that will have expired by then."""
    _warn_about_price(row, region, catalogue, circumstances.transfer_on, remarks)
    term = term_of(row)
    if term is None:
        return
    if term.next_renewal_on - circumstances.transfer_on <= CLOSE:
        remarks.subscription(row, "next_renewal_on", "renewal_within_3_days")
    method = methods.get(row.payment_method_id)
    if method is not None and method.kind == "card":
        good_until = values.card_good_until(method.exp_month, method.exp_year)
        if good_until is not None and good_until < term.next_renewal_on:
            remarks.method(method, "exp_month", "card_expires_before_renewal")


def _warn_about_price(
    row: Subscription, region: Region | None, catalogue: Catalogue, on: date, remarks: Remarks
) -> None:
    own = values.price(row.unit_price_minor)
    if region is None or own is None or row.currency != region.currency:
        return
    price = catalogue.price_of(product=row.product_code, region=region.code, interval=row.interval, on=on)
    if price is not None and price != own:
        remarks.subscription(row, "unit_price_minor", "price_differs_from_catalogue")
