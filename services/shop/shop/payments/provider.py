"""The port to payment providers. Cards and accounts live there; we hold tokens and what a customer recognises."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, runtime_checkable

from chassis.kernel.money import Money


class ProviderUnreachable(Exception):
    """The provider gave no answer: it may or may not have done what it was asked. Ask `find` before trying again."""


class TokenRefused(Exception):
    """The provider does not know the token, or it was used up."""


class RefundRefused(Exception):
    """The provider will not give this money back. `code` is the provider's word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CallbackRefused(Exception):
    """It does not come from the provider, or is too old to be believed."""


class Status(StrEnum):
    """How a charge stands at the provider. `pending`: on its way for days (direct debit), nobody has to do anything."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    ACTION_REQUIRED = "action_required"
    PENDING = "pending"


class FailureKind(StrEnum):
    """What a decline means for trying again.

    `soft`: another day may do. `hard`: never with this method. `action`: only with the payer. `unknown`: not told.
    """

    SOFT = "soft"
    HARD = "hard"
    ACTION = "action"
    UNKNOWN = "unknown"


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
class Setup:
    """A method about to be entered: `token` is what to attach after.

    `client_secret` opens the provider's form inside a page of ours, `url` is a whole page at the provider.
    """

    token: str
    client_secret: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the provider says about a charge. `action_url`: where the payer confirms it (strong authentication)."""

    status: Status
    reference: str
    failure_code: str | None = None
    action_url: str | None = None
    failure_kind: FailureKind | None = None


@dataclass(frozen=True, slots=True)
class Callback:
    """A provider's call: the id of what it tells, its type, and the key of the charge it is about, if any."""

    id: str
    type: str
    key: str | None


def with_token(return_url: str, token: str) -> str:
    """Where a customer comes back to from the provider's page."""
    return f"{return_url}{'&' if '?' in return_url else '?'}token={token}"


class PaymentProvider(Protocol):
    """What every provider's adapter does. All calls may raise ProviderUnreachable.

    `customer` is our organization's id, `known_as` the provider's id of it where an earlier method told us.
    """

    async def start_setup(
        self, *, customer: str, known_as: str | None, kind: str | None, return_url: str | None
    ) -> Setup:
        """Let the customer enter a method in the provider's form, or on its page when there is an address to return to.

        They come back with `token` as a parameter of `return_url`. Raises TokenRefused for an unknown customer.
        """
        ...

    async def attach(self, *, token: str, customer: str, known_as: str | None, kind: str | None) -> Attached:
        """Store the method behind a one-time token, or behind a finished set-up. Raises TokenRefused."""
        ...

    async def detach(self, instrument: Instrument) -> None:
        """Forget a stored method; forgetting it twice is harmless."""
        ...

    async def charge(self, *, key: str, instrument: Instrument, amount: Money, description: str) -> Outcome:
        """Collect an amount off session. The same `key` never collects twice: it gets the first outcome again.

        Takes imported methods as they are. Raises ValueError when the key was used for another amount.
        """
        ...

    async def find(self, key: str, instrument: Instrument) -> Outcome | None:
        """How the charge of the instrument with this key stands; None when the provider never saw it."""
        ...

    async def abandon(self, key: str, instrument: Instrument) -> Outcome | None:
        """Give up a charge that waits for the payer; one that went through meanwhile stays succeeded."""
        ...

    async def refund(self, *, key: str, reference: str) -> None:
        """Give back what the charge collected, never more; twice is harmless. `reference` is its outcome's.

        Raises RefundRefused.
        """
        ...


@runtime_checkable
class CallsBack(Protocol):
    """A provider that tells by itself when something happened to a charge."""

    def read_callback(self, *, body: bytes, headers: Mapping[str, str]) -> Callback:
        """Check where a call comes from, then read it. Raises CallbackRefused."""
        ...
