"""A payment provider to develop and test with. It behaves: it remembers, honours keys, declines and asks for action.

It stands outside our walls like a real one: its own tables, its own transactions, called with no lock held. The
last four digits decide what happens (see `tokens.py`). Never in production.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, case, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Database
from chassis.kernel.ids import new_id
from chassis.kernel.money import Money
from shop.payments.models import sandbox_charges, sandbox_methods
from shop.payments.provider import (
    Attached,
    FailureKind,
    Instrument,
    Outcome,
    ProviderUnreachable,
    RefundRefused,
    Setup,
    Status,
    TokenRefused,
    with_token,
)
from shop.payments.providers.tokens import (
    DECLINES,
    LOSES_ANSWERS,
    NEEDS_ACTION,
    SEPA,
    SETTLES_LATER,
    TestMethod,
    read_token,
)

SETTLES_AFTER = timedelta(days=3)
KINDS = {
    "insufficient_funds": FailureKind.SOFT,
    "card_declined": FailureKind.SOFT,
    "debit_declined": FailureKind.SOFT,
    "expired_card": FailureKind.HARD,
    "authentication_failed": FailureKind.ACTION,
    "authentication_abandoned": FailureKind.ACTION,
}

# Updating nothing makes the row of an earlier call come back. One statement needs no transaction around it.
CHARGE = (
    insert(sandbox_charges)
    .on_conflict_do_update(index_elements=["idempotency_key"], set_={"method": sandbox_charges.c.method})
    .returning(sandbox_charges)
)


class SandboxProvider:
    """See `PaymentProvider` for what each call promises."""

    def __init__(self, database: Database, *, name: str, public_url: str) -> None:
        self._database = database
        self._name = name
        self._public_url = public_url

    async def start_setup(
        self, *, customer: str, known_as: str | None, kind: str | None, return_url: str | None
    ) -> Setup:
        """The sandbox has no form: the token is that of a good card or account, as if it had been entered."""
        token = f"seti_{'sepa' if kind == SEPA else 'card'}_{new_id('set')[-12:]}_{'3000' if kind == SEPA else '4242'}"
        if return_url is not None:
            return Setup(token, None, with_token(return_url, token))
        return Setup(token, f"{token}_secret", None)

    async def attach(self, *, token: str, customer: str, known_as: str | None, kind: str | None) -> Attached:
        """Store the card or account that the token stands for; an account gets its mandate signed today."""
        method = read_token(token, kind)
        if method is None:
            raise TokenRefused
        method_id = new_id("sbm")
        async with self._database.transaction() as tx:
            await tx.execute(
                insert(sandbox_methods).values(
                    id=method_id,
                    customer=customer,
                    kind=method.kind,
                    last4=method.last4,
                    created_at=tx.now,
                )
            )
        return self._attached(method, method_id, customer)

    async def detach(self, instrument: Instrument) -> None:
        """Forget the method."""
        async with self._database.transaction() as tx:
            await tx.execute(sandbox_methods.delete().where(sandbox_methods.c.id == instrument.method))

    async def charge(self, *, key: str, instrument: Instrument, amount: Money, description: str) -> Outcome:
        """Decide by the last four digits. The card ending 7777 is charged, and the answer is lost on the way."""
        status, failure = _verdict(instrument.last4)
        wanted = {
            "idempotency_key": key,
            "id": new_id("sbc"),
            "method": instrument.method,
            "amount_minor": amount.amount,
            "currency": amount.currency,
            "status": status,
            "failure_code": failure,
            "created_at": self._database.clock.now(),
        }
        async with self._database.read() as provider:
            row = await provider.one(CHARGE, wanted)
        if (row.amount_minor, row.currency) != (amount.amount, amount.currency):
            raise ValueError("The idempotency key was used for another amount.")
        if instrument.last4 == LOSES_ANSWERS:
            raise ProviderUnreachable
        return self._outcome(row)

    async def find(self, key: str, instrument: Instrument) -> Outcome | None:
        """The charge as remembered; a direct debit settles after three days."""
        await self._settle(key)
        async with self._database.read() as reader:
            row = await reader.first(select(sandbox_charges).where(sandbox_charges.c.idempotency_key == key))
        return self._outcome(row) if row else None

    async def abandon(self, key: str, instrument: Instrument) -> Outcome | None:
        """Decline a charge that still waits for its payer."""
        async with self._database.transaction() as tx:
            await tx.execute(
                update(sandbox_charges)
                .where(sandbox_charges.c.idempotency_key == key, sandbox_charges.c.status == Status.ACTION_REQUIRED)
                .values(status=Status.DECLINED, failure_code="authentication_abandoned")
            )
        return await self.find(key, instrument)

    async def refund(self, *, key: str, reference: str) -> None:
        """Remember that the money went back."""
        async with self._database.transaction() as tx:
            is_paid = sandbox_charges.c.status.in_((Status.SUCCEEDED, "refunded"))
            given_back = await tx.execute(
                update(sandbox_charges)
                .where(sandbox_charges.c.idempotency_key == key, is_paid)
                .values(status="refunded")
            )
        if given_back.rowcount == 0:
            raise RefundRefused("not_collected")

    async def confirm(self, charge_id: str, *, accept: bool) -> str | None:
        """The payer's answer on the action page; the charge's key, or None when nothing waits under this id."""
        status, failure = (Status.SUCCEEDED, None) if accept else (Status.DECLINED, "authentication_failed")
        async with self._database.transaction() as tx:
            return await tx.scalar(
                update(sandbox_charges)
                .where(sandbox_charges.c.id == charge_id, sandbox_charges.c.status == Status.ACTION_REQUIRED)
                .values(status=status, failure_code=failure)
                .returning(sandbox_charges.c.idempotency_key)
            )

    async def _settle(self, key: str) -> None:
        is_over = sandbox_charges.c.created_at <= self._database.clock.now() - SETTLES_AFTER
        verdict = case((sandbox_charges.c.failure_code.is_(None), Status.SUCCEEDED), else_=Status.DECLINED)
        async with self._database.transaction() as tx:
            await tx.execute(
                update(sandbox_charges)
                .where(sandbox_charges.c.idempotency_key == key, sandbox_charges.c.status == Status.PENDING, is_over)
                .values(status=verdict)
            )

    def _attached(self, method: TestMethod, method_id: str, customer: str) -> Attached:
        now = self._database.clock.now()
        is_account = method.kind == SEPA
        return Attached(
            instrument=Instrument(self._name, customer, method_id, method.kind, method.last4),
            brand=method.brand,
            exp_month=None if is_account else 12,
            exp_year=None if is_account else now.year + 4,
            mandate_reference=f"MND-{method_id[4:].upper()}" if is_account else None,
            mandate_signed_on=now.date() if is_account else None,
        )

    def _outcome(self, row: Row[Any]) -> Outcome:
        if row.status == "refunded":
            return Outcome(Status.SUCCEEDED, row.id)
        if row.status == Status.PENDING:
            return Outcome(Status.PENDING, row.id)
        needs_action = row.status == Status.ACTION_REQUIRED
        url = f"{self._public_url}/api/v1/sandbox/payment-actions/{row.id}" if needs_action else None
        return Outcome(Status(row.status), row.id, row.failure_code, url, KINDS.get(row.failure_code))


def _verdict(last4: str) -> tuple[Status, str | None]:
    if last4 in DECLINES:
        return Status.DECLINED, DECLINES[last4]
    if last4 in SETTLES_LATER:
        return Status.PENDING, SETTLES_LATER[last4]
    return (Status.ACTION_REQUIRED, None) if last4 == NEEDS_ACTION else (Status.SUCCEEDED, None)
