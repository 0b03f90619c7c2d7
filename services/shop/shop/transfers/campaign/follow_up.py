"""After the day: reminders to activate after 3 and 10 days, and settling after 30 days without a renewal due."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from shop.customers.queries import CustomerView, get_many
from shop.transfers import store
from shop.transfers.campaign.settle import settle
from shop.transfers.events import TransferActivationReminderDue
from shop.transfers.parties import of_moved
from shop.transfers.rules.calendar import (
    ACTIVATION_REMINDED_DAYS_AFTER,
    activation_reminder_at,
    settles_at,
)
from shop.transfers.timeline import note


async def follow_up(tx: Transaction, due: list[Row[Any]]) -> None:
    """Remind who has not activated the account yet; settle what has been quiet for thirty days."""
    if not due:
        return
    customers = await get_many(tx, [row.organization_id for row in due])
    for row in due:
        customer = customers[row.organization_id]
        if row.settled_at is None and tx.now >= settles_at(row.transferred_at):
            await _settle_if_quiet(tx, row, customer)
        else:
            await _remind(tx, row, customer)


async def _remind(tx: Transaction, row: Row[Any], customer: CustomerView) -> None:
    """Of several reminders that are due at once, only the last is sent."""
    step = row.reminders
    while (due_at := activation_reminder_at(row.transferred_at, step)) is not None and due_at <= tx.now:
        step += 1
    if row.state == "transferred" and row.activated_at is None and step > row.reminders:
        tx.emit(TransferActivationReminderDue(**of_moved(row, customer), step=step))
        await note(tx, row.id, "activation_reminded", step=step)
    next_at = _next_at(row, step)
    await store.change(tx, row.id, reminders=step, next_at=next_at)


def _next_at(row: Row[Any], reminders: int) -> datetime:
    is_quiet = row.state != "transferred" or reminders >= len(ACTIVATION_REMINDED_DAYS_AFTER)
    reminder_at = None if is_quiet else activation_reminder_at(row.transferred_at, reminders)
    return reminder_at or settles_at(row.transferred_at)


async def _settle_if_quiet(tx: Transaction, row: Row[Any], customer: CustomerView) -> None:
    """With a renewal due by now, the transfer waits for that renewal to be paid."""
    today = customer.today(tx).isoformat()
    if any(moved["next_renewal_on"] <= today for moved in row.moved["subscriptions"]):
        await store.change(tx, row.id, next_at=None)
    else:
        await settle(tx, row, customer, first_renewal_at=None)
