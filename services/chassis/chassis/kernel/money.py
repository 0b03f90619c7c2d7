"""Amounts of money in minor units, and the one way to round them."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were put together."""


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` minor units (cents) of `currency` (ISO 4217)."""

    amount: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: int) -> "Money":
        return Money(self.amount * factor, self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not add up.")
        return other.amount


def round_half_up(value: Decimal | Fraction) -> int:
    """Round to whole minor units, halves away from zero, as commercial invoices do."""
    if isinstance(value, Fraction):
        sign = -1 if value < 0 else 1
        return sign * ((2 * abs(value.numerator) + value.denominator) // (2 * value.denominator))
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
