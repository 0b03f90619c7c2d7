"""The port to payment providers. Cards and accounts live there; we hold tokens and what a customer recognises."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from chassis.kernel.money import Money


class ProviderUnreachable(Exception):
    """The provider gave no answer: it may or may not have done what it was asked. Ask `find` before trying again."""


class TokenRefused(Exception):
    """The provider does not know the token, or it was used up."""


class Status(StrEnum):
    """How a charge stands at the provider."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    ACTION_REQUIRED = "action_required"


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is charged: a stored method of a customer at the provider."""

    provider: str
    customer: str
    method: str
    kind: str
    last4: str
    brand: str = ""
    mandate: str | None = None


@dataclass(frozen=True, slots=True)
class Attached:
    """A method that the provider stored for us. `mandate_*` for SEPA direct debit only."""

    instrument: Instrument
    brand: str
    exp_month: int | None
    exp_year: int | None
    mandate_reference: str | None
    mandate_signed_on: date | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the provider says about a charge. `action_url`: where the payer confirms it (strong authentication)."""

    status: Status
    reference: str
    failure_code: str | None = None
    action_url: str | None = None


class PaymentProvider(Protocol):
    """What every provider's adapter does. All calls may raise ProviderUnreachable."""

    async def attach(self, *, token: str, customer: str, kind: str | None) -> Attached:
        """Store the method behind a one-time token for a customer of ours. Raises TokenRefused."""
        ...

    async def detach(self, instrument: Instrument) -> None:
        """Forget a stored method; forgetting it twice is harmless."""
        ...

    async def charge(self, *, key: str, instrument: Instrument, amount: Money, description: str) -> Outcome:
        """Collect an amount off session. The same `key` never collects twice: it gets the first outcome again."""
        ...

    async def find(self, key: str) -> Outcome | None:
        """How the charge with this key stands; None when the provider never saw it."""
        ...

    async def abandon(self, key: str) -> Outcome | None:
        """Give up a charge that waits for the payer; one that went through meanwhile stays succeeded."""
        ...

    async def refund(self, *, key: str) -> None:
        """Give back what the charge with this key collected; twice is harmless."""
        ...
