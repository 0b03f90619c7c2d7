"""The sums of many decisions: what a dry run says in total."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from shop.transfers.rules.codes import BLOCKED, MOVES, Finding
from shop.transfers.rules.decisions import Decision


@dataclass(slots=True)
class Money:
    """Per currency: the subscriptions that move and what they cost per interval, their orders and totals."""

    subscriptions: int = 0
    subscription_value: int = 0
    orders: int = 0
    order_total: int = 0


@dataclass(slots=True)
class Tally:
    """How many records there are and what becomes of them."""

    total: int = 0
    moves: int = 0
    blocked: int = 0
    stays: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: str) -> None:
        """Count one record."""
        self.total += 1
        match outcome:
            case "moves":
                self.moves += 1
            case "blocked":
                self.blocked += 1
            case _:
                self.stays[outcome] += 1

    def as_dict(self) -> dict[str, Any]:
        """The tally as it is reported."""
        return {
            "total": self.total,
            "moves": self.moves,
            "blocked": self.blocked,
            "stays": dict(sorted(self.stays.items())),
        }


class Summary:
    """Adds up decisions one by one, in bounded memory."""

    def __init__(self) -> None:
        self.customers: Counter[str] = Counter()
        self.blocks: Counter[str] = Counter()
        self.warnings: Counter[str] = Counter()
        self.subscriptions = Tally()
        self.orders = Tally()
        self.payment_methods = Tally()
        self.one_offs = Tally()
        self.money: dict[str, Money] = {}
        self.licenses: Counter[str] = Counter()
        self.locales: Counter[str] = Counter()
        self.moved_orders: Counter[str] = Counter()
        self.one_offs_that_unlock = 0
        self.findings: Counter[str] = Counter()

    def add(self, decision: Decision) -> None:
        """Count one customer with everything of theirs."""
        self.customers[decision.outcome] += 1
        self.blocks.update(decision.codes)
        self.warnings.update(decision.warnings)
        for subscription in decision.subscriptions:
            self.subscriptions.count(subscription.outcome)
        for order in decision.orders:
            self.orders.count(order.outcome)
        for method in decision.methods:
            self.payment_methods.count(method.outcome)
        for one_off in decision.one_offs:
            self.one_offs.count("one_off")
            self.one_offs_that_unlock += one_off.unlocks
        self.add_findings(decision.findings)
        if decision.outcome == MOVES:
            self._add_what_moves(decision)

    def add_findings(self, findings: tuple[Finding, ...] | list[Finding]) -> None:
        """Count findings that belong to no decision, too."""
        self.findings.update(finding.code for finding in findings)

    def _add_what_moves(self, decision: Decision) -> None:
        for subscription in decision.moving:
            row = subscription.row
            money = self.money.setdefault(row.currency, Money())
            money.subscriptions += 1
            money.subscription_value += int(row.quantity) * int(row.unit_price_minor)
        for order in decision.orders:
            if order.outcome == MOVES:
                money = self.money.setdefault(order.row.currency, Money())
                money.orders += 1
                money.order_total += int(order.row.total_minor)
                self.moved_orders[order.row.status] += 1
        seats = decision.seats
        self.licenses.update(
            licenses=seats.licenses, seats=seats.seats, auto_assigned=seats.auto_assigned, waiting=seats.waiting
        )
        self.locales[decision.locale] += 1

    def as_dict(self) -> dict[str, Any]:
        """The summary as it is reported."""
        return {
            "customers": {
                "total": self.customers.total(),
                "moves": self.customers[MOVES],
                "blocked": self.customers[BLOCKED],
                "nothing_to_move": self.customers["nothing_to_move"],
            },
            "blocks": dict(sorted(self.blocks.items())),
            "warnings": dict(sorted(self.warnings.items())),
            "subscriptions": self.subscriptions.as_dict(),
            "orders": self.orders.as_dict(),
            "payment_methods": self.payment_methods.as_dict(),
            "one_off_licenses": self.one_offs.as_dict(),
            "money": {
                currency: {
                    "subscriptions": money.subscriptions,
                    "subscription_value": money.subscription_value,
                    "orders": money.orders,
                    "order_total": money.order_total,
                }
                for currency, money in sorted(self.money.items())
            },
            "licenses": {name: self.licenses[name] for name in ("licenses", "seats", "auto_assigned", "waiting")},
            "mails": {
                "of_each_kind": self.locales.total(),
                "by_locale": dict(sorted(self.locales.items())),
            },
            "moved_orders_by_status": dict(sorted(self.moved_orders.items())),
            "one_offs_that_unlock": self.one_offs_that_unlock,
            "findings": dict(sorted(self.findings.items())),
        }
