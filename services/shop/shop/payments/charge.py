"""Charge for an order: write down the intent, ask the provider, write down the outcome.

The provider is called between the two transactions, with no lock held. What happens when the process dies in between:
the intent is there, `ask_at` passes, the sweep asks the provider by the intent's key and goes on from its answer.
One attempt per order is open at a time (unique index), and a key never collects twice: nobody pays twice.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Database, Transaction
from chassis.kernel.ids import new_id
from chassis.kernel.money import Money
from chassis.ops.logging import get_logger
from shop.payments import store
from shop.payments.provider import (
    FailureKind,
    Instrument,
    Outcome,
    PaymentProvider,
    ProviderUnreachable,
    Status,
)
from shop.payments.registry import Providers

log = get_logger(__name__)

ANSWER_EXPECTED_WITHIN = timedelta(seconds=30)
ASK_AGAIN_AFTER = timedelta(minutes=5)
LOOK_FOR_PAYER_AFTER = timedelta(hours=1)
ASK_WHETHER_SETTLED_AFTER = timedelta(hours=6)
PAYER_HAS = timedelta(hours=24)
LOOK_AGAIN_AFTER = {Status.ACTION_REQUIRED: LOOK_FOR_PAYER_AFTER, Status.PENDING: ASK_WHETHER_SETTLED_AFTER}


@dataclass(frozen=True, slots=True)
class Charge:
    """One attempt to collect an order's total, as far as it is known."""

    id: str
    order_id: str
    attempt: int
    purpose: str
    organization_id: str
    amount: Money
    key: str
    instrument: Instrument
    status: str
    failure_code: str | None
    action_url: str | None
    created_at: datetime

    @classmethod
    def of(cls, row: Row[Any]) -> "Charge":
        """The charge of a stored row."""
        return cls(
            row.id,
            row.order_id,
            row.attempt,
            row.purpose,
            row.organization_id,
            Money(row.amount_minor, row.currency),
            row.idempotency_key,
            Instrument(**row.instrument),
            row.status,
            row.failure_code,
            row.action_url,
            row.created_at,
        )


Conclude = Callable[[Transaction, Charge], Awaitable[object]]


async def intend(
    tx: Transaction,
    *,
    order_id: str,
    attempt: int,
    purpose: str,
    organization_id: str,
    payment_method_id: str,
    instrument: Instrument,
    amount: Money,
) -> Charge:
    """Write down that this amount is going to be collected. The key is the order and the number of the attempt."""
    charge = Charge(
        new_id("chg"),
        order_id,
        attempt,
        purpose,
        organization_id,
        amount,
        f"{order_id}:{attempt}",
        instrument,
        "created",
        None,
        None,
        tx.now,
    )
    await store.add(
        tx,
        {
            "id": charge.id,
            "order_id": order_id,
            "attempt": attempt,
            "purpose": purpose,
            "organization_id": organization_id,
            "payment_method_id": payment_method_id,
            "instrument": asdict(instrument),
            "amount_minor": amount.amount,
            "currency": amount.currency,
            "idempotency_key": charge.key,
            "status": "created",
            "ask_at": tx.now + ANSWER_EXPECTED_WITHIN,
        },
    )
    return charge


async def collect(database: Database, providers: Providers, charge: Charge, *, conclude: Conclude) -> Charge:
    """Ask the provider to collect, then record the outcome and `conclude` in one transaction.

    An outcome that stays unknown is asked for again by `reconcile`; the charge comes back as `unknown`.
    """
    try:
        outcome = await _provider(providers, charge).charge(
            key=charge.key, instrument=charge.instrument, amount=charge.amount, description=charge.order_id
        )
    except ProviderUnreachable:
        return await _stays_open(database, charge, "unknown")
    except ValueError:
        log.exception("charge.key_reused", charge_id=charge.id)
        return await _stays_open(database, charge, "unknown")
    return await _record(database, charge, outcome, conclude)


async def reconcile(database: Database, providers: Providers, charge: Charge, *, conclude: Conclude) -> Charge:
    """Learn how an open charge went before anything is tried again; one the provider never saw is asked for now."""
    try:
        outcome = await _provider(providers, charge).find(charge.key, charge.instrument)
    except ProviderUnreachable:
        return await _stays_open(database, charge, charge.status)
    if outcome is None:
        return await collect(database, providers, charge, conclude=conclude)
    log.info("charge.reconciled", charge_id=charge.id, outcome=outcome.status)
    return await _record(database, charge, outcome, conclude)


async def learn(database: Database, providers: Providers, charge: Charge, *, conclude: Conclude) -> Charge:
    """`reconcile` a charge that somebody waits for; a payer who has not confirmed within a day will not."""
    is_late = charge.status == "action_required" and database.clock.now() - charge.created_at > PAYER_HAS
    ask = abandon if is_late else reconcile
    return await ask(database, providers, charge, conclude=conclude)


async def abandon(database: Database, providers: Providers, charge: Charge, *, conclude: Conclude) -> Charge:
    """Stop waiting for the payer; the outcome then is final, one way or the other."""
    try:
        outcome = await _provider(providers, charge).abandon(charge.key, charge.instrument)
    except ProviderUnreachable:
        return await _stays_open(database, charge, charge.status)
    never_seen = Outcome(Status.DECLINED, "", "not_attempted")
    return await _record(database, charge, outcome or never_seen, conclude)


def _provider(providers: Providers, charge: Charge) -> PaymentProvider:
    if charge.instrument.provider not in providers.names:
        log.error("charge.provider_missing", charge_id=charge.id, provider=charge.instrument.provider)
        raise ProviderUnreachable
    return providers.get(charge.instrument.provider)


async def _record(database: Database, charge: Charge, outcome: Outcome, conclude: Conclude) -> Charge:
    """Conclude what is final, and once what waits for the payer; money on its way (direct debit) is no news yet."""
    now = database.clock.now()
    look_again_after = LOOK_AGAIN_AFTER.get(outcome.status)
    values: dict[str, Any] = {
        "status": outcome.status.value,
        "failure_code": outcome.failure_code,
        "action_url": outcome.action_url,
        "provider_charge": outcome.reference,
        "ask_at": now + look_again_after if look_again_after else None,
        "settled_at": None if look_again_after else now,
    }
    async with database.transaction() as tx:
        row = await store.record(tx, charge.id, values)
        if row is None:
            known = await store.find(tx, charge.id)
            return Charge.of(known) if known else charge
        recorded = Charge.of(row)
        if outcome.status is not Status.PENDING and (look_again_after is None or row.status_before != outcome.status):
            await conclude(tx, recorded)
    if outcome.status is Status.DECLINED:
        kind = outcome.failure_kind or FailureKind.UNKNOWN
        log.info("charge.declined", charge_id=charge.id, failure_code=outcome.failure_code, failure_kind=kind.value)
    return recorded


async def _stays_open(database: Database, charge: Charge, status: str) -> Charge:
    log.warning("charge.unknown", charge_id=charge.id)
    async with database.transaction() as tx:
        await store.ask_later(tx, charge.id, status=status, ask_at=tx.now + ASK_AGAIN_AFTER)
        row = await store.find(tx, charge.id)
    return Charge.of(row) if row else charge
