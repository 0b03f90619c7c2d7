"""After the day: reminders to activate after 3 and 10 days, and settling after 30 days without a renewal due."""

from typing import Any

from sqlalchemy import Row

from chassis.db.transaction import Transaction
from shop.customers.queries import CustomerView, get_many
from shop.transfers import store
from shop.transfers.campaign.settle import settle
from shop.transfers.events import TransferActivationReminderDue
from shop.transfers.parties import of_moved
from shop.transfers.rules.calendar import activation_reminder_at, next_look_at, settles_at
from shop.transfers.timeline import note


async def follow_up(tx: Transaction, due: list[Row[Any]]) -> None:
    """Remind who has not activated the account yet; settle what has been quiet for thirty days."""
    if not due:
        return
    customers = await get_many(tx, [row.organization_id for row in due])
    for row in due:
        customer = customers[row.organization_id]
        reminders = await _remind(tx, row, customer)
        is_settled = row.settled_at is not None or await _settle_if_quiet(tx, row, customer)
        next_at = next_look_at(
            tx.now,
            transferred_at=row.transferred_at,
            reminders=reminders,
            is_active=row.activated_at is not None,
            is_settled=is_settled,
        )
        await store.change(tx, row.id, reminders=reminders, next_at=next_at)


async def _remind(tx: Transaction, row: Row[Any], customer: CustomerView) -> int:
    """How many steps are behind the customer; of several that are due at once, only the last is sent."""
    step = row.reminders
    while (due_at := activation_reminder_at(row.transferred_at, step)) is not None and due_at <= tx.now:
        step += 1
    if row.activated_at is None and step > row.reminders:
        tx.emit(TransferActivationReminderDue(**of_moved(row, customer), step=step))
        await note(tx, row.id, "activation_reminded", step=step)
    return step


async def _settle_if_quiet(tx: Transaction, row: Row[Any], customer: CustomerView) -> bool:
    """With a renewal due by now, the transfer waits for that renewal to be paid."""
    if tx.now < settles_at(row.transferred_at):
        return False
    today = customer.today(tx).isoformat()
    if any(moved["next_renewal_on"] <= today for moved in row.moved["subscriptions"]):
        return False
    await settle(tx, row, customer, first_renewal_at=None)
    return True
