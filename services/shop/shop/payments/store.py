"""The SQL of charges."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Table, Update, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing

from chassis.db.transaction import Reader, Transaction
from shop.payments.models import charges

OPEN = ("created", "unknown", "action_required", "pending")
ADD = insert(charges)


async def add(tx: Transaction, values: dict[str, Any]) -> None:
    """A new charge, not yet asked for."""
    await tx.execute(ADD, values | {"created_at": tx.now})


async def find(reader: Reader, charge_id: str) -> Row[Any] | None:
    """One charge."""
    return await reader.first(select(charges).where(charges.c.id == charge_id))


async def record(tx: Transaction, charge_id: str, values: dict[str, Any]) -> Row[Any] | None:
    """Write down how an open charge stands, with `status_before`; None when its outcome is known already."""
    return await tx.first(_recording(tuple(values)), {"charge_id": charge_id, **values})


@cache
def _recording(columns: tuple[str, ...]) -> Update:
    """The statement that writes these columns; built once for each choice of them."""
    before = (
        select(charges.c.id, charges.c.status.label("status_before"))
        .where(charges.c.id == bindparam("charge_id"), charges.c.status.in_(OPEN))
        .with_for_update()
        .cte("before")
    )
    values = {name: bindparam(name, type_=charges.c[name].type) for name in columns}
    statement = update(charges).where(charges.c.id == before.c.id).values(values)
    return statement.returning(charges, before.c.status_before)


async def ask_later(tx: Transaction, charge_id: str, *, status: str, ask_at: datetime) -> None:
    """An open charge whose outcome is still open."""
    await record(tx, charge_id, {"status": status, "ask_at": ask_at})


async def ask_now(tx: Transaction, idempotency_key: str) -> None:
    """The provider says that something happened to this charge. One whose answer is on its way is left alone."""
    is_waiting = charges.c.status.in_(OPEN) & (charges.c.status != "created")
    await tx.execute(
        update(charges).where(charges.c.idempotency_key == idempotency_key, is_waiting).values(ask_at=tx.now)
    )


async def is_new_callback(tx: Transaction, inbox: Table, *, provider: str, callback_id: str) -> bool:
    """Remember a provider's call in the inbox; False for one that came before."""
    statement = insert_or_nothing(inbox).values(consumer=f"payments:{provider}", event_id=callback_id)
    return (await tx.execute(statement.on_conflict_do_nothing())).rowcount == 1


async def due(reader: Reader, *, purposes: tuple[str, ...], limit: int) -> list[Row[Any]]:
    """Charges whose outcome should be asked for now."""
    return await reader.all(
        select(charges)
        .where(charges.c.ask_at <= reader.now, charges.c.purpose.in_(purposes))
        .order_by(charges.c.ask_at)
        .limit(limit)
    )


async def open_of(reader: Reader, order_id: str) -> Row[Any] | None:
    """The charge of an order whose outcome is open."""
    return await reader.first(select(charges).where(charges.c.order_id == order_id, charges.c.status.in_(OPEN)))


async def open_with(reader: Reader, payment_method_id: str) -> bool:
    """Whether a charge with this method is not decided."""
    statement = select(charges.c.id).where(charges.c.payment_method_id == payment_method_id, charges.c.status.in_(OPEN))
    return await reader.first(statement.limit(1)) is not None


async def succeeded_of(reader: Reader, order_id: str) -> Row[Any] | None:
    """The charge that paid an order."""
    return await reader.first(select(charges).where(charges.c.order_id == order_id, charges.c.status == "succeeded"))


async def mark_refunded(tx: Transaction, charge_id: str) -> None:
    """The money went back."""
    await tx.execute(update(charges).where(charges.c.id == charge_id).values(status="refunded"))


async def waits_for_payer(reader: Reader, *, provider_charge: str) -> bool:
    """Whether the charge that the provider knows by this id waits for the payer to confirm it."""
    waiting = select(charges.c.id).where(
        charges.c.provider_charge == provider_charge, charges.c.status == "action_required"
    )
    return await reader.first(waiting.limit(1)) is not None
