"""What blocks a customer: only subscriptions that would move are asked."""

from chassis.kernel.emails import InvalidEmail, normalize_email
from shop.transfers.rules import values
from shop.transfers.rules.candidates import STATUSES
from shop.transfers.rules.catalogue import Catalogue, Region
from shop.transfers.rules.codes import IN_WINDOW
from shop.transfers.rules.decisions import Circumstances
from shop.transfers.rules.remarks import Remarks
from shop.transfers.rules.rows import Dossier, PaymentMethod, Subscription
from shop.transfers.rules.terms import term_of, wrong_column

TOKENS = ("provider_customer", "provider_method")


def check_customer(dossier: Dossier, region: Region | None, remarks: Remarks) -> str:
    """Address and country; the normalized address, or an empty text when there is no usable one."""
    email = _check_email(dossier, remarks)
    if not dossier.customer.country:
        remarks.customer("country", "missing_country")
    elif region is None:
        remarks.customer("country", "unknown_region")
    return email


def check_subscription(
    row: Subscription,
    region: Region | None,
    methods: dict[str, PaymentMethod],
    *,
    catalogue: Catalogue,
    circumstances: Circumstances,
    remarks: Remarks,
) -> None:
    """Everything that may stop one subscription from moving."""
    _check_status(row, remarks)
    _check_numbers(row, remarks)
    if row.interval not in ("month", "year"):
        remarks.subscription(row, "interval", "invalid_interval")
    if wrong := wrong_column(row):
        remarks.subscription(row, wrong, "invalid_term")
    _check_renewal(row, circumstances, remarks)
    _check_product(row, region, catalogue, circumstances, remarks)
    if region is not None and row.currency != region.currency:
        remarks.subscription(row, "currency", "currency_mismatch")
    method = methods.get(row.payment_method_id)
    if method is None:
        remarks.subscription(row, "payment_method_id", "method_missing")
    else:
        _check_method(method, circumstances.providers, remarks)


def _check_email(dossier: Dossier, remarks: Remarks) -> str:
    if not dossier.customer.email:
        remarks.customer("email", "missing_email")
        return ""
    try:
        email = normalize_email(dossier.customer.email)
    except InvalidEmail:
        remarks.customer("email", "invalid_email")
        return ""
    if dossier.email_is_shared:
        remarks.customer("email", "duplicate_email")
    if dossier.account_exists:
        remarks.customer("email", "account_exists")
    return email


def _check_status(row: Subscription, remarks: Remarks) -> None:
    if row.status not in STATUSES:
        remarks.subscription(row, "status", "invalid_status")
    if values.flag(row.auto_renew) is None:
        remarks.subscription(row, "auto_renew", "invalid_status")


def _check_numbers(row: Subscription, remarks: Remarks) -> None:
    if values.quantity(row.quantity) is None:
        remarks.subscription(row, "quantity", "invalid_quantity")
    if values.price(row.unit_price_minor) is None:
        remarks.subscription(row, "unit_price_minor", "invalid_price")


def _check_renewal(row: Subscription, circumstances: Circumstances, remarks: Remarks) -> None:
    term = term_of(row)
    if term is not None and circumstances.is_in_window(term.next_renewal_on):
        remarks.subscription(row, "next_renewal_on", IN_WINDOW)


def _check_product(
    row: Subscription,
    region: Region | None,
    catalogue: Catalogue,
    circumstances: Circumstances,
    remarks: Remarks,
) -> None:
    known = catalogue.sells(row.product_code)
    if known and region is not None and row.interval in ("month", "year"):
        price = catalogue.price_of(
            product=row.product_code,
            region=region.code,
            interval=row.interval,
            on=circumstances.transfer_on,
        )
        known = price is not None
    if not known:
        remarks.subscription(row, "product_code", "unmapped_product")


def _check_method(method: PaymentMethod, providers: frozenset[str], remarks: Remarks) -> None:
    if method.kind not in ("card", "sepa_debit"):
        remarks.method(method, "kind", "method_missing")
    if method.provider not in providers:
        remarks.method(method, "provider", "method_missing")
    for column in TOKENS:
        if not getattr(method, column):
            remarks.method(method, column, "method_missing")
    if method.kind == "sepa_debit":
        if not method.mandate_reference:
            remarks.method(method, "mandate_reference", "mandate_incomplete")
        if values.day(method.mandate_signed_on) is None:
            remarks.method(method, "mandate_signed_on", "mandate_incomplete")
