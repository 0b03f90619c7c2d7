"""What is carried over for a customer that moves, with values instead of text: the same for dry run and cut."""

from dataclasses import dataclass
from datetime import date, datetime

from shop.transfers.rules import values
from shop.transfers.rules.codes import MOVES
from shop.transfers.rules.decisions import DecidedOneOff, DecidedOrder, DecidedSubscription, Decision
from shop.transfers.rules.rows import OrderLine, PaymentMethod


@dataclass(frozen=True, slots=True)
class MovingMethod:
    """A payment method: the provider's tokens stay the same."""

    legacy_id: str
    kind: str
    provider: str
    provider_customer: str
    provider_method: str
    brand: str
    last4: str
    exp_month: int | None
    exp_year: int | None
    mandate_reference: str | None
    mandate_signed_on: date | None

    @property
    def label(self) -> str:
        """What the customer recognises it by."""
        name = self.brand or ("SEPA" if self.kind == "sepa_debit" else "card")
        return f"{name} …{self.last4}" if self.last4 else name


@dataclass(frozen=True, slots=True)
class MovingSubscription:
    """A subscription with the dates and the price it goes on with."""

    legacy_id: str
    number: str
    product_code: str
    quantity: int
    interval: str
    unit_price_minor: int
    currency: str
    started_on: date
    first_day: date
    last_day: date
    next_renewal_on: date
    renewal_after_that: date
    legacy_method_id: str
    invoice_number: str | None

    @property
    def next_charge_minor(self) -> int:
        """The net amount of the next renewal."""
        return self.quantity * self.unit_price_minor


@dataclass(frozen=True, slots=True)
class MovingLine:
    """A line of an order; `legacy_subscription_id` when it names a subscription that moves."""

    line_no: int
    product_code: str
    description: str
    quantity: int
    unit_price_minor: int
    interval: str | None
    legacy_subscription_id: str | None


@dataclass(frozen=True, slots=True)
class MovingOrder:
    """An order of a subscription that moves."""

    legacy_id: str
    number: str
    placed_at: datetime
    status: str
    currency: str
    net_minor: int
    tax_minor: int
    total_minor: int
    invoice_number: str | None
    lines: tuple[MovingLine, ...]


@dataclass(frozen=True, slots=True)
class Moving:
    """Everything of one customer that moves, and the one-off licenses that go on unlocking."""

    methods: tuple[MovingMethod, ...]
    subscriptions: tuple[MovingSubscription, ...]
    orders: tuple[MovingOrder, ...]
    one_offs: tuple[DecidedOneOff, ...]


def moving(decision: Decision) -> Moving:
    """What moves of a decided customer; empty unless the customer moves."""
    if decision.outcome != MOVES:
        return Moving((), (), (), ())
    intervals = {decided.row.legacy_id: decided.row.interval for decided in decision.moving}
    return Moving(
        methods=tuple(_method(decided.row) for decided in decision.methods if decided.outcome == MOVES),
        subscriptions=tuple(_subscription(decided) for decided in decision.moving),
        orders=tuple(_order(decided, intervals) for decided in decision.orders if decided.outcome == MOVES),
        one_offs=tuple(one_off for one_off in decision.one_offs if one_off.unlocks),
    )


def _method(row: PaymentMethod) -> MovingMethod:
    good_until = values.card_good_until(row.exp_month, row.exp_year)
    return MovingMethod(
        legacy_id=row.legacy_id,
        kind=row.kind,
        provider=row.provider,
        provider_customer=row.provider_customer,
        provider_method=row.provider_method,
        brand=row.brand,
        last4=row.last4[-4:],
        exp_month=good_until.month if good_until else None,
        exp_year=good_until.year if good_until else None,
        mandate_reference=row.mandate_reference or None,
        mandate_signed_on=values.day(row.mandate_signed_on),
    )


def _subscription(decided: DecidedSubscription) -> MovingSubscription:
    row, term = decided.row, decided.term
    assert term is not None
    return MovingSubscription(
        legacy_id=row.legacy_id,
        number=row.number,
        product_code=row.product_code,
        quantity=int(row.quantity),
        interval=row.interval,
        unit_price_minor=int(row.unit_price_minor),
        currency=row.currency,
        started_on=term.started_on,
        first_day=term.first_day,
        last_day=term.last_day,
        next_renewal_on=term.next_renewal_on,
        renewal_after_that=term.renewal_after_that,
        legacy_method_id=row.payment_method_id,
        invoice_number=row.invoice_number or None,
    )


def _order(decided: DecidedOrder, intervals: dict[str, str]) -> MovingOrder:
    row = decided.row
    placed_at = values.instant(row.placed_at)
    assert placed_at is not None
    return MovingOrder(
        legacy_id=row.legacy_id,
        number=row.number,
        placed_at=placed_at,
        status=row.status,
        currency=row.currency,
        net_minor=int(row.net_minor),
        tax_minor=int(row.tax_minor),
        total_minor=int(row.total_minor),
        invoice_number=row.invoice_number or None,
        lines=tuple(_line(line, intervals) for line in decided.lines),
    )


def _line(line: OrderLine, intervals: dict[str, str]) -> MovingLine:
    return MovingLine(
        line_no=int(line.line_no),
        product_code=line.product_code,
        description=line.description,
        quantity=int(line.quantity),
        unit_price_minor=int(line.unit_price_minor),
        interval=intervals.get(line.subscription_id),
        legacy_subscription_id=line.subscription_id if line.subscription_id in intervals else None,
    )
