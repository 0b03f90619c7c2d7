"""A notebook for findings: each place and code is noted once."""

from shop.transfers.rules.codes import Finding, Level, in_order, level_of
from shop.transfers.rules.files import CUSTOMERS, ORDER_LINES, ORDERS, PAYMENT_METHODS, SUBSCRIPTIONS
from shop.transfers.rules.rows import Customer, Order, OrderLine, PaymentMethod, Subscription

Row = Customer | Subscription | Order | OrderLine | PaymentMethod


class Remarks:
    """Collects what is noticed about one customer."""

    def __init__(self, customer: Customer) -> None:
        self._customer = customer
        self._noted: dict[tuple[str, int, str, str], Finding] = {}

    def customer(self, column: str, code: str) -> None:
        """Something about the customer's own row."""
        self._note(CUSTOMERS.name, self._customer, column, code, self._customer.legacy_id)

    def subscription(self, row: Subscription, column: str, code: str) -> None:
        """Something about a subscription."""
        self._note(SUBSCRIPTIONS.name, row, column, code, row.legacy_id)

    def method(self, row: PaymentMethod, column: str, code: str) -> None:
        """Something about a payment method."""
        self._note(PAYMENT_METHODS.name, row, column, code, row.legacy_id)

    def order(self, row: Order, column: str, code: str) -> None:
        """Something about an order."""
        self._note(ORDERS.name, row, column, code, row.legacy_id)

    def order_line(self, row: OrderLine, column: str, code: str) -> None:
        """Something about a line of an order."""
        self._note(ORDER_LINES.name, row, column, code, f"{row.order_id}/{row.line_no}")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything noted, in the order it was noticed."""
        return tuple(self._noted.values())

    def codes(self, level: Level, others: frozenset[str]) -> tuple[str, ...]:
        """The codes of that level, `others` included, in the rule book's order."""
        noted = {finding.code for finding in self._noted.values()} | others
        return in_order({code for code in noted if level_of(code) is level})

    def _note(self, file: str, row: Row, column: str, code: str, key: str) -> None:
        self._noted.setdefault(
            (file, row.line, column, code),
            Finding(
                file=file,
                line=row.line,
                column=column,
                code=code,
                key=key,
                customer=self._customer.legacy_id,
                value=getattr(row, column),
            ),
        )
