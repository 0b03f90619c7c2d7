"""Payment methods as other features read them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Text, bindparam, select

from chassis.db.transaction import Reader, Transaction
from shop.payment_methods.errors import PaymentMethodNotFound
from shop.payment_methods.models import payment_methods
from shop.payments.provider import Instrument

USABLE = select(payment_methods).where(
    payment_methods.c.organization_id == bindparam("organization_id", type_=Text), payment_methods.c.is_usable
)
DEFAULT_TO_CHARGE = USABLE.where(payment_methods.c.is_default).with_for_update(read=True)
ONE_TO_CHARGE = USABLE.where(payment_methods.c.id == bindparam("method_id", type_=Text)).with_for_update(read=True)


@dataclass(frozen=True, slots=True)
class MethodView:
    """A usable payment method, for reading."""

    id: str
    organization_id: str
    instrument: Instrument
    brand: str
    exp_month: int | None
    exp_year: int | None
    mandate_reference: str | None
    mandate_signed_on: date | None
    is_default: bool
    origin: str
    created_at: datetime


def view_of(row: Row[Any]) -> MethodView:
    """The view of a stored row."""
    return MethodView(
        row.id,
        row.organization_id,
        Instrument(
            row.provider,
            row.provider_customer,
            row.provider_method,
            row.kind,
            row.last4,
            row.brand,
            row.mandate_reference,
        ),
        row.brand,
        row.exp_month,
        row.exp_year,
        row.mandate_reference,
        row.mandate_signed_on,
        row.is_default,
        row.origin,
        row.created_at,
    )


async def get(reader: Reader, *, organization_id: str, method_id: str) -> MethodView:
    """A usable method of an organization. Raises PaymentMethodNotFound."""
    row = await reader.first(
        select(payment_methods).where(
            payment_methods.c.id == method_id,
            payment_methods.c.organization_id == organization_id,
            payment_methods.c.is_usable,
        )
    )
    if row is None:
        raise PaymentMethodNotFound
    return view_of(row)


async def to_charge(tx: Transaction, *, organization_id: str, method_id: str | None) -> MethodView:
    """A usable method (None: the default one) that stays usable until the transaction ends.

    The shared lock makes `remove` wait, and then find the charge. Raises PaymentMethodNotFound.
    """
    params = {"organization_id": organization_id, "method_id": method_id}
    row = await tx.first(DEFAULT_TO_CHARGE if method_id is None else ONE_TO_CHARGE, params)
    if row is None:
        raise PaymentMethodNotFound
    return view_of(row)


async def all_of(reader: Reader, organization_id: str) -> list[MethodView]:
    """Every usable method of an organization."""
    rows = await reader.all(
        select(payment_methods)
        .where(payment_methods.c.organization_id == organization_id, payment_methods.c.is_usable)
        .order_by(payment_methods.c.id)
    )
    return [view_of(row) for row in rows]


async def present(reader: Reader, ids: Collection[str]) -> frozenset[str]:
    """Which of these methods are there and usable."""
    rows = await reader.all(
        select(payment_methods.c.id).where(payment_methods.c.id.in_(ids), payment_methods.c.is_usable)
    )
    return frozenset(row.id for row in rows)
