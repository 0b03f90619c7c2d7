"""The rows of an export as they were written: trimmed text, with the line each record begins on."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Customer:
    """A row of customers.csv."""

    line: int
    legacy_id: str
    company: str
    email: str
    first_name: str
    last_name: str
    country: str
    language: str
    time_zone: str
    vat_id: str
    street: str
    postal_code: str
    city: str
    phone: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """A row of subscriptions.csv."""

    line: int
    legacy_id: str
    customer_id: str
    number: str
    product_code: str
    quantity: str
    status: str
    auto_renew: str
    interval: str
    unit_price_minor: str
    currency: str
    started_on: str
    term_start: str
    term_end: str
    next_renewal_on: str
    payment_method_id: str
    invoice_number: str


@dataclass(frozen=True, slots=True)
class Order:
    """A row of orders.csv."""

    line: int
    legacy_id: str
    customer_id: str
    number: str
    placed_at: str
    status: str
    currency: str
    net_minor: str
    tax_minor: str
    total_minor: str
    invoice_number: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A row of order_lines.csv."""

    line: int
    order_id: str
    line_no: str
    product_code: str
    description: str
    quantity: str
    unit_price_minor: str
    subscription_id: str
    one_off_license_id: str


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A row of payment_methods.csv."""

    line: int
    legacy_id: str
    customer_id: str
    kind: str
    provider: str
    provider_customer: str
    provider_method: str
    brand: str
    last4: str
    exp_month: str
    exp_year: str
    mandate_reference: str
    mandate_signed_on: str


@dataclass(frozen=True, slots=True)
class OneOffLicense:
    """A row of one_off_licenses.csv."""

    line: int
    legacy_id: str
    customer_id: str
    product_code: str
    quantity: str
    purchased_on: str
    expires_on: str
    units_total: str
    units_used: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything an export says about one customer, and what the rest of the world says about the address.

    `reading_codes` are the codes that the files themselves earned the customer (`duplicate_id`,
    `duplicate_row`, orphaned lines …); `email_is_shared`: another customer of the export has the address;
    `account_exists`: an account of another organization has it.
    """

    customer: Customer
    subscriptions: tuple[Subscription, ...] = ()
    orders: tuple[Order, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    payment_methods: tuple[PaymentMethod, ...] = ()
    one_offs: tuple[OneOffLicense, ...] = ()
    reading_codes: frozenset[str] = field(default_factory=frozenset)
    email_is_shared: bool = False
    account_exists: bool = False
