"""The six files of a legacy shop's export, their columns and their keys (canonical bundle)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One file: all known columns in order, the required ones, and those that make the key."""

    name: str
    columns: tuple[str, ...]
    required: frozenset[str]
    key: tuple[str, ...]
    what: str


def _spec(name: str, what: str, columns: str, key: str = "legacy_id") -> FileSpec:
    names = columns.split()
    return FileSpec(
        name=name,
        columns=tuple(column.rstrip("*") for column in names),
        required=frozenset(column.rstrip("*") for column in names if column.endswith("*")),
        key=tuple(key.split()),
        what=what,
    )


CUSTOMERS = _spec(
    "customers.csv",
    "customer",
    "legacy_id* company* email* first_name last_name country* language time_zone vat_id street postal_code city phone",
)
SUBSCRIPTIONS = _spec(
    "subscriptions.csv",
    "subscription",
    "legacy_id* customer_id* number* product_code* quantity* status* auto_renew* interval* unit_price_minor*"
    " currency* started_on* term_start* term_end* next_renewal_on payment_method_id invoice_number",
)
ORDERS = _spec(
    "orders.csv",
    "order",
    "legacy_id* customer_id* number* placed_at* status* currency* net_minor* tax_minor* total_minor* invoice_number",
)
ORDER_LINES = _spec(
    "order_lines.csv",
    "order line",
    "order_id* line_no* product_code* description quantity* unit_price_minor* subscription_id one_off_license_id",
    key="order_id line_no",
)
PAYMENT_METHODS = _spec(
    "payment_methods.csv",
    "payment method",
    "legacy_id* customer_id* kind* provider* provider_customer* provider_method* brand last4 exp_month"
    " exp_year mandate_reference mandate_signed_on",
)
ONE_OFF_LICENSES = _spec(
    "one_off_licenses.csv",
    "one-off license",
    "legacy_id* customer_id* product_code* quantity* purchased_on* expires_on units_total units_used",
)

FILES = (CUSTOMERS, SUBSCRIPTIONS, ORDERS, ORDER_LINES, PAYMENT_METHODS, ONE_OFF_LICENSES)
FILE = {spec.name: spec for spec in FILES}
