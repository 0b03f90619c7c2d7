"""The follow-up list: who needs a hand, and why."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Row, Select, Text, and_, cast, func, or_, select

from chassis.db.transaction import Database, Reader
from chassis.http.pages import Page, PageParams, page_of
from shop.subscriptions import queries as subscriptions
from shop.subscriptions.views import SubscriptionView
from shop.transfers.models import transfers
from shop.transfers.reports.schemas import ExpectedRenewal, FollowUp, Need
from shop.transfers.rules.values import card_good_until
from shop.values import Amount

METHOD_EXPIRES = "card_expires_before_renewal"
BATCH = 500
Here = dict[str, SubscriptionView]


async def follow_up_of(reader: Reader, wave_id: str, params: PageParams) -> Page[FollowUp]:
    """The customers of a wave who need something, in the order in which they were planned."""
    page = await page_of(reader, _wanted(wave_id), params, order_by=[transfers.c.id], convert=lambda row: row)
    return Page(items=await _shown(reader, page.items), next_cursor=page.next_cursor)


async def follow_up_rows(database: Database, wave_id: str) -> AsyncIterator[list[Any]]:
    """The same list as rows of `FOLLOW_UP_COLUMNS`, batch by batch."""
    last = ""
    while True:
        statement = _wanted(wave_id).where(transfers.c.id > last).order_by(transfers.c.id).limit(BATCH)
        async with database.read() as reader:
            rows = await reader.all(statement)
            shown = await _shown(reader, rows)
        for item in shown:
            yield _as_row(item)
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def _wanted(wave_id: str) -> Select[Any]:
    is_troubled = transfers.c.state.in_(("held", "failed"))
    return select(transfers).where(transfers.c.wave_id == wave_id, or_(is_troubled, _may_need_something()))


def _may_need_something() -> ColumnElement[bool]:
    waiting = cast(transfers.c.moved["seats"]["waiting"].astext, Integer)
    return and_(
        transfers.c.transferred_at.is_not(None),
        transfers.c.state.not_in(("rolled_back", "cancelled")),
        or_(
            transfers.c.activated_at.is_(None),
            transfers.c.first_renewal_at.is_(None),
            transfers.c.mail_failed,
            subscriptions.has_held_renewal(transfers.c.id),
            transfers.c.warnings.op("&&")(cast([METHOD_EXPIRES], ARRAY(Text))),
            func.coalesce(waiting, 0) > 0,
        ),
    )


async def _shown(reader: Reader, rows: Sequence[Row[Any]]) -> list[FollowUp]:
    ids = [item["id"] for row in rows for item in _moved(row, "subscriptions")]
    here = {found.id: found for found in await subscriptions.by_ids(reader, ids)} if ids else {}
    shown = [_customer(row, here) for row in rows]
    return [customer for customer in shown if customer.needs]


def _customer(row: Row[Any], here: Here) -> FollowUp:
    waiting = (row.moved or {}).get("seats", {}).get("waiting", 0)
    renewals = _renewals(row, here)
    return FollowUp(
        transfer_id=row.id,
        legacy_customer_id=row.legacy_customer_id,
        organization_id=row.organization_id,
        company=row.company,
        email=row.email,
        state=row.state,
        needs=_needs(row, waiting, here, renewals),
        seats_waiting=waiting,
        transferred_at=row.transferred_at,
        failure_code=row.failure_code,
        first_renewals=renewals,
    )


def _needs(row: Row[Any], waiting: int, here: Here, renewals: list[ExpectedRenewal]) -> list[Need]:
    has_moved = row.transferred_at is not None
    found: dict[Need, bool] = {
        "not_activated": has_moved and row.activated_at is None,
        "method_expires_before_renewal": has_moved and _method_expires(row, here),
        "seats_waiting": has_moved and waiting > 0,
        "mail_not_delivered": row.mail_failed,
        "held": row.state == "held",
        "failed": row.state == "failed",
        "first_renewal_held": any(renewal.held_reason for renewal in renewals),
        "first_renewal_to_come": has_moved and row.first_renewal_at is None,
    }
    return [need for need, holds in found.items() if holds]


def _method_expires(row: Row[Any], here: Here) -> bool:
    """Whether a card that moved still pays a renewal for which it is too old; a replaced one does not."""
    good_until = {
        item["id"]: card_good_until(str(item["exp_month"] or ""), str(item["exp_year"] or ""))
        for item in _moved(row, "payment_methods")
    }
    for item in _moved(row, "subscriptions"):
        subscription = here.get(item["id"])
        if subscription is None or subscription.status == "ended" or subscription.cancel_at_term_end:
            continue
        last_good_day = good_until.get(subscription.payment_method_id or "")
        if last_good_day is not None and last_good_day < subscription.next_renewal_on:
            return True
    return False


def _renewals(row: Row[Any], here: Here) -> list[ExpectedRenewal]:
    """Those to come; once one of several is paid, those that are held: each subscription has a first renewal."""
    found = [_renewal(item, here.get(item["id"])) for item in _moved(row, "subscriptions")]
    return [renewal for renewal in found if renewal.held_reason or row.first_renewal_at is None]


def _renewal(item: dict[str, Any], subscription: SubscriptionView | None) -> ExpectedRenewal:
    now = subscription.renewal_quantity * subscription.unit_price_minor if subscription else None
    return ExpectedRenewal(
        subscription_id=item["id"],
        number=item["number"],
        on=date.fromisoformat(item["next_renewal_on"]),
        amount=Amount.minor(item["quantity"] * item["unit_price_minor"], item["currency"]),
        now=None if now is None else Amount.minor(now, item["currency"]),
        held_reason=subscription.held_reason if subscription else None,
    )


def _moved(row: Row[Any], kind: str) -> list[dict[str, Any]]:
    return (row.moved or {}).get(kind, [])


def _as_row(item: FollowUp) -> list[Any]:
    renewals = [f"{r.number} {r.on} {r.amount.amount} {r.amount.currency}" for r in item.first_renewals]
    return [
        item.transfer_id,
        item.legacy_customer_id,
        item.organization_id,
        item.company,
        item.email,
        item.state,
        " ".join(item.needs),
        item.seats_waiting,
        item.transferred_at.isoformat() if item.transferred_at else "",
        item.failure_code or "",
        "; ".join(renewals),
        " ".join(sorted({r.held_reason for r in item.first_renewals if r.held_reason})),
    ]
