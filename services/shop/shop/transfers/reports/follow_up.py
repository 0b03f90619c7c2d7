"""The follow-up list: who needs a hand, and why."""

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Integer, Row, Text, and_, cast, func, or_, select

from chassis.db.transaction import Reader
from chassis.http.pages import Page, PageParams, page_of
from shop.transfers.models import transfers
from shop.transfers.reports.schemas import ExpectedRenewal, FollowUp, Need
from shop.values import Amount

METHOD_EXPIRES = "card_expires_before_renewal"


async def follow_up_of(reader: Reader, wave_id: str, params: PageParams) -> Page[FollowUp]:
    """The customers of a wave who need something, in the order in which they were planned."""
    moved = transfers.c.transferred_at.is_not(None)
    waiting = cast(transfers.c.moved["seats"]["waiting"].astext, Integer)
    expires = transfers.c.warnings.op("&&")(cast([METHOD_EXPIRES], ARRAY(Text)))
    needs = or_(
        transfers.c.state.in_(("held", "failed")),
        and_(
            moved,
            transfers.c.state.not_in(("rolled_back", "cancelled")),
            or_(
                transfers.c.activated_at.is_(None),
                transfers.c.first_renewal_at.is_(None),
                transfers.c.mail_failed,
                expires,
                func.coalesce(waiting, 0) > 0,
            ),
        ),
    )
    return await page_of(
        reader,
        select(transfers).where(transfers.c.wave_id == wave_id, needs),
        params,
        order_by=[transfers.c.id],
        convert=_shown,
    )


def _shown(row: Row[Any]) -> FollowUp:
    moved = row.moved or {}
    waiting = moved.get("seats", {}).get("waiting", 0)
    return FollowUp(
        transfer_id=row.id,
        legacy_customer_id=row.legacy_customer_id,
        organization_id=row.organization_id,
        company=row.company,
        email=row.email,
        state=row.state,
        needs=_needs(row, waiting),
        seats_waiting=waiting,
        transferred_at=row.transferred_at,
        failure_code=row.failure_code,
        first_renewals=_renewals(row) if row.first_renewal_at is None else [],
    )


def _needs(row: Row[Any], waiting: int) -> list[Need]:
    has_moved = row.transferred_at is not None
    found: dict[Need, bool] = {
        "not_activated": has_moved and row.activated_at is None,
        "method_expires_before_renewal": has_moved and METHOD_EXPIRES in row.warnings,
        "seats_waiting": has_moved and waiting > 0,
        "mail_not_delivered": row.mail_failed,
        "held": row.state == "held",
        "failed": row.state == "failed",
        "first_renewal_to_come": has_moved and row.first_renewal_at is None,
    }
    return [need for need, holds in found.items() if holds]


def _renewals(row: Row[Any]) -> list[ExpectedRenewal]:
    return [
        ExpectedRenewal(
            subscription_id=item["id"],
            number=item["number"],
            on=date.fromisoformat(item["next_renewal_on"]),
            amount=Amount.minor(item["quantity"] * item["unit_price_minor"], item["currency"]),
        )
        for item in (row.moved or {}).get("subscriptions", [])
    ]
