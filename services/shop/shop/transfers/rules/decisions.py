"""What the rules decided about one customer, record by record."""

from dataclasses import dataclass
from datetime import date, timedelta

from shop.transfers.rules.codes import IN_WINDOW, Finding
from shop.transfers.rules.rows import (
    Customer,
    OneOffLicense,
    Order,
    OrderLine,
    PaymentMethod,
    Subscription,
)
from shop.transfers.rules.terms import Term


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decision depends on beside the export: the days, and the providers that are configured.

    `safety_window_days`: nobody moves whose next renewal falls within that many days from the transfer date on.
    """

    exported_on: date
    transfer_on: date
    providers: frozenset[str]
    safety_window_days: int = 0

    def is_in_window(self, renewal_on: date) -> bool:
        """Whether a renewal is too close to the transfer; both ends count, by the customer's calendar."""
        last_day = self.transfer_on + timedelta(days=self.safety_window_days)
        return self.safety_window_days > 0 and self.transfer_on <= renewal_on <= last_day


@dataclass(frozen=True, slots=True)
class DecidedSubscription:
    """A subscription and what becomes of it; `term` when its dates can be read."""

    row: Subscription
    outcome: str
    term: Term | None


@dataclass(frozen=True, slots=True)
class DecidedOrder:
    """An order with its lines, and what becomes of it."""

    row: Order
    outcome: str
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True)
class DecidedMethod:
    """A payment method and what becomes of it."""

    row: PaymentMethod
    outcome: str


@dataclass(frozen=True, slots=True)
class DecidedOneOff:
    """A one-off license: it stays; `unlocks` tells whether it goes on unlocking its product here."""

    row: OneOffLicense
    until: date | None
    units_left: int | None
    ended: bool
    unlocks: bool


@dataclass(frozen=True, slots=True)
class Seats:
    """The licenses that moved subscriptions grant, and how many seats wait to be assigned."""

    licenses: int
    seats: int
    auto_assigned: int

    @property
    def waiting(self) -> int:
        """Seats that the buyer still has to assign."""
        return self.seats - self.auto_assigned


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a customer on the transfer date; `outcome`: moves, blocked or nothing_to_move."""

    customer: Customer
    outcome: str
    codes: tuple[str, ...]
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...]
    email: str
    region: str | None
    locale: str
    time_zone: str
    vat_id_is_valid: bool
    subscriptions: tuple[DecidedSubscription, ...]
    orders: tuple[DecidedOrder, ...]
    methods: tuple[DecidedMethod, ...]
    one_offs: tuple[DecidedOneOff, ...]

    @property
    def is_in_window(self) -> bool:
        """Whether the customer has to wait for a renewal that is too close to the transfer."""
        return IN_WINDOW in self.codes

    @property
    def moving(self) -> tuple[DecidedSubscription, ...]:
        """The subscriptions that move."""
        return tuple(decided for decided in self.subscriptions if decided.outcome == "moves")

    @property
    def seats(self) -> Seats:
        """One seat of each product is the buyer's; the others wait."""
        moving = self.moving
        products = {decided.row.product_code for decided in moving}
        return Seats(
            licenses=len(moving),
            seats=sum(int(decided.row.quantity) for decided in moving),
            auto_assigned=len(products),
        )
